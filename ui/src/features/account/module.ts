import type { Feature } from '@/shared/module'

export const account: Feature = {
  routes: [{ path: '/password', screen: () => import('./PasswordScreen.vue') }],
}
