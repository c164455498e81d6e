// What is being typed and not yet sent: kept at the host, for the person, until it is sent or thrown away.
import { onUnmounted, ref, watch, type Ref } from 'vue'
import { call } from './link'
import { session } from './session'

/** So long nobody types before it is kept, in milliseconds. */
const QUIET = 600

export interface Draft<T> {
  /** When it was kept last; empty while it is not. */
  saved: Ref<string>
  /** What was kept the last time somebody was here. */
  offered: Ref<T | null>
  /** Looks for it. */
  look: () => Promise<void>
  /** Throws away what was offered; what has been typed since stays. */
  refuse: () => Promise<void>
  /** It was sent: nothing is left to keep. */
  drop: () => Promise<void>
}

/** Keeps `value` under `key` whenever it has changed and `typed` says that there is something. */
export function useDraft<T>(key: string, value: () => T, typed: () => boolean): Draft<T> {
  const saved = ref('')
  const offered = ref<T | null>(null) as Ref<T | null>
  const mine = session.state?.user?.id
  /** Whoever typed it is still here: nobody's words are kept for somebody else. */
  const here = () => session.state?.user?.id === mine
  let timer: ReturnType<typeof setTimeout> | undefined
  let [keeping, more, over] = [false, false, false]
  const forget = () => call('draft.delete', { key }).catch(() => undefined)

  async function keep() {
    timer = undefined
    if (!here()) return
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
    if (!here()) return
    if (over) {
      over = more = false
      void forget()
    } else if (more) {
      more = false
      void keep()
    }
  }
  watch(value, () => {
    clearTimeout(timer)
    timer = typed() ? setTimeout(keep, QUIET) : undefined
  }, { deep: true })
  onUnmounted(() => {
    // The last words, typed just before somebody went elsewhere.
    if (timer === undefined) return
    clearTimeout(timer)
    void keep()
  })

  return {
    saved,
    offered,
    async look() {
      const draft = await call('draft.get', { key }).catch(() => null)
      offered.value = draft ? (draft.value as T) : null
    },
    async refuse() {
      offered.value = null
      if (!typed()) await forget()
    },
    async drop() {
      clearTimeout(timer)
      timer = undefined
      offered.value = null
      saved.value = ''
      if (!here()) return
      if (keeping) over = true
      else await forget()
    },
  }
}
