import { computed } from 'vue'
import { session } from '@/host/session'
import type { Feature } from '@/shared/module'

export const register: Feature = {
  routes: [
    {
      path: '/register',
      menu: { title: 'register.menu', key: 'F2' },
      useMay: () => computed(() => session.works),
      screen: () => import('./RegisterScreen.vue'),
    },
  ],
}
