import type { Feature } from '@/shared/module'

export const cases: Feature = {
  routes: [{ path: '/cases', menu: { title: 'menu.cases' }, screen: () => import('./CasesScreen.vue') }],
}
