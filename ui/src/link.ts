// Calls that outlast a host that is away: they wait, and are sent again with the same key.
//
// A request that was not answered was done once or not at all. Sent again, the host says which; until then
// the button stays pressed and the bar says what is being waited for.
import { reactive, watch } from 'vue'
import type { Commands } from './generated/api'
import { AWAY, reachable, send, toHostError } from './host'
import { session } from './session'

/** Whether the host answers, why it does not where that is known, and how much waits for it. */
export const link = reactive<{ away: '' | 'host' | 'database'; why: string; waiting: number }>({ away: '', why: '', waiting: 0 })

const PAUSE = 1_000
/** A request that fails again and again although the host answers is sent again less and less often. */
const LONGEST = 30_000
/** Nobody signs in long after having walked away. */
const PATIENCE = 15_000
export const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))

let cutting = new AbortController()
let returning: Promise<void> | null = null

async function answers(): Promise<boolean> {
  const answer = await reachable()
  link.why = answer === true ? '' : answer
  return answer === true
}

/** Asks until the host answers again; what hangs on a dead line is then asked anew. */
export function back(why: 'host' | 'database' = 'host'): Promise<void> {
  returning ??= (async () => {
    if (!(await answers())) {
      link.away = why
      cutting.abort()
      cutting = new AbortController()
      do await pause(PAUSE)
      while (!(await answers()))
    }
    link.away = ''
    returning = null
  })()
  return returning
}

/** Who was signed in is not any more, e.g. because the host was started again: the page waits behind the lock. */
function unlocked(): Promise<void> {
  const user = session.state?.user
  if (user) session.locked ??= { id: user.id, name: user.name, login: user.login }
  return new Promise((done) => {
    const stop = watch(() => session.locked, (locked) => {
      if (locked) return
      stop()
      done()
    })
  })
}

/** Commands that nobody waits for when their person may have left. */
const AT_ONCE = new Set(['session.sign_in', 'office.setup'])

async function lasting<N extends keyof Commands>(name: N, payload: Commands[N]['request'], key: string): Promise<Commands[N]['response']> {
  const mine = session.state?.user?.id
  const begun = Date.now()
  for (let tries = 0; ; tries += 1) {
    try {
      return await send(name, payload, key, cutting.signal)
    } catch (e) {
      const error = toHostError(e)
      const signedOut = error.code === 'sign_in_first' && mine && session.state?.user?.id === mine
      const away = error.code === AWAY || error.code === 'database_away'
      if (!signedOut && !away && error.code !== 'too_many_requests') throw error
      if (AT_ONCE.has(name) && Date.now() - begun > PATIENCE) throw error
      if (signedOut) {
        await unlocked()
      } else {
        link.waiting += 1
        // At first at once, and then only after a pause.
        if (tries > 0 || !away) await pause(Math.min(PAUSE * 2 ** Math.min(tries, 8), LONGEST))
        if (away) await Promise.race([back(error.code === AWAY ? 'host' : 'database'), ...(AT_ONCE.has(name) ? [pause(PATIENCE)] : [])])
        link.waiting -= 1
      }
      // Somebody else works here now: what the first one sent is theirs to look after.
      if (mine && session.state?.user?.id !== mine) throw error
    }
  }
}

let signing: Promise<unknown> = Promise.resolve()

/** Runs a command at the host. The key is of the request: sent again with it, also by a page that was loaded again, it is done once. */
export function call<N extends keyof Commands>(name: N, payload: Commands[N]['request'], key: string = crypto.randomUUID()): Promise<Commands[N]['response']> {
  if (!name.startsWith('session.')) return lasting(name, payload, key)
  // Signing in and out keep their order, also when both had to wait.
  const next = signing.then(() => lasting(name, payload, key))
  signing = next.catch(() => undefined)
  return next
}
