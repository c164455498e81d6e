import { VueQueryPlugin } from '@tanstack/vue-query'
import { createApp } from 'vue'
import { createRouter, createWebHashHistory } from 'vue-router'
import App from './App.vue'
import { modules } from './modules'
import { queryClient } from './queries'
import './tokens.css'
import './style.css'
import { i18n } from './words'

const router = createRouter({
  history: createWebHashHistory(),
  routes: modules.map((m) => ({ path: m.path, component: m.screen })),
})

createApp(App).use(router).use(VueQueryPlugin, { queryClient }).use(i18n).mount('#app')
