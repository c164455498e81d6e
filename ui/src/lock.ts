import { onMounted, onUnmounted } from 'vue'
import { call } from './host'
import { session } from './session'

/** Minutes without a key or a click after which the desk locks itself (product default). */
export const IDLE_MINUTES = 10

/** Nobody is signed in any more; the page stays as it is behind the lock, so that nothing typed is lost. */
export async function lock(): Promise<void> {
  const user = session.state?.user
  if (!user || session.locked) return
  session.locked = { id: user.id, name: user.name, login: user.login }
  await call('session.sign_out', {})
}

/** Locks after idle minutes, and at once by Ctrl+L. */
export function useLock(): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const awake = () => {
    clearTimeout(timer)
    timer = setTimeout(() => void lock(), IDLE_MINUTES * 60_000)
  }
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
