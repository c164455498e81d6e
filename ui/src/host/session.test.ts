import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { SessionState } from '@/generated/api'
import { call } from './call'
import { hostNowAsked } from './loadSession'
import { hostNow, session } from './session'

vi.mock('./call', () => ({ call: vi.fn() }))
const state = (now: string, training = false) => ({ now, training, user: { id: '1' } }) as SessionState

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-16T01:00:00Z') })
  vi.mocked(call).mockReset()
})
afterEach(() => vi.useRealTimers())

test('the time is what the host says now, not what it said when somebody signed in', async () => {
  session.state = state('2026-11-16T09:40:00+08:00')
  vi.setSystemTime(new Date('2026-11-16T04:00:00Z'))
  expect(hostNow()).toBe('2026-11-16T04:40:00.000Z')
  expect(await hostNowAsked()).toBe('2026-11-16T04:40:00.000Z')
  expect(call).not.toHaveBeenCalled()
})

test('for practice the clock may be set or stopped: it is asked', async () => {
  session.state = state('2026-11-16T09:40:00+08:00', true)
  vi.setSystemTime(new Date('2026-11-16T04:00:00Z'))
  vi.mocked(call).mockResolvedValue(state('2026-11-16T09:40:00+08:00', true) as never)
  expect(await hostNowAsked()).toBe('2026-11-16T01:40:00.000Z')
})

test('a host that was started again takes nobody away from what they type', async () => {
  session.state = state('2026-11-16T09:40:00+08:00', true)
  vi.mocked(call).mockResolvedValue({ ...state('2026-11-16T09:40:00+08:00', true), user: null } as never)
  await hostNowAsked()
  expect(session.state.user?.id).toBe('1')
})
