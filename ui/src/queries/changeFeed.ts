// What others do appears here: lists and the open case are read again, and what is being typed stays.
import { useQueryClient } from '@tanstack/vue-query'
import { computed, onUnmounted, watch } from 'vue'
import type { Told, Topic } from '@/generated/api'
import { back, call, pause } from '@/host/call'
import { session } from '@/host/session'
import { listen } from '@/host/wire'
import { topicsOf } from './stale'

/** At most so often the lists are read again, in milliseconds. */
const QUIET = 1_000

type Listener = (notice: Told) => void
const listeners = new Set<Listener>()

/** Hears every notice while a component is there. */
export function onChange(listener: Listener): void {
  listeners.add(listener)
  onUnmounted(() => listeners.delete(listener))
}

/** Gathers notices and reads again what they touch. */
export function gather(
  read: (touched: (topics: readonly Topic[], id: unknown) => boolean) => void,
): Listener {
  let cases = new Set<string>()
  let [office, everything] = [false, false]
  let timer: ReturnType<typeof setTimeout> | undefined
  let last = 0
  const now = () => {
    timer = undefined
    last = Date.now()
    const [changed, all, whole] = [cases, office, everything]
    cases = new Set()
    office = everything = false
    read(
      (topics, id) =>
        whole || all || topics.includes('cases') || (topics.includes('case') && changed.has(String(id))),
    )
  }
  return (notice) => {
    if (notice.kind === 'present') return
    if (notice.kind === 'missed') everything = true
    else {
      notice.cases.forEach((c) => cases.add(c))
      office ||= notice.house
    }
    timer ??= setTimeout(now, Math.max(0, last + QUIET - Date.now()))
  }
}

/** Listens while somebody is signed in and works. */
export function useChangeFeed(): void {
  const queries = useQueryClient()
  const gathered = gather((touched) => {
    void queries.invalidateQueries({
      predicate: (q) => touched(topicsOf(q), (q.state.data as { id?: unknown } | undefined)?.id),
    })
  })
  let stop: (() => void) | undefined
  // A line that breaks again and again is laid less and less often.
  let wait = 0
  const begin = () => {
    stop?.()
    stop = listen(
      (notice) => {
        wait = 0
        ;[gathered, ...listeners].forEach((l) => l(notice))
      },
      () => void again(),
    )
  }
  /** The line broke: as soon as the host answers, who is signed in is asked, and everything read again. */
  async function again() {
    await pause(wait)
    wait = Math.min(wait * 2 + 1_000, 30_000)
    await back()
    const state = await call('session.state', {}).catch(() => null)
    const user = session.state?.user
    if (!user || session.locked) return
    if (state && !state.user) session.locked = { id: user.id, name: user.name, login: user.login }
    else begin()
  }
  const works = computed(() => (session.locked ? undefined : session.state?.user?.id))
  watch(
    works,
    (user) => {
      if (user) begin()
      else stop?.()
    },
    { immediate: true },
  )
  onUnmounted(() => stop?.())
}
