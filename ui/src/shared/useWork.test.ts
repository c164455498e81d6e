import { expect, test } from 'vitest'
import { HostError } from '@/host/errors'
import { useWork } from './useWork'

test('what a button starts runs once at a time, and again once it is done', async () => {
  const { busy, attempt } = useWork()
  let [begun, go] = [0, () => {}]
  const work = () => new Promise<void>((done) => ((begun += 1), (go = done)))
  const first = attempt(work)
  expect(await attempt(work)).toBe(false)
  expect([begun, busy.value]).toEqual([1, true])
  go()
  expect([await first, busy.value]).toEqual([true, false])
  void attempt(work)
  expect(begun).toBe(2)
})

test('its failure is said, until it is tried again', async () => {
  const { busy, failure, attempt } = useWork()
  expect(await attempt(() => Promise.reject(new HostError('x', {}, '没有办成')))).toBe(false)
  expect([failure.value, busy.value]).toEqual(['没有办成', false])
  await attempt(() => Promise.resolve())
  expect(failure.value).toBe('')
})
