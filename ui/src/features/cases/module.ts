import type { Feature } from '@/shared/module'

export const cases: Feature = {
  routes: [{ path: '/cases', menu: { title: 'cases.menu' }, screen: () => import('./CasesScreen.vue') }],
}
