import { defineAsyncComponent } from 'vue'
import type { Feature } from '@/shared/module'

export const parties: Feature = {
  panes: [
    { id: 'parties', title: 'parties.title', pane: defineAsyncComponent(() => import('./PartyPane.vue')) },
  ],
}
