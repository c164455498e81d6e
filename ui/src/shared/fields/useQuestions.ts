// What the host asks before it takes an unusual value: the person looks again, and confirms or goes back.
import { shallowRef, watch, type Ref } from 'vue'
import type { HostError } from '@/host/errors'
import { t } from '@/words/i18n'
import { dated } from '@/words/times'

/** As `value_asks` gives it. */
interface Question {
  key: string
  title: string
  row?: number
  odd: 'far_past' | 'far_future' | 'passed' | 'large'
  value: unknown
  usual: number
}

function shown(value: unknown): string {
  if (typeof value === 'string') return value.includes('T') ? dated(value) : value
  const measure = value as { value?: unknown; unit?: string } | null
  return typeof measure === 'object' && measure
    ? `${String(measure.value)}${measure.unit ?? ''}`
    : String(value)
}

const sentence = (q: Question) =>
  `${q.row ? `${t('shared.asks.row', { row: q.row })}　` : ''}${t(`shared.asks.${q.odd}`, { title: q.title, value: shown(q.value), usual: q.usual })}`

/** Questions about what stands in a form; whatever is typed afterwards is asked about anew. */
export function useQuestions(typed: Ref<unknown>) {
  const questions = shallowRef<Question[]>([])
  const clear = () => (questions.value = [])
  watch(typed, clear, { deep: true })
  return {
    /** The sentences; none: nothing is asked. */
    lines: () => questions.value.map(sentence),
    /** The keys of what was asked, for the request that confirms it. */
    keys: () => questions.value.map((q) => q.key),
    clear,
    /** Takes a refusal in where it is a question. */
    take(error: HostError): boolean {
      if (error.code !== 'value_asks' || !Array.isArray(error.params.questions)) return false
      questions.value = error.params.questions as Question[]
      return true
    },
  }
}
