import { expect, test, vi } from 'vitest'
import { HostError } from '@/host/errors'
import { useWhy } from './reason'

const needed = new HostError('why_needed', {}, '请写明原因')
const work = () => vi.fn((why?: string) => (why ? Promise.resolve(`done: ${why}`) : Promise.reject(needed)))
const settle = () => new Promise((done) => setTimeout(done))

test('nobody is asked where no reason is needed', async () => {
  const { asking, withWhy } = useWhy()
  expect(await withWhy(() => Promise.resolve(1))).toBe(1)
  expect(asking.value).toBeNull()
})

test('a reason is asked once, with the words of the host, and the work repeated with it', async () => {
  const { asking, withWhy } = useWhy()
  const run = work()
  const done = withWhy(run)
  await settle()
  expect(asking.value?.note).toBe('请写明原因')
  asking.value?.answer('寄给上级单位')
  expect(await done).toBe('done: 寄给上级单位')
  expect(asking.value).toBeNull()
  expect(run.mock.calls).toEqual([[], ['寄给上级单位']])
})

test('another wish voids the question before it', async () => {
  const { asking, withWhy } = useWhy()
  const first = work()
  const dropped = withWhy(first)
  await settle()
  const second = withWhy(work())
  expect(await dropped).toBeNull()
  await settle()
  asking.value?.answer('第二个')
  expect(await second).toBe('done: 第二个')
  expect(first).toHaveBeenCalledTimes(1)
})

test('other refusals are passed on', async () => {
  const { withWhy } = useWhy()
  await expect(
    withWhy(() => Promise.reject(new HostError('case_confidential', {}, ''))),
  ).rejects.toMatchObject({ code: 'case_confidential' })
})
