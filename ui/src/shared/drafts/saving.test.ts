import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { nextTick } from 'vue'
import type { SessionState } from '@/generated/api'
import { call } from '@/host/call'
import { HostError } from '@/host/errors'
import { session } from '@/host/session'
import { discard, saveSoon, saveNow, savedAs, unsaved } from './saving'

vi.mock('@/host/call', () => ({ call: vi.fn() }))
const calls = vi.mocked(call)
const user = (id: string) => ({ now: '2026-11-16T09:40:00+08:00', user: { id } }) as SessionState
const done = () =>
  calls.mock.calls.map(([name, payload]) => `${name} ${(payload as { value?: string }).value ?? ''}`.trim())
const refused = (code: string) => Promise.reject(new HostError(code, {}, code))

beforeEach(() => {
  vi.useFakeTimers()
  calls.mockReset().mockResolvedValue({ done: true, at: '2026-11-16T09:40:05+08:00' })
  session.locked = null
  session.state = user('1')
})
afterEach(async () => {
  for (const who of ['1', '2']) {
    session.state = user(who)
    await discard(who, 'k')
  }
  vi.useRealTimers()
})

test('what is typed is kept once nobody has typed for a moment, the newest alone', async () => {
  saveSoon('1', 'k', 'a')
  await vi.advanceTimersByTimeAsync(500)
  saveSoon('1', 'k', 'ab')
  await vi.advanceTimersByTimeAsync(500)
  expect(done()).toEqual([])
  expect(unsaved()).toBe(true)
  await vi.advanceTimersByTimeAsync(100)
  expect(done()).toEqual(['draft.put ab'])
  expect(unsaved()).toBe(false)
})

test('what is typed while one is being sent follows it', async () => {
  let answer: (taken: unknown) => void = () => {}
  calls.mockImplementationOnce(() => new Promise((go) => (answer = go)) as never)
  saveSoon('1', 'k', 'a')
  void saveNow()
  saveSoon('1', 'k', 'ab')
  await vi.advanceTimersByTimeAsync(5_000)
  expect(done()).toEqual(['draft.put a'])
  answer({ done: true, at: '2026-11-16T09:40:05+08:00' })
  await vi.advanceTimersByTimeAsync(0)
  expect(done()).toEqual(['draft.put a', 'draft.put ab'])
})

test('the time beside a draft is the one at which the host took it, by the institution’s clock', async () => {
  // This PC's own clock and zone are asked for nothing.
  vi.setSystemTime(new Date('2031-03-03T03:03:03-11:00'))
  calls.mockResolvedValueOnce({ done: true, at: '2026-11-16T01:40:05Z' } as never)
  saveSoon('1', 'k', 'a')
  await saveNow()
  expect(savedAs('1', 'k')).toEqual({ at: '09:40:05', failure: '' })
})

test('a draft that is refused says why, and would be lost with the page', async () => {
  calls.mockImplementationOnce(() => refused('drafts_too_many') as never)
  saveSoon('1', 'k', 'a')
  await saveNow()
  expect(savedAs('1', 'k')).toEqual({ at: '', failure: 'drafts_too_many' })
  expect(unsaved()).toBe(true)
})

test('what somebody typed before another came is kept for nobody but them, when they are back', async () => {
  calls.mockImplementationOnce(() => refused('host_away') as never)
  saveSoon('1', 'k', 'mine')
  await saveNow()
  calls.mockClear()
  saveSoon('1', 'k', 'mine as well')
  session.state = user('2')
  await nextTick()
  await saveNow()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(done()).toEqual([])
  expect(savedAs('2', 'k').failure).toBe('')
  session.state = user('1')
  await nextTick()
  await vi.advanceTimersByTimeAsync(0)
  expect(done()).toEqual(['draft.put mine as well'])
  expect(unsaved()).toBe(false)
})

test('what was sent meanwhile is not kept again afterwards', async () => {
  let answer: (taken: unknown) => void = () => {}
  calls.mockImplementationOnce(() => new Promise((go) => (answer = go)) as never)
  saveSoon('1', 'k', 'a')
  void saveNow()
  saveSoon('1', 'k', 'ab')
  const gone = discard('1', 'k')
  await vi.advanceTimersByTimeAsync(5_000)
  expect(done()).toEqual(['draft.put a'])
  answer({ done: true, at: '2026-11-16T09:40:05+08:00' })
  await gone
  await vi.advanceTimersByTimeAsync(5_000)
  expect(done()).toEqual(['draft.put a', 'draft.delete'])
})
