import { defineAsyncComponent } from 'vue'
import type { Feature } from '@/shared/module'

export const settings: Feature = {
  routes: [
    { path: '/settings', menu: { title: 'menu.settings' }, screen: () => import('./SettingsScreen.vue') },
  ],
  panes: [
    { id: 'office', pane: defineAsyncComponent(() => import('./OfficePane.vue')) },
    { id: 'calendar', pane: defineAsyncComponent(() => import('./CalendarPane.vue')) },
  ],
}
