import { defineAsyncComponent } from 'vue'
import type { Feature } from '@/shared/module'

export const people: Feature = {
  panes: [
    { id: 'people', title: 'people.title', pane: defineAsyncComponent(() => import('./PeoplePane.vue')) },
  ],
}
