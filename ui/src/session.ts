import { reactive } from 'vue'
import type { SessionState } from './generated/api'
import { call } from './host'

/** Who is signed in; the only state that is not a query. */
export const session = reactive<{ state: SessionState | null }>({ state: null })

export async function loadSession(): Promise<void> {
  session.state = await call('session.state', {})
}

export function isAdministrator(): boolean {
  return session.state?.user?.account === 'administrator'
}
