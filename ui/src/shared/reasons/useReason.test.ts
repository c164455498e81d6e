import { expect, test, vi } from 'vitest'
import { HostError } from '@/host/errors'
import { useReason } from './useReason'

const needed = new HostError('why_needed', {}, '请写明原因')
const work = () => vi.fn((why?: string) => (why ? Promise.resolve(`done: ${why}`) : Promise.reject(needed)))
const settle = () => new Promise((done) => setTimeout(done))

test('nobody is asked where no reason is needed', async () => {
  const { asking, withReason } = useReason()
  expect(await withReason(() => Promise.resolve(1))).toBe(1)
  expect(asking.value).toBeNull()
})

test('a reason is asked once, with the words of the host, and the work repeated with it', async () => {
  const { asking, withReason } = useReason()
  const run = work()
  const done = withReason(run)
  await settle()
  expect(asking.value?.note).toBe('请写明原因')
  asking.value?.answer('寄给上级单位')
  expect(await done).toBe('done: 寄给上级单位')
  expect(asking.value).toBeNull()
  expect(run.mock.calls).toEqual([[], ['寄给上级单位']])
})

test('another wish voids the question before it', async () => {
  const { asking, withReason } = useReason()
  const first = work()
  const dropped = withReason(first)
  await settle()
  const second = withReason(work())
  expect(await dropped).toBeNull()
  await settle()
  asking.value?.answer('第二个')
  expect(await second).toBe('done: 第二个')
  expect(first).toHaveBeenCalledTimes(1)
})

test('other refusals are passed on', async () => {
  const { withReason } = useReason()
  await expect(
    withReason(() => Promise.reject(new HostError('case_confidential', {}, ''))),
  ).rejects.toMatchObject({ code: 'case_confidential' })
})
