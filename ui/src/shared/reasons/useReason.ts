import { shallowRef } from 'vue'
import { toHostError } from '@/host/errors'

/** A question that waits for a reason: what the host said, and where the answer goes. */
export interface Asking {
  note: string
  answer: (why: string | null) => void
}

/** Asks for a reason where somebody without a role in the procedure opens, prints or takes something out. */
export function useReason() {
  const asking = shallowRef<Asking | null>(null)

  /** Runs the work; where a reason is needed, asks for it and runs it again. Answers null where nobody gave one. */
  async function withReason<T>(work: (why?: string) => Promise<T>): Promise<T | null> {
    drop()
    let note = ''
    try {
      return await work()
    } catch (e) {
      const error = toHostError(e)
      if (error.code !== 'why_needed') throw e
      note = error.message
    }
    const why = await new Promise<string | null>((answer) => (asking.value = { note, answer }))
    asking.value = null
    return why === null ? null : await work(why)
  }

  /** Another thing is wanted, or another case looked at: the question is void. */
  function drop() {
    asking.value?.answer(null)
  }
  return { asking, withReason, drop }
}
