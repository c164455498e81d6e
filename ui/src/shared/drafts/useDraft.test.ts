import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createApp, nextTick, ref } from 'vue'
import type { DraftView, SessionState } from '@/generated/api'
import { call } from '@/host/call'
import { session } from '@/host/session'
import { belongs, actPlace, useDraft, type Draft } from './useDraft'

vi.mock('@/host/call', () => ({ call: vi.fn() }))
let host: DraftView[] = []
let clock = 0
const words = ref('')
let draft: Draft<string>
let unmount = () => {}

function open(place = 'register') {
  words.value = ''
  const app = createApp({
    setup() {
      draft = useDraft(
        place,
        () => words.value,
        () => words.value !== '',
      )
      return () => null
    },
  })
  app.mount(document.createElement('div'))
  unmount = () => app.unmount()
}
async function type(text: string) {
  words.value = text
  await nextTick()
  await vi.advanceTimersByTimeAsync(600)
}
const kept = () => host.map((d) => d.value).sort()

beforeEach(() => {
  vi.useFakeTimers()
  host = []
  session.state = { now: '2026-11-16T09:40:00+08:00', user: { id: '1' } } as SessionState
  vi.mocked(call).mockImplementation((async (name: string, r: { key: string; value: unknown }) => {
    if (name !== 'draft.list') host = host.filter((d) => d.key !== r.key)
    if (name === 'draft.put') host.push({ key: r.key, value: r.value, at: String((clock += 1)) })
    return name === 'draft.list' ? host : { done: true }
  }) as never)
})
afterEach(() => {
  unmount()
  vi.useRealTimers()
})

test('what is offered is never overwritten by what is typed, nor thrown away with it', async () => {
  host = [{ key: 'register', value: 'before', at: '0' }]
  open()
  await draft.look()
  expect(draft.offered.value?.value).toBe('before')
  await type('now')
  expect(kept()).toEqual(['before', 'now'])
  await draft.drop()
  expect(kept()).toEqual(['before'])
})

test('going on with what was offered keeps what was typed as a draft of its own', async () => {
  host = [{ key: 'register', value: 'before', at: '0' }]
  open()
  await draft.look()
  words.value = 'now'
  await nextTick()
  words.value = draft.take() ?? ''
  await type('before and more')
  expect(kept()).toEqual(['before and more', 'now'])
})

test('the last words are kept when somebody goes elsewhere, and found again', async () => {
  open()
  words.value = 'half'
  await nextTick()
  unmount()
  await vi.advanceTimersByTimeAsync(0)
  open()
  await draft.look()
  expect(draft.offered.value?.value).toBe('half')
  await draft.refuse()
  expect(kept()).toEqual([])
})

test('a draft that is asked for by name is offered before a newer one', async () => {
  host = [
    { key: 'register/a', value: 'old', at: '1' },
    { key: 'register/b', value: 'new', at: '2' },
  ]
  open()
  await draft.look('register/a')
  expect(draft.offered.value?.value).toBe('old')
  await draft.look()
  expect(draft.offered.value?.value).toBe('new')
})

test('a draft belongs to its act, task and field, and to no other', () => {
  const correction = `${actPlace('c', 'correct', 'complainant.phone')}/1234`
  expect(belongs(correction, actPlace('c', 'correct', 'complainant.phone'))).toBe(true)
  expect(belongs(correction, actPlace('c', 'correct', 'complainant.name'))).toBe(false)
  expect(belongs(`${actPlace('c', 'review', null)}/1234`, actPlace('c', 'review', null))).toBe(true)
  expect(belongs(`${actPlace('c', 'review', 'T1')}/1234`, actPlace('c', 'review', null))).toBe(false)
})
