// The page of a form as it would be printed now.
import { ref, watch, type Ref } from 'vue'
import type { CaseView, FormView, Laid } from '@/generated/api'
import { call } from '@/host/call'
import { toHostError } from '@/host/errors'

/** Lays it anew whenever the form, the case or what is covered changes. */
export function useLaidPage(view: () => CaseView, form: Ref<FormView | undefined>, redacted: Ref<boolean>) {
  const laid = ref<Laid | null>(null)
  const failure = ref('')
  let asks = 0
  watch(
    [form, redacted, () => view().seq, () => view().covered],
    async () => {
      if (!form.value) return
      const mine = (asks += 1)
      failure.value = ''
      try {
        const answer = await call('form.layout', {
          case: view().id,
          procedure: null,
          form: form.value.id,
          task: form.value.task,
          variant: redacted.value ? 'redacted' : 'filled',
        })
        // Another form was chosen meanwhile: its page is not replaced by an answer that came late.
        if (mine === asks) laid.value = answer
      } catch (e) {
        if (mine === asks) failure.value = toHostError(e).message
      }
    },
    { immediate: true },
  )
  return { laid, failure }
}
