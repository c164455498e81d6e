import { reactive } from 'vue'
import type { SessionState } from './generated/api'
import { call } from './link'

/** Who is signed in, and what the next screen still has to say; the only state that is not a query. */
export const session = reactive<{ state: SessionState | null; notice: string; locked: { id: string; name: string; login: string } | null }>({ state: null, notice: '', locked: null })

export async function loadSession(): Promise<void> {
  session.state = await call('session.state', {})
}

export function isAdministrator(): boolean {
  return session.state?.user?.account === 'administrator'
}

/** Whoever may register, act and give out; auditors read. */
export function works(): boolean {
  return session.state?.user?.account !== 'auditor'
}

/** Whoever checks the log and reads who looked at what. */
export function audits(): boolean {
  return isAdministrator() || session.state?.user?.account === 'auditor'
}
