import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createApp, nextTick, ref } from 'vue'
import { call } from '@/host/call'
import { session } from '@/host/session'
import { usePresence } from './usePresence'

vi.mock('@/host/call', () => ({ call: vi.fn() }))
vi.mock('@/queries/changeFeed', () => ({ onChange: vi.fn() }))
const calls = vi.mocked(call)
const typing = ref(false)
let unmount = () => {}

beforeEach(() => {
  vi.useFakeTimers()
  session.locked = null
  typing.value = false
  calls.mockReset()
})
afterEach(() => {
  unmount()
  vi.useRealTimers()
})
function open() {
  const app = createApp({ setup: () => (usePresence(ref('c'), typing), () => null) })
  app.mount(document.createElement('div'))
  unmount = () => app.unmount()
}

test('while the host is away one saying waits, and the newest follows it', async () => {
  let answer: (others: unknown) => void = () => {}
  calls
    .mockImplementationOnce(() => new Promise((go) => (answer = go)) as never)
    .mockResolvedValue([] as never)
  open()
  typing.value = true
  await nextTick()
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(calls.mock.calls.length).toBe(1)
  answer([])
  await vi.advanceTimersByTimeAsync(0)
  expect(calls.mock.calls.map((c) => c[1])).toEqual([
    { case: 'c', typing: false },
    { case: 'c', typing: true },
  ])
})

test('behind the lock nothing is said', async () => {
  calls.mockResolvedValue([] as never)
  open()
  session.locked = { id: '1', name: '', login: '' }
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(calls.mock.calls.length).toBe(1)
})
