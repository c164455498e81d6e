import { focusManager } from '@tanstack/vue-query'
import { useEventListener, useTimeoutFn } from '@vueuse/core'
import { nextTick, watch } from 'vue'
import { pause, signOut } from '@/host/call'
import { session } from '@/host/session'
import { saveNow } from '@/shared/drafts/saving'

/** So long the signing out waits for the last words to be kept, in milliseconds; they stay in the page as well. */
const GRACE = 2_000

/** Nobody is signed in any more; the page stays as it is behind the lock, so that nothing typed is lost. */
export async function lock(): Promise<void> {
  const user = session.state?.user
  if (!user || session.locked) return
  session.locked = { id: user.id, name: user.name, login: user.login }
  // A host that knows nobody here any more has signed out already.
  await signOut(Promise.race([saveNow(), pause(GRACE)])).catch(() => undefined)
}

/** Locks after the office's idle minutes, and at once by Ctrl+L. */
export function useLock(): void {
  const idle = () => (session.state?.idle_minutes ?? 0) * 60_000
  const { start, stop } = useTimeoutFn(() => void lock(), idle, { immediate: false })
  const awake = () => (idle() ? start() : stop())
  // Somebody came in, perhaps without a key pressed since: from now on the minutes count.
  watch(() => [idle(), session.state?.user?.id, session.locked], awake, { immediate: true })
  useEventListener(window, ['keydown', 'pointerdown', 'wheel'], awake, { passive: true, capture: true })
  useEventListener(
    window,
    'keydown',
    (e) => {
      if (e.key.toLowerCase() !== 'l' || !(e.ctrlKey || e.metaKey)) return
      e.preventDefault()
      void lock()
    },
    { capture: true },
  )
  // Whoever comes back goes on typing where they were.
  let left: Element | null = null
  watch(
    () => session.locked,
    async (locked) => {
      if (locked) {
        left = document.activeElement
        return
      }
      await nextTick()
      if (left instanceof HTMLElement && left.isConnected) left.focus()
    },
    { flush: 'sync' },
  )
  // Behind the lock nobody is signed in: what is read again there would only be refused. It is read again afterwards.
  watch(
    () => session.locked,
    (locked) => focusManager.setFocused(locked ? false : undefined),
  )
}
