// What is being typed and not yet sent: kept at the host, for the person, until it is sent or thrown away.
import { onUnmounted, ref, watch, type Ref } from 'vue'
import { call } from './link'

/** So long nobody types before it is kept, in milliseconds. */
const QUIET = 600

/** Keeps `value` under `key` whenever it has changed and `typed` says that there is something; `saved` says when. */
export function useDraft<T>(key: string, value: () => T, typed: () => boolean): { saved: Ref<string>; offered: Ref<T | null>; drop: () => Promise<void>; look: () => Promise<void> } {
  const saved = ref('')
  const offered = ref<T | null>(null) as Ref<T | null>
  let timer: ReturnType<typeof setTimeout> | undefined
  let [keeping, more, over] = [false, false, false]

  async function keep() {
    // While the host is away one sending waits; afterwards the newest follows.
    if (keeping) {
      more = true
      return
    }
    keeping = true
    try {
      const draft = await call('draft.put', { key, value: value() })
      if (draft.done) saved.value = new Date().toLocaleTimeString('zh-CN', { hour12: false })
    } catch {
      // The draft is a help; sending itself is refused with its sentence.
      saved.value = ''
    }
    keeping = false
    if (over) {
      over = false
      void call('draft.delete', { key }).catch(() => undefined)
    }
    else if (more) {
      more = false
      void keep()
    }
  }
  watch(value, () => {
    clearTimeout(timer)
    if (typed()) timer = setTimeout(keep, QUIET)
  }, { deep: true })
  onUnmounted(() => clearTimeout(timer))

  return {
    saved,
    offered,
    async look() {
      const draft = await call('draft.get', { key }).catch(() => null)
      offered.value = draft ? (draft.value as T) : null
    },
    /** It was sent, or is thrown away. */
    async drop() {
      clearTimeout(timer)
      offered.value = null
      if (keeping) over = true
      else await call('draft.delete', { key }).catch(() => undefined)
    },
  }
}
