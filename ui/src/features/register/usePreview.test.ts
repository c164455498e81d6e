import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createApp, nextTick, ref } from 'vue'
import type { RegisterRequest } from '@/generated/api'
import { call } from '@/host/call'
import { usePreview } from './usePreview'

vi.mock('@/host/call', () => ({ call: vi.fn() }))
const calls = vi.mocked(call)
const request = ref({ procedure: 'a', values: {} } as unknown as RegisterRequest)
const looked = () => calls.mock.calls.map((c) => (c[1] as RegisterRequest).procedure)
let unmount = () => {}

beforeEach(() => {
  vi.useFakeTimers()
  calls.mockReset().mockResolvedValue([] as never)
  const app = createApp({ setup: () => (usePreview(request), () => null) })
  app.mount(document.createElement('div'))
  unmount = () => app.unmount()
})
afterEach(() => {
  unmount()
  vi.useRealTimers()
})
async function choose(procedure: string) {
  request.value = { ...request.value, procedure }
  await nextTick()
  await vi.advanceTimersByTimeAsync(600)
}

test('what changes while it is looked is looked at afterwards', async () => {
  let answer: (clocks: unknown) => void = () => {}
  calls.mockImplementationOnce(() => new Promise((go) => (answer = go)) as never)
  await choose('b')
  await choose('c')
  await choose('d')
  expect(looked()).toEqual(['b'])
  answer([])
  await vi.advanceTimersByTimeAsync(0)
  expect(looked()).toEqual(['b', 'd'])
})

test('nothing is looked at for a form that was left', async () => {
  request.value = { ...request.value, procedure: 'e' }
  await nextTick()
  unmount()
  await vi.advanceTimersByTimeAsync(600)
  expect(looked()).toEqual([])
})
