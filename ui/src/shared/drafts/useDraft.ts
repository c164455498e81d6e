// What is being typed and not yet sent: kept at the host, for the person, until it is sent or thrown away.
import { computed, onBeforeUnmount, ref, watch, type ComputedRef, type Ref } from 'vue'
import type { DraftView } from '@/generated/api'
import { call } from '@/host/call'
import { session } from '@/host/session'
import { discard, saveSoon, saveNow, savedAs } from './saving'

export interface Draft<T> {
  /** When it was kept last; empty while it is not. */
  saved: ComputedRef<string>
  /** Why it could not be kept. */
  failure: ComputedRef<string>
  /** What was kept the last time somebody was here. */
  offered: Ref<DraftView | null>
  /** Looks for it: for a certain one, or the newest of this place. */
  look: (wanted?: string) => Promise<void>
  /** Goes on with what was offered; what has been typed since is kept as a draft of its own. */
  take: () => T | null
  /** Throws away what was offered; what has been typed since stays. */
  refuse: () => Promise<void>
  /** It was sent: nothing is left to keep. */
  drop: () => Promise<void>
}

/** The place of an act on a case: of a task where it has one, of a field where one is corrected. */
export const actPlace = (caseId: string, action: string, about: string | null) =>
  `act/${caseId}/${action}/${about ?? ''}`

/** Whether a draft belongs to a place. */
export const belongs = (key: string, place: string) => key === place || key.startsWith(`${place}/`)

/** Keeps `value` whenever it has changed and `typed` says that there is something, under a name of its own: what is
 *  offered, and what the same person types in another window, is never overwritten. */
export function useDraft<T>(place: string, value: () => T, typed: () => boolean): Draft<T> {
  const own = () => `${place}/${crypto.randomUUID().slice(0, 4)}`
  const name = ref(own())
  const offered = ref<DraftView | null>(null)
  const mine = session.state?.user?.id ?? ''
  watch(
    value,
    (v) => {
      if (typed()) saveSoon(mine, name.value, v)
    },
    { deep: true },
  )
  // The last words, typed just before somebody went elsewhere.
  onBeforeUnmount(() => void saveNow(name.value))

  return {
    saved: computed(() => savedAs(mine, name.value).at),
    failure: computed(() => savedAs(mine, name.value).failure),
    offered,
    async look(wanted) {
      const all = await call('draft.list', {}).catch(() => [])
      const here = all
        .filter((d) => belongs(d.key, place) && d.key !== name.value)
        .sort((a, b) => b.at.localeCompare(a.at))
      offered.value = here.find((d) => d.key === wanted) ?? here[0] ?? null
    },
    take() {
      const draft = offered.value
      if (!draft) return null
      name.value = draft.key
      offered.value = null
      return draft.value as T
    },
    async refuse() {
      const draft = offered.value
      offered.value = null
      if (draft) await discard(mine, draft.key)
    },
    async drop() {
      await discard(mine, name.value)
      name.value = own()
    },
  }
}
