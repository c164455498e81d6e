import { defineAsyncComponent } from 'vue'
import type { Feature } from '@/shared/module'

export const settings: Feature = {
  routes: [
    { path: '/settings', menu: { title: 'settings.title' }, screen: () => import('./SettingsScreen.vue') },
  ],
  panes: [
    {
      id: 'office',
      title: 'settings.pane.office',
      pane: defineAsyncComponent(() => import('./OfficePane.vue')),
    },
    {
      id: 'calendar',
      title: 'settings.pane.calendar',
      pane: defineAsyncComponent(() => import('./CalendarPane.vue')),
    },
  ],
}
