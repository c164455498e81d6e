// Calls that outlast a host that is away: they wait, and are sent again with the same key.
//
// A request that was not answered was done once or not at all. Sent again, the host says which; until then
// the button stays pressed and the bar says what is being waited for.
import { reactive, watch } from 'vue'
import { STALE, type Commands, type SessionState } from '@/generated/api'
import { t } from '@/words/i18n'
import { AWAY, awayError, toHostError } from './errors'
import { session } from './session'
import { reachable, send } from './wire'

/** The line to the host: whether it answers and can write, why it does not where that is known, and how much of what was to be done waits for it. */
export const connection = reactive<{ away: '' | 'host' | 'database' | 'disk'; why: string; waiting: number }>(
  {
    away: '',
    why: '',
    waiting: 0,
  },
)

const PAUSE = 1_000
/** A request that fails again and again although the host answers is sent again less and less often. */
const LONGEST = 30_000
/** Nobody signs in long after having walked away. */
const PATIENCE = 15_000
export const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))

/** What keeps the host from writing; whoever reads goes on meanwhile. */
const UNWRITABLE = new Set([
  'database_full',
  'database_locked',
  'disk_failed',
  'disk_full',
  'folder_not_writable',
  'out_of_memory',
])
/** The window's own folder is still being opened; after an update that takes a minute. */
const OPENING = new Set(['office_indexing', 'office_opening'])
/** What is refused so often for want of room, although a little can be written, is too large for what is left: that is an answer. */
const TRIES = 3

let cutting = new AbortController()
let returning: Promise<void> | null = null

async function answers(words: string): Promise<boolean> {
  const answer = await reachable()
  connection.why = answer === true ? '' : answer || words
  return answer === true
}

/** Asks until the host answers and can write again; what hangs on a dead line is then asked anew. */
export function back(why: 'host' | 'database' | 'disk' = 'host', words = ''): Promise<void> {
  returning ??= (async () => {
    if (!(await answers(words))) {
      connection.away = why
      if (why !== 'disk') {
        cutting.abort()
        cutting = new AbortController()
      }
      do await pause(PAUSE)
      while (!(await answers(words)))
    }
    connection.away = ''
    returning = null
  })()
  return returning
}

/** Who was signed in is not any more, e.g. because the host was started again: the page waits behind the lock. */
function unlocked(): Promise<void> {
  const user = session.state?.user
  if (user) session.locked ??= { id: user.id, name: user.name, login: user.login }
  return new Promise((done) => {
    const stop = watch(
      () => session.locked,
      (locked) => {
        if (locked) return
        stop()
        done()
      },
    )
  })
}

/** Commands that nobody waits for when their person may have left. */
const AT_ONCE = new Set<string>(['session.sign_in', 'office.setup'])
/** Signing in and out keep their order, also when both had to wait; what waits for the unlocking stands apart. */
const IN_ORDER = new Set<string>(['session.sign_in', 'session.sign_out'])
/** While a command that only reads or keeps a draft waits, nothing that somebody did is undecided. */
const acting = (name: keyof Commands) => (STALE[name] ?? []).some((topic) => topic !== 'drafts')

type Done = (name: keyof Commands) => void
const listeners = new Set<Done>()
/** Hears of every command that was answered. */
export const onDone = (listener: Done) => void listeners.add(listener)

async function lasting<N extends keyof Commands>(
  name: N,
  payload: Commands[N]['request'],
  key: string,
  begun: number,
): Promise<Commands[N]['response']> {
  const mine = session.state?.user?.id
  const left = () => (AT_ONCE.has(name) ? begun + PATIENCE - Date.now() : Infinity)
  const tooLate = () => awayError(t('host.too_late'))
  if (left() <= 0) throw tooLate()
  const acts = acting(name) ? 1 : 0
  for (let tries = 0; ; tries += 1) {
    try {
      const answer = await send(name, payload, key, cutting.signal)
      listeners.forEach((heard) => heard(name))
      return answer
    } catch (e) {
      const error = toHostError(e)
      // Whoever is just signing out is not locked out: what comes too late then is nobody's any more.
      const leaves = leaving > 0 && !session.locked
      const signedOut =
        error.code === 'sign_in_first' &&
        !IN_ORDER.has(name) &&
        !leaves &&
        mine &&
        session.state?.user?.id === mine
      const stuck = UNWRITABLE.has(error.code)
      const away = error.code === AWAY || error.code === 'database_away' || OPENING.has(error.code) || stuck
      if (stuck && tries >= TRIES) throw error
      if (!signedOut && !away && error.code !== 'too_many_requests') throw error
      if (left() <= 0) throw error.code === AWAY ? tooLate() : error
      if (signedOut) {
        await unlocked()
      } else {
        connection.waiting += acts
        // At first at once, and then only after a pause.
        if (tries > 0 || !away) await pause(Math.min(PAUSE * 2 ** Math.min(tries, 8), LONGEST))
        if (away)
          await Promise.race([
            back(
              stuck ? 'disk' : error.code === AWAY ? 'host' : 'database',
              error.code === AWAY ? '' : error.message,
            ),
            ...(AT_ONCE.has(name) ? [pause(Math.max(0, left()))] : []),
          ])
        connection.waiting -= acts
      }
      // Somebody else works here now: what the first one sent is theirs to look after.
      if (mine && session.state?.user?.id !== mine) throw error
    }
  }
}

let signing: Promise<unknown> = Promise.resolve()
/** Signings out that are under way. */
let leaving = 0

function inOrder<T>(name: string, run: () => Promise<T>): Promise<T> {
  // Whoever signs in does not wait for ever behind a signing out that the host has not heard of.
  const turn = AT_ONCE.has(name) ? Promise.race([signing, pause(PATIENCE)]) : signing
  const next = turn.then(run)
  signing = Promise.allSettled([signing, next])
  return next
}

/** Runs a command at the host. The key is of the request: sent again with it, also by a page that was loaded again, it is done once. */
export function call<N extends keyof Commands>(
  name: N,
  payload: Commands[N]['request'],
  key: string = crypto.randomUUID(),
): Promise<Commands[N]['response']> {
  const begun = Date.now()
  const run = () => lasting(name, payload, key, begun)
  return IN_ORDER.has(name) ? inOrder(name, run) : run()
}

/** Signs out once what was typed is kept: its place before the next signing in is taken at once. */
export function signOut(kept: Promise<unknown>): Promise<SessionState> {
  const run = () => lasting('session.sign_out', {}, crypto.randomUUID(), Date.now())
  leaving += 1
  return inOrder('session.sign_out', () => kept.then(run, run)).finally(() => (leaving -= 1))
}
