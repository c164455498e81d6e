import { reactive, watch } from 'vue'
import type { PersonView, SessionState } from '@/generated/api'

/** Who is signed in, and who has locked. */
export const session = reactive<{
  state: SessionState | null
  locked: { id: string; name: string; login: string } | null
}>({ state: null, locked: null })

// The host's clock is the office's: so far this PC's stands beside it.
let ahead = 0
watch(
  () => session.state,
  (state) => {
    if (state) ahead = Date.parse(state.now) - Date.now()
  },
  { flush: 'sync' },
)

/** What the host's clock says now. */
export const hostNow = (): string => new Date(Date.now() + ahead).toISOString()

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

/** Whoever can be chosen for a part in a case. */
export const atWork = (p: PersonView): boolean => !p.closed && p.account !== 'auditor'
