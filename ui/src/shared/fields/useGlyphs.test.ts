import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import { useGlyphs, usual } from './useGlyphs'

const call = vi.hoisted(() => vi.fn())
vi.mock('@/host/call', () => ({ call }))

beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  call.mockReset()
})

test('what every paper prints is not asked for', () => {
  for (const text of ['', '等了两个小时，没人管！', 'TS-2026-0001 （复检）', '０１３８', 'Žižek\n\t'])
    expect(usual(text), text).toBe(true)
  for (const text of ['😡', 'བོད', '𰻞', '\u{2F45}', 'ئۇ', '한']) expect(usual(text), text).toBe(false)
})

test('what no font has is told for what was typed last', async () => {
  const text = ref('')
  call.mockImplementation((_: string, r: { text: string }) =>
    Promise.resolve({ missing: r.text.includes('🧿') ? [{ code: 'U+1F9FF', character: '🧿' }] : [] }),
  )
  const scope = effectScope()
  const codes = scope.run(() => useGlyphs(() => text.value))
  text.value = '珠子🧿'
  await nextTick()
  expect(call).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(500)
  expect(codes?.value).toEqual(['U+1F9FF'])
  text.value = '珠子'
  await nextTick()
  expect(codes?.value).toEqual([])
  expect(call).toHaveBeenCalledTimes(1)
  scope.stop()
})

test('a host that does not answer keeps nobody from typing', async () => {
  call.mockRejectedValue(new Error('away'))
  const scope = effectScope()
  const codes = scope.run(() => useGlyphs(() => '😡'))
  await vi.advanceTimersByTimeAsync(500)
  expect(codes?.value).toEqual([])
  scope.stop()
})
