import { focusManager } from '@tanstack/vue-query'
import { nextTick, onMounted, onUnmounted, watch } from 'vue'
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
  let timer: ReturnType<typeof setTimeout> | undefined
  const awake = () => {
    clearTimeout(timer)
    const minutes = session.state?.idle_minutes
    if (minutes) timer = setTimeout(() => void lock(), minutes * 60_000)
  }
  // Somebody came in, perhaps without a key pressed since: from now on the minutes count.
  watch(() => [session.state?.idle_minutes, session.state?.user?.id, session.locked], awake)
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
  const keys = (e: KeyboardEvent) => {
    if (e.key.toLowerCase() === 'l' && (e.ctrlKey || e.metaKey)) {
      e.preventDefault()
      void lock()
    }
  }
  const signs = ['keydown', 'pointerdown', 'wheel'] as const
  onMounted(() => {
    for (const s of signs) window.addEventListener(s, awake, { passive: true })
    window.addEventListener('keydown', keys)
    awake()
  })
  onUnmounted(() => {
    clearTimeout(timer)
    for (const s of signs) window.removeEventListener(s, awake)
    window.removeEventListener('keydown', keys)
  })
}
