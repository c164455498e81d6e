import { useQuery } from '@tanstack/vue-query'
import { computed, watch } from 'vue'
import { forgotten, turns } from './keeper'
import { call } from './link'
import { works } from './session'

/** All that a person has begun and not sent, read again whenever the host took or lost one. */
export function useDrafts() {
  const drafts = useQuery({ queryKey: ['drafts'], queryFn: () => call('draft.list', {}), enabled: works() })
  watch(turns, () => void drafts.refetch())
  return computed(() => drafts.data.value?.filter((d) => !forgotten.has(d.key)))
}
