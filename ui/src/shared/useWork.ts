// What a button starts: once at a time, with its failure said beside it.
import { ref } from 'vue'
import { toHostError } from '@/host/errors'

export function useWork() {
  const busy = ref(false)
  const failure = ref('')

  /** Runs the work unless something is under way already; answers whether it was done. */
  async function attempt(work: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    failure.value = ''
    try {
      await work()
      return true
    } catch (e) {
      failure.value = toHostError(e).message
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, failure, attempt }
}
