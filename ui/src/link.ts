// Calls that outlast a host that is away: they wait, and are sent again with the same key.
//
// A request that was not answered was done once or not at all. Sent again, the host says which; until then
// the button stays pressed and the bar above says what is being waited for.
import { reactive, watch } from 'vue'
import type { Commands } from './generated/api'
import { AWAY, reachable, send, toHostError } from './host'
import { session } from './session'

/** Whether the host answers, and what waits for it. */
export const link = reactive<{ away: '' | 'host' | 'database'; waiting: number }>({ away: '', waiting: 0 })

const PAUSE = 1_000
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))

let cutting = new AbortController()
let returning: Promise<void> | null = null

/** Asks until the host answers again; everything that is under way is asked anew. */
export function back(why: 'host' | 'database' = 'host'): Promise<void> {
  link.away = why
  returning ??= (async () => {
    // What hangs on a dead line would hang for minutes.
    cutting.abort()
    cutting = new AbortController()
    while (!(await reachable())) await pause(PAUSE)
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

async function lasting<N extends keyof Commands>(name: N, payload: Commands[N]['request']): Promise<Commands[N]['response']> {
  const key = crypto.randomUUID()
  const mine = session.state?.user?.id
  for (;;) {
    try {
      return await send(name, payload, key, cutting.signal)
    } catch (e) {
      const error = toHostError(e)
      if (error.code === 'sign_in_first' && mine && session.state?.user?.id === mine) {
        await unlocked()
        // Somebody else works here now: what the first one sent is theirs to look after.
        if (session.state?.user?.id !== mine) throw error
      } else if (error.code === AWAY || error.code === 'database_away') {
        link.waiting += 1
        await back(error.code === AWAY ? 'host' : 'database').finally(() => (link.waiting -= 1))
      } else if (error.code === 'too_many_requests') {
        await pause(PAUSE)
      } else {
        throw error
      }
    }
  }
}

let signing: Promise<unknown> = Promise.resolve()

/** Runs a command at the host. */
export function call<N extends keyof Commands>(name: N, payload: Commands[N]['request']): Promise<Commands[N]['response']> {
  if (!name.startsWith('session.')) return lasting(name, payload)
  // Signing in and out keep their order, also when both had to wait.
  const next = signing.then(() => lasting(name, payload))
  signing = next.catch(() => undefined)
  return next
}
