import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { SessionState } from '@/generated/api'
import { session } from '@/host/session'
import { elapsed } from './elapsed'

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-16T01:00:00Z') })
  session.state = { now: '2026-11-16T09:40:00+08:00', training: false, user: { id: '1' } } as SessionState
})
afterEach(() => vi.useRealTimers())

test('a limit that is only a word says how long it has stood', () => {
  expect(elapsed('2026-11-13T07:30:00+08:00')).toBe(' · 已 3 天 2 小时')
  expect(elapsed('2026-11-16T06:00:00+08:00')).toBe(' · 已 3 小时')
  expect(elapsed('2026-11-16T09:00:00+08:00')).toBe('')
})
