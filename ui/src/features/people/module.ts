import { defineAsyncComponent } from 'vue'
import type { Feature } from '@/shared/module'

export const people: Feature = {
  panes: [{ id: 'people', pane: defineAsyncComponent(() => import('./PeoplePane.vue')) }],
}
