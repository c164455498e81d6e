import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Told } from '@/generated/api'
import { gather } from './changeFeed'

const READ = [
  { name: 'case/x', id: 'x', topics: ['case'] },
  { name: 'case/y', id: 'y', topics: ['case'] },
  { name: 'worklist', id: '', topics: ['cases', 'people'] },
  { name: 'people', id: '', topics: ['people'] },
] as const
let read: string[][] = []
let listen: (notice: Told) => void = () => {}
const changed = (...cases: string[]): Told => ({ kind: 'changed', cases, house: false })

beforeEach(() => {
  vi.useFakeTimers()
  read = []
  listen = gather((touched) => read.push(READ.filter((r) => touched(r.topics, r.id)).map((r) => r.name)))
})
afterEach(() => vi.useRealTimers())

test('a change is read at once, and many changes once in a second', () => {
  listen(changed('x'))
  vi.advanceTimersByTime(0)
  expect(read).toEqual([['case/x', 'worklist']])
  for (let n = 0; n < 50; n += 1) listen(changed('y'))
  vi.advanceTimersByTime(999)
  expect(read.length).toBe(1)
  vi.advanceTimersByTime(1)
  expect(read[1]).toEqual(['case/y', 'worklist'])
  vi.advanceTimersByTime(10_000)
  expect(read.length).toBe(2)
})

test('what concerns the office, or was missed, touches everything', () => {
  listen({ kind: 'changed', cases: [], house: true })
  vi.advanceTimersByTime(0)
  listen({ kind: 'missed' })
  vi.advanceTimersByTime(1_000)
  expect(read).toEqual([READ.map((r) => r.name), READ.map((r) => r.name)])
})

test('who looks at what is no reason to read', () => {
  listen({ kind: 'present', case: 'x' })
  vi.advanceTimersByTime(10_000)
  expect(read).toEqual([])
})
