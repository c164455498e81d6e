// Drafts of a case: gone on with where their act can still be done, else shown for their words.
import { computed, watch, type Ref } from 'vue'
import { useRoute } from 'vue-router'
import type { ActionView, CaseView, ValueView } from '@/generated/api'
import { actPlace, belongs } from '@/shared/drafts/useDraft'
import { useDrafts } from '@/shared/drafts/useDrafts'

interface Forms {
  open: Ref<ActionView | null>
  /** The act that corrects, where the person may. */
  correction: Ref<ActionView | undefined>
  start: (action: ActionView) => void
  correct: (value: ValueView) => void
}

export function useResumedDraft(
  view: Ref<CaseView | undefined>,
  { open, correction, start, correct }: Forms,
) {
  const route = useRoute()
  const drafts = useDrafts()
  const wanted = computed(() => (typeof route.query.draft === 'string' ? route.query.draft : undefined))

  /** How to go on with a draft; null where nothing leads to it any more. */
  function way(v: CaseView, key: string): (() => void) | null {
    const value = v.values.find((x) => x.value !== null && belongs(key, actPlace(v.id, 'correct', x.key)))
    if (value && correction.value) return () => correct(value)
    const action = v.actions.find((a) => a.allowed && belongs(key, actPlace(v.id, a.id, a.task)))
    return action ? () => start(action) : null
  }

  // The desk leads here with the draft that is gone on with.
  let resumed = ''
  watch(
    [wanted, view],
    ([key, v]) => {
      const go = v && key && key !== resumed ? way(v, key) : null
      if (!key || !go) return
      resumed = key
      go()
    },
    { immediate: true },
  )

  const lost = computed(() => {
    const v = view.value
    if (!v || open.value) return []
    return (drafts.value ?? []).filter((d) => belongs(d.key, `act/${v.id}`) && !way(v, d.key))
  })
  return { wanted, lost }
}
