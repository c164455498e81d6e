import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Told } from '@/generated/api'
import { gather } from './changeFeed'

const KEYS = [['case', 'x'], ['case', 'y'], ['worklist'], ['people']] as const
let read: string[][] = []
let hear: (told: Told) => void = () => {}
const changed = (...cases: string[]): Told => ({ kind: 'changed', cases, house: false })

beforeEach(() => {
  vi.useFakeTimers()
  read = []
  // The open cases' ids are their keys here.
  hear = gather((touched) => read.push(KEYS.filter((k) => touched(k, k[1])).map((k) => k.join('/'))))
})
afterEach(() => vi.useRealTimers())

test('a change is read at once, and many changes once in a second', () => {
  hear(changed('x'))
  vi.advanceTimersByTime(0)
  expect(read).toEqual([['case/x', 'worklist']])
  for (let n = 0; n < 50; n += 1) hear(changed('y'))
  vi.advanceTimersByTime(999)
  expect(read.length).toBe(1)
  vi.advanceTimersByTime(1)
  expect(read[1]).toEqual(['case/y', 'worklist'])
  vi.advanceTimersByTime(10_000)
  expect(read.length).toBe(2)
})

test('what concerns the house, or was missed, touches everything', () => {
  hear({ kind: 'changed', cases: [], house: true })
  vi.advanceTimersByTime(0)
  hear({ kind: 'missed' })
  vi.advanceTimersByTime(1_000)
  expect(read).toEqual([KEYS.map((k) => k.join('/')), KEYS.map((k) => k.join('/'))])
})

test('who looks at what is no reason to read', () => {
  hear({ kind: 'present', case: 'x' })
  vi.advanceTimersByTime(10_000)
  expect(read).toEqual([])
})
