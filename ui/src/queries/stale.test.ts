import { expect, test } from 'vitest'
import { READS, STALE } from '@/generated/api'
import * as options from './options'
import { queryClient } from './client'
import { topicsOf } from './stale'

test('every query of the page says on what it depends', () => {
  for (const make of Object.values(options)) {
    const made = (make as (request: never) => { meta?: Record<string, unknown> })({} as never)
    expect(topicsOf({ meta: made.meta }), String(made.meta?.command)).not.toEqual([])
  }
})

test('every topic that a command makes stale is read by another', () => {
  const read = new Set(Object.values(READS).flat())
  expect(
    Object.values(STALE)
      .flat()
      .filter((topic) => !read.has(topic)),
  ).toEqual([])
})

test('what depends on nothing that changed is not read again', async () => {
  const count = { people: 0, cases: 0 }
  const watch = (key: 'people' | 'cases', command: string) =>
    queryClient.prefetchQuery({
      queryKey: [key],
      queryFn: () => (count[key] += 1),
      meta: { command },
    })
  await watch('people', 'person.list')
  await watch('cases', 'case.list')
  const { reread } = await import('./stale')
  await reread('people')
  expect(queryClient.getQueryState(['people'])?.isInvalidated).toBe(true)
  expect(queryClient.getQueryState(['cases'])?.isInvalidated).toBe(false)
})
