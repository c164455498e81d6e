import type { Feature } from '@/shared/module'

export const oneCase: Feature = {
  routes: [{ path: '/case/:id', screen: () => import('./CaseScreen.vue') }],
}
