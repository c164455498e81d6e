import type { Feature } from '@/shared/module'

export const reports: Feature = {
  routes: [
    { path: '/reports', menu: { title: 'menu.reports' }, screen: () => import('./ReportsScreen.vue') },
  ],
}
