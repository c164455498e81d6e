import { focusManager } from '@tanstack/vue-query'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createApp, nextTick } from 'vue'
import type { SessionState } from '@/generated/api'
import { call } from '@/host/call'
import { session } from '@/host/session'
import { saveSoon } from '@/shared/drafts/saving'
import { lock, useLock } from './lock'

vi.mock('@/host/call', () => ({
  call: vi.fn(() => Promise.resolve({})),
  signOut: vi.fn(() => Promise.resolve({})),
  pause: () => new Promise(() => undefined),
}))

const minutes = (n: number) => vi.advanceTimersByTime(n * 60_000)
let unmount = () => {}

beforeEach(() => {
  vi.useFakeTimers()
  session.locked = null
  session.state = { idle_minutes: 10, user: { id: '1', name: '赵敏', login: 'zhaomin' } } as SessionState
  const app = createApp({ setup: useLock, render: () => null })
  app.mount(document.createElement('div'))
  unmount = () => app.unmount()
})
afterEach(() => {
  unmount()
  vi.useRealTimers()
})

test('the desk locks after the idle minutes of the office, counted from the last key', () => {
  minutes(9)
  window.dispatchEvent(new KeyboardEvent('keydown', { key: 'a' }))
  minutes(9)
  expect(session.locked).toBeNull()
  minutes(1)
  expect(session.locked?.login).toBe('zhaomin')
})

test('other idle minutes count at once', async () => {
  if (session.state) session.state.idle_minutes = 2
  await nextTick()
  minutes(2)
  expect(session.locked).not.toBeNull()
})

test('the last words are on their way before anybody is signed out', () => {
  saveSoon('1', 'k', '写到一半')
  void lock()
  expect(vi.mocked(call)).toHaveBeenCalledWith('draft.put', { key: 'k', value: '写到一半' })
})

test('nothing is read behind the lock', async () => {
  minutes(10)
  await nextTick()
  expect(focusManager.isFocused()).toBe(false)
  session.locked = null
  await nextTick()
  expect(focusManager.isFocused()).toBe(true)
})
