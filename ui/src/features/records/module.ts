import { useQuery } from '@tanstack/vue-query'
import { computed, defineAsyncComponent } from 'vue'
import { session } from '@/host/session'
import * as reads from '@/queries/options'
import type { Feature } from '@/shared/module'

/** Whoever audits, and whoever a list waits for. */
function useMayDispose() {
  const user = computed(() => session.state?.user)
  const settled = computed(() => !user.value?.must_change_password && !user.value?.must_set_second_factor)
  const lists = useQuery(
    computed(() => ({
      ...reads.disposals(user.value?.id),
      enabled: user.value?.account === 'member' && settled.value,
      staleTime: 300_000,
    })),
  )
  return computed(() => session.audits || lists.data.value?.lists.some((l) => l.may_approve) === true)
}

export const records: Feature = {
  routes: [
    {
      path: '/disposal',
      menu: { title: 'records.disposal.title' },
      useMay: useMayDispose,
      screen: () => import('./DisposalScreen.vue'),
    },
  ],
  panes: [
    {
      id: 'upkeep',
      title: 'records.title',
      pane: defineAsyncComponent(() => import('./MaintenancePane.vue')),
      may: () => session.audits,
      // An auditor comes to check.
      first: () => session.state?.user?.account === 'auditor',
    },
    {
      id: 'access',
      title: 'records.access.title',
      pane: defineAsyncComponent(() => import('./AccessPane.vue')),
      may: () => session.audits,
    },
  ],
}
