// Asks the host who is signed in, and what its clock says.
import { call } from './call'
import { hostNow, session } from './session'

export async function loadSession(): Promise<void> {
  session.state = await call('session.state', {})
}

/** What its clock says, asked anew where the clock may have been set or stopped for practice. */
export async function hostNowAsked(): Promise<string> {
  if (session.state?.training) {
    const state = await call('session.state', {}).catch(() => null)
    // A host that was started again knows nobody; the lock looks after that, and the page stays.
    if (state?.user && state.user.id === session.state?.user?.id) session.state = state
  }
  return hostNow()
}
