import { afterEach, beforeEach, expect, test, vi } from 'vitest'

const invoke = vi.fn()
vi.mock('@tauri-apps/api/core', () => ({ invoke }))

/** The page of a window, or of a browser. */
async function host(window_: boolean) {
  vi.resetModules()
  if (window_) Object.assign(window, { __TAURI_INTERNALS__: {} })
  else Reflect.deleteProperty(window, '__TAURI_INTERNALS__')
  return await import('./host')
}
beforeEach(() => {
  invoke.mockReset()
  URL.createObjectURL = vi.fn(() => 'blob:1')
  URL.revokeObjectURL = vi.fn()
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

test('a call that is answered does not listen any more, and one that is cut off ends', async () => {
  const { AWAY, send } = await host(true)
  const cutting = new AbortController()
  const [add, remove] = [vi.spyOn(cutting.signal, 'addEventListener'), vi.spyOn(cutting.signal, 'removeEventListener')]
  invoke.mockResolvedValueOnce('answer').mockRejectedValueOnce({ code: 'changed', message: '改动' }).mockReturnValueOnce(new Promise(() => undefined))
  expect(await send('session.state', {}, 'k', cutting.signal)).toBe('answer')
  await expect(send('session.state', {}, 'k', cutting.signal)).rejects.toMatchObject({ code: 'changed' })
  expect(add.mock.calls.length).toBe(2)
  expect(remove.mock.calls.map((c) => c[1])).toEqual(add.mock.calls.map((c) => c[1]))
  const hanging = send('session.state', {}, 'k', cutting.signal)
  await vi.waitFor(() => expect(add.mock.calls.length).toBe(3))
  cutting.abort()
  await expect(hanging).rejects.toMatchObject({ code: AWAY })
})

test('a paper that the browser does not open waits for a click, and its address ends', async () => {
  const { openPdf, unopened } = await host(false)
  vi.useFakeTimers()
  const open = vi.spyOn(window, 'open').mockReturnValueOnce(null).mockReturnValue(window)
  await openPdf('TS-1.pdf', 'eA==')
  expect(unopened.value?.name).toBe('TS-1.pdf')
  unopened.value?.open()
  expect([open.mock.calls.length, unopened.value]).toEqual([2, null])
  vi.advanceTimersByTime(60_000)
  expect(URL.revokeObjectURL).toHaveBeenCalledTimes(2)
})

test('what the page itself stumbles over is said in our words', async () => {
  const { toHostError } = await host(false)
  expect(toHostError(new DOMException('A requested file could not be read', 'NotReadableError')).message).toMatch(/没有做成（A requested.*请重试/)
  expect(toHostError({ code: 'changed', params: {}, message: '改动' }).message).toBe('改动')
})
