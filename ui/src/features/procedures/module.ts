import { defineAsyncComponent } from 'vue'
import type { Feature } from '@/shared/module'

export const procedures: Feature = {
  panes: [
    {
      id: 'procedures',
      title: 'procedures.title',
      pane: defineAsyncComponent(() => import('./ProcedurePane.vue')),
    },
  ],
}
