import { VueQueryPlugin } from '@tanstack/vue-query'
import { createApp } from 'vue'
import { createRouter, createWebHashHistory } from 'vue-router'
import { queryClient } from '@/queries/client'
import { PANES } from '@/shared/module'
import { i18n } from '@/words/i18n'
import { pinia } from '@/words/pinia'
import App from './App.vue'
import { panes, routes } from './modules'
import './elements.css'
import './style.css'
import './tokens.css'

const router = createRouter({
  history: createWebHashHistory(),
  routes: routes.map((r) => ({ path: r.path, component: r.screen })),
})

createApp(App)
  .use(pinia)
  .use(router)
  .use(VueQueryPlugin, { queryClient })
  .use(i18n)
  .provide(PANES, panes)
  .mount('#app')
