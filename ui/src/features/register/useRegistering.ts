// The complaint is sent, its receipt given out, and what came of it said to whoever sent it, wherever they are by then.
import { nextTick, onBeforeUnmount, ref, type Ref } from 'vue'
import { useRouter } from 'vue-router'
import type { RegisterRequest } from '@/generated/api'
import { call } from '@/host/call'
import { toHostError, type HostError } from '@/host/errors'
import { openPdf } from '@/host/files'
import { session } from '@/host/session'
import { reread } from '@/queries/stale'
import { tell } from '@/shared/notices'
import { t } from '@/words/i18n'

interface Form {
  request: Ref<RegisterRequest>
  /** Sent again with the same key, it is registered once. */
  key: Ref<string>
  /** Who gets the receipt. */
  holder: () => string
  /** Takes a refusal in where it is a question. */
  asked: (error: HostError) => boolean
  /** It is registered: no draft is left. */
  drop: () => Promise<void>
}

/** Which of the form's fields a refusal names. */
function about(error: HostError): string[] {
  if (error.code === 'unknown_channel') return ['channel']
  if (['received_in_future', 'time_not_understood', 'year_unknown'].includes(error.code))
    return ['received_at']
  return Array.isArray(error.params.fields) ? error.params.fields.map(String) : []
}

function goTo(field: string): void {
  const at = `[data-field="${field}"]`
  document.querySelector<HTMLElement>(`${at} button, ${at}`)?.focus()
}

export function useRegistering(form: Form) {
  const router = useRouter()
  const busy = ref(false)
  const failure = ref('')
  /** Fields that the refusal is about: said at their places, and the first one is gone to. */
  const wrong = ref<string[]>([])
  const me = session.state?.user?.id ?? ''
  let here = true
  onBeforeUnmount(() => (here = false))

  async function register(confirmed: string[] = []) {
    if (busy.value || session.locked) return
    busy.value = true
    failure.value = ''
    wrong.value = []
    try {
      const holder = form.holder()
      const made = await call('case.register', { ...form.request.value, confirmed }, form.key.value)
      // From here on the case exists: whatever fails now is said beside it, and nobody registers it twice.
      await form.drop()
      const why = await giveReceipt(made.case, holder)
      if (!here) tell(me, made.number, why || t('register.done_later'), why !== '')
      else if (why) tell(me, made.number, why, true)
      await reread()
      if (here) await router.push(`/case/${made.number}`)
    } catch (e) {
      await refused(toHostError(e))
    } finally {
      busy.value = false
    }
  }

  async function refused(error: HostError) {
    if (here && form.asked(error)) return
    failure.value = error.message
    wrong.value = about(error)
    const [first] = wrong.value
    if (here && first) await nextTick(() => goTo(first))
    if (here) return
    const mine = session.state?.user?.id === me
    tell(
      me,
      '',
      mine ? t('register.failed_later', { why: failure.value }) : t('register.unknown_later'),
      true,
    )
  }

  /** Gives the receipt out, and opens it for whoever is still here; says why it could not. */
  async function giveReceipt(id: string, holder: string): Promise<string> {
    if (session.state?.user?.id !== me) return ''
    try {
      const issued = await call('form.issue', {
        case: id,
        form: 'complaint-receipt',
        task: null,
        copies: [{ kind: 'paper', holder }],
        seq: null,
      })
      if (here) await openPdf(`${issued.number}.pdf`, issued.pdf)
      return ''
    } catch (e) {
      return toHostError(e).message
    }
  }

  return { busy, failure, wrong, register }
}
