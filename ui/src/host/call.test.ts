import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { nextTick } from 'vue'
import type { SessionState } from '@/generated/api'
import { call, connection, signOut } from './call'
import { AWAY, HostError } from './errors'
import { session } from './session'
import { reachable, send } from './wire'

vi.mock('./wire', async (original) => ({
  ...(await original<typeof import('./wire')>()),
  send: vi.fn(),
  reachable: vi.fn(),
}))
const sends = vi.mocked(send)
const answers = vi.mocked(reachable)
const refusal = (code: string) => Promise.reject(new HostError(code, {}, code))
const user = (id: string) =>
  ({ idle_minutes: 10, user: { id, name: '赵敏', login: 'zhaomin' } }) as SessionState
const keys = () => sends.mock.calls.map((c) => c[2])

beforeEach(() => {
  vi.useFakeTimers()
  sends.mockReset()
  answers.mockReset().mockResolvedValue(true)
  session.locked = null
  session.state = user('1')
})
afterEach(() => vi.useRealTimers())

test('what was not answered is sent again with the same key once the host is back', async () => {
  answers.mockResolvedValueOnce('').mockResolvedValueOnce('')
  sends.mockImplementationOnce(() => refusal(AWAY)).mockResolvedValueOnce({ done: true })
  const answer = call('disposal.carry_out', { disposal: 'k' })
  await vi.advanceTimersByTimeAsync(500)
  expect([connection.away, connection.waiting]).toEqual(['host', 1])
  await vi.advanceTimersByTimeAsync(2_000)
  expect(await answer).toEqual({ done: true })
  expect([connection.away, connection.waiting]).toEqual(['', 0])
  expect(new Set(keys()).size).toBe(1)
})

test('what a full disk keeps from being written waits until there is room, while others read', async () => {
  answers.mockResolvedValueOnce('').mockResolvedValueOnce('')
  sends
    .mockImplementationOnce(() => refusal('disk_full'))
    .mockResolvedValueOnce({ done: true })
    .mockResolvedValueOnce({ done: true })
  const answer = call('disposal.carry_out', { disposal: 'k' })
  await vi.advanceTimersByTimeAsync(500)
  expect([connection.away, connection.why, connection.waiting]).toEqual(['disk', 'disk_full', 1])
  expect(await call('draft.list', {})).toEqual({ done: true })
  await vi.advanceTimersByTimeAsync(2_000)
  expect(await answer).toEqual({ done: true })
  expect([connection.away, connection.waiting]).toEqual(['', 0])
  expect(new Set([keys()[0], keys()[2]]).size).toBe(1)
})

test('while the folder is being opened the page says how far that is, and goes on by itself', async () => {
  answers.mockResolvedValueOnce('重建 1 / 9').mockResolvedValueOnce('重建 8 / 9')
  sends.mockImplementationOnce(() => refusal('office_indexing')).mockResolvedValueOnce({ done: true })
  const answer = call('session.state', {})
  await vi.advanceTimersByTimeAsync(500)
  expect([connection.away, connection.why]).toEqual(['database', '重建 1 / 9'])
  await vi.advanceTimersByTimeAsync(1_000)
  expect(connection.why).toBe('重建 8 / 9')
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await answer).toEqual({ done: true })
  expect(connection.away).toBe('')
})

test('what is too large for the room that is left is refused in the end', async () => {
  sends.mockImplementation(() => refusal('disk_full'))
  const answer = expect(call('disposal.carry_out', { disposal: 'k' })).rejects.toMatchObject({
    code: 'disk_full',
  })
  await vi.advanceTimersByTimeAsync(30_000)
  await answer
  expect([connection.away, connection.waiting]).toEqual(['', 0])
  expect(new Set(keys()).size).toBe(1)
})

test('each request has a key of its own, and a refusal is an answer', async () => {
  sends.mockResolvedValue({ done: true })
  await call('draft.delete', { key: 'a' })
  await call('draft.delete', { key: 'a' })
  expect(new Set(keys()).size).toBe(2)
  sends.mockImplementationOnce(() => refusal('changed'))
  await expect(call('draft.delete', { key: 'a' })).rejects.toMatchObject({ code: 'changed' })
})

test('a host that was started again asks for the password, and then does what was sent', async () => {
  sends.mockImplementationOnce(() => refusal('sign_in_first')).mockResolvedValueOnce({ done: true })
  const answer = call('draft.put', { key: 'k', value: 1 })
  await vi.advanceTimersByTimeAsync(0)
  expect(session.locked?.login).toBe('zhaomin')
  session.locked = null
  await nextTick()
  expect(await answer).toEqual({ done: true })
  expect(new Set(keys()).size).toBe(1)
})

test('what one sent is not sent again by somebody else', async () => {
  sends.mockImplementationOnce(() => refusal('sign_in_first'))
  const answer = call('draft.put', { key: 'k', value: 1 })
  const refused = expect(answer).rejects.toMatchObject({ code: 'sign_in_first' })
  await vi.advanceTimersByTimeAsync(0)
  session.state = user('2')
  session.locked = null
  await nextTick()
  await refused
})

test('signing out and in keep their order while both wait', async () => {
  const order: string[] = []
  answers.mockResolvedValueOnce('')
  sends
    .mockImplementationOnce(() => refusal(AWAY))
    .mockImplementation((name) => {
      order.push(name)
      return Promise.resolve(user('1'))
    })
  const both = [call('session.sign_out', {}), call('session.sign_in', { login: 'zhaomin', password: 'x' })]
  await vi.advanceTimersByTimeAsync(2_000)
  await Promise.all(both)
  expect(order).toEqual(['session.sign_out', 'session.sign_in'])
})

test('reading and keeping a draft are nothing that was handed in', async () => {
  answers.mockResolvedValueOnce('')
  sends
    .mockImplementationOnce(() => refusal(AWAY))
    .mockImplementationOnce(() => refusal(AWAY))
    .mockResolvedValue([])
  const both = [call('case.similar', { text: '陈' }), call('draft.put', { key: 'k', value: 1 })]
  await vi.advanceTimersByTimeAsync(500)
  expect([connection.away, connection.waiting]).toEqual(['host', 0])
  await vi.advanceTimersByTimeAsync(2_000)
  await Promise.all(both)
})

test('a sign-in counts from the press, also behind a signing out that the host has not heard of', async () => {
  answers.mockResolvedValue('')
  sends.mockImplementation(() => refusal(AWAY))
  void call('session.sign_out', {})
  const late = expect(call('session.sign_in', { login: 'zhaomin', password: 'x' })).rejects.toMatchObject({
    code: AWAY,
  })
  await vi.advanceTimersByTimeAsync(15_000)
  await late
  expect(sends.mock.calls.every((c) => c[0] === 'session.sign_out')).toBe(true)
  // The host comes back an hour later: nobody is let in.
  answers.mockResolvedValue(true)
  sends.mockReset().mockResolvedValue(user('1'))
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(sends.mock.calls.map((c) => c[0])).toEqual(['session.sign_out'])
})

test('what waits for the unlocking does not stand before the signing in that unlocks', async () => {
  sends.mockImplementation((name) =>
    name === 'session.change_password' && session.locked
      ? refusal('sign_in_first')
      : Promise.resolve(user('1')),
  )
  sends.mockImplementationOnce(() => refusal('sign_in_first'))
  const changed = call('session.change_password', { old: 'a', new: 'b' })
  await vi.advanceTimersByTimeAsync(0)
  expect(session.locked?.login).toBe('zhaomin')
  await call('session.sign_in', { login: 'zhaomin', password: 'x' })
  session.locked = null
  await nextTick()
  await changed
})

test('a signing out that finds nobody signed in is done, and the next signing in goes on', async () => {
  sends.mockImplementationOnce(() => refusal('sign_in_first')).mockResolvedValue(user('1'))
  const out = expect(signOut(Promise.resolve())).rejects.toMatchObject({ code: 'sign_in_first' })
  await call('session.sign_in', { login: 'zhaomin', password: 'x' })
  await out
})

test('what is refused while somebody signs out locks nobody', async () => {
  let answered: (state: SessionState) => void = () => {}
  sends.mockImplementation((name) =>
    name === 'session.sign_out' ? new Promise((done) => (answered = done)) : refusal('sign_in_first'),
  )
  const out = signOut(Promise.resolve())
  await vi.advanceTimersByTimeAsync(1)
  await expect(call('case.present', { case: 'c', typing: false })).rejects.toMatchObject({
    code: 'sign_in_first',
  })
  expect(session.locked).toBeNull()
  answered({ ...user('1'), user: null })
  await out
})

test('what was typed is kept before the signing out, and both before the next signing in', async () => {
  const order: string[] = []
  sends.mockImplementation((name) => {
    order.push(name)
    return Promise.resolve(user('1'))
  })
  let taken = () => {}
  const out = signOut(new Promise<void>((done) => (taken = done)))
  const into = call('session.sign_in', { login: 'zhaomin', password: 'x' })
  await vi.advanceTimersByTimeAsync(100)
  expect(order).toEqual([])
  taken()
  await Promise.all([out, into])
  expect(order).toEqual(['session.sign_out', 'session.sign_in'])
})

test('nobody is signed in long after having walked away', async () => {
  session.state = null
  answers.mockResolvedValue('')
  sends.mockImplementation(() => refusal(AWAY))
  const answer = call('session.sign_in', { login: 'zhaomin', password: 'x' })
  const refused = expect(answer).rejects.toMatchObject({ code: AWAY })
  await vi.advanceTimersByTimeAsync(60_000)
  await refused
  expect(sends.mock.calls.length).toBeLessThan(5)
  answers.mockResolvedValue(true)
  await vi.advanceTimersByTimeAsync(2_000)
})

test('what fails again and again at a host that answers is sent less and less often, and cuts nothing off', async () => {
  const signals: AbortSignal[] = []
  sends.mockImplementation((_n, _p, _k, signal) => {
    signals.push(signal)
    return refusal(AWAY)
  })
  void call('draft.delete', { key: 'a' })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(sends.mock.calls.length).toBeLessThan(10)
  expect(signals.some((s) => s.aborted)).toBe(false)
})
