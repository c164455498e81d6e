import type { Feature } from '@/shared/module'

export const desk: Feature = {
  routes: [{ path: '/', menu: { title: 'menu.desk' }, screen: () => import('./DeskScreen.vue') }],
}
