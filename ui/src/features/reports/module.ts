import type { Feature } from '@/shared/module'

export const reports: Feature = {
  routes: [
    { path: '/reports', menu: { title: 'reports.menu' }, screen: () => import('./ReportsScreen.vue') },
  ],
}
