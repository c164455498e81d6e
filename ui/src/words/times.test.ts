import { expect, it } from 'vitest'
import { moment } from './times'

it('midnight is said as 24:00 of the day before', () => {
  expect(moment('2026-10-09T00:00:00+08:00')).toBe('10月8日 24:00')
  expect(moment('2026-10-10T17:30:00+08:00')).toBe('10月10日 17:30')
})
