import { useQuery } from '@tanstack/vue-query'
import { computed, watch } from 'vue'
import { forgotten, turns } from './keep'
import * as reads from '@/queries/options'
import { works } from '@/host/session'

/** All that a person has begun and not sent, read again whenever the host took or lost one. */
export function useDrafts() {
  const drafts = useQuery({ ...reads.drafts(), enabled: works() })
  watch(turns, () => void drafts.refetch())
  return computed(() => drafts.data.value?.filter((d) => !forgotten.has(d.key)))
}
