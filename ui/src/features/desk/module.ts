import type { Feature } from '@/shared/module'

export const desk: Feature = {
  routes: [{ path: '/', menu: { title: 'desk.title' }, screen: () => import('./DeskScreen.vue') }],
}
