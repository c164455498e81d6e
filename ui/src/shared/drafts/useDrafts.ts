import { useQuery } from '@tanstack/vue-query'
import { computed, watch } from 'vue'
import { session } from '@/host/session'
import * as reads from '@/queries/options'
import { discarded, changes } from './saving'

/** All that a person has begun and not sent, read again whenever the host took or lost one. */
export function useDrafts() {
  const drafts = useQuery({ ...reads.drafts(), enabled: session.works })
  watch(changes, () => void drafts.refetch())
  return computed(() => drafts.data.value?.filter((d) => !discarded.has(d.key)))
}
