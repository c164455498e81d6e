import { focusManager } from '@tanstack/vue-query'
import { onMounted, onUnmounted, watch } from 'vue'
import { call } from './link'
import { session } from './session'

/** Nobody is signed in any more; the page stays as it is behind the lock, so that nothing typed is lost. */
export async function lock(): Promise<void> {
  const user = session.state?.user
  if (!user || session.locked) return
  session.locked = { id: user.id, name: user.name, login: user.login }
  await call('session.sign_out', {})
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
  // Behind the lock nobody is signed in: what is read again there would only be refused. It is read again afterwards.
  watch(() => session.locked, (locked) => focusManager.setFocused(locked ? false : undefined))
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
