import { shallowRef } from 'vue'
import { toHostError } from './host'

/** Asks for a reason where somebody without a role in the procedure opens, prints or takes something out. */
export function useWhy() {
  const asking = shallowRef<((why: string | null) => void) | null>(null)

  /** Runs the work; where a reason is needed, asks for it and runs it again. Answers null where nobody gave one. */
  async function withWhy<T>(work: (why?: string) => Promise<T>): Promise<T | null> {
    try {
      return await work()
    } catch (e) {
      if (toHostError(e).code !== 'why_needed') throw e
    }
    const why = await new Promise<string | null>((done) => (asking.value = done))
    asking.value = null
    return why === null ? null : await work(why)
  }
  return { asking, withWhy }
}
