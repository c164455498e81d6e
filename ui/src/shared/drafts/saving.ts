// Words on their way to the host: each person's own, until the host has them.
import { reactive, ref, watch } from 'vue'
import { call } from '@/host/call'
import { toHostError } from '@/host/errors'
import { session } from '@/host/session'
import { timeOfDay } from '@/words/times'

/** So long nobody types before it is kept, in milliseconds. */
const QUIET = 600

/** By person and name: when the host took a draft last, or why it did not. */
const kept = reactive(new Map<string, { at: string; failure: string }>())

interface Words {
  person: string
  name: string
  value: unknown
  /** The host has not taken the newest yet. */
  fresh: boolean
  timer?: ReturnType<typeof setTimeout>
  sending?: Promise<void>
}

/** By person and name as well: what one typed is never kept for, or shown to, somebody else. */
const pending = new Map<string, Words>()
const under = (person: string, name: string) => `${person} ${name}`
export const savedAs = (person: string, name: string) =>
  kept.get(under(person, name)) ?? { at: '', failure: '' }
/** Names of drafts that were thrown away here, before the host's list says so. */
export const discarded = reactive(new Set<string>())
/** Changes whenever the host took or lost a draft. */
export const changes = ref(0)
const here = (w: Words) => session.state?.user?.id === w.person

/** The newest follows by itself once what is being sent was taken. */
async function sendAll(w: Words) {
  const id = under(w.person, w.name)
  while (w.fresh && here(w)) {
    w.fresh = false
    try {
      const taken = await call('draft.put', { key: w.name, value: w.value })
      kept.set(id, { at: timeOfDay(taken.at), failure: '' })
      changes.value += 1
    } catch (e) {
      w.fresh = true
      kept.set(id, { at: '', failure: here(w) ? toHostError(e).message : '' })
      break
    }
  }
  if (!w.fresh && pending.get(id) === w) pending.delete(id)
}

function now(w: Words): Promise<void> {
  clearTimeout(w.timer)
  w.sending ??= sendAll(w).finally(() => (w.sending = undefined))
  return w.sending
}

/** Keeps a value at the host as soon as nobody has typed for a moment. */
export function saveSoon(person: string, name: string, value: unknown): void {
  const id = under(person, name)
  const w: Words = pending.get(id) ?? { person, name, value, fresh: true }
  pending.set(id, w)
  discarded.delete(name)
  Object.assign(w, { value, fresh: true })
  clearTimeout(w.timer)
  w.timer = setTimeout(() => void now(w), QUIET)
}

/** Keeps at once what was typed last: under one name, or whatever whoever is here has typed. */
export async function saveNow(name?: string): Promise<void> {
  const mine = [...pending.values()].filter((w) => here(w) && (name === undefined || w.name === name))
  await Promise.all(mine.map(now))
}

/** Throws words away, here and at the host. */
export async function discard(person: string, name: string): Promise<void> {
  const id = under(person, name)
  const w = pending.get(id)
  pending.delete(id)
  discarded.add(name)
  if (w) {
    clearTimeout(w.timer)
    w.fresh = false
    await w.sending
  }
  if (session.state?.user?.id === person) await call('draft.delete', { key: name }).catch(() => undefined)
  kept.delete(id)
  changes.value += 1
}

/** Somebody's words would be lost if the page were closed now. */
export const unsaved = () => pending.size > 0

// Whoever comes back to this PC: what could not be kept while they were away is kept now.
watch(
  () => (session.locked ? undefined : session.state?.user?.id),
  (id) => {
    if (id) void saveNow()
  },
)
