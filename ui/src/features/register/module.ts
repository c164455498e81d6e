import { computed } from 'vue'
import { works } from '@/host/session'
import type { Feature } from '@/shared/module'

export const register: Feature = {
  routes: [
    {
      path: '/register',
      menu: { title: 'menu.register', key: 'F2' },
      useMay: () => computed(works),
      screen: () => import('./RegisterScreen.vue'),
    },
  ],
}
