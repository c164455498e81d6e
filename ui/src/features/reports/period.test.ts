import { expect, test } from 'vitest'
import { lastPeriod } from './period'

test.each([
  ['week', '2026-11-25', '2026-11-16', '2026-11-22'],
  ['week', '2026-11-23', '2026-11-16', '2026-11-22'],
  ['week', '2026-11-22', '2026-11-09', '2026-11-15'],
  ['week', '2027-01-01', '2026-12-21', '2026-12-27'],
  ['month', '2026-11-25', '2026-10-01', '2026-10-31'],
  ['month', '2027-01-01', '2026-12-01', '2026-12-31'],
  ['month', '2028-03-31', '2028-02-01', '2028-02-29'],
] as const)('the last %s before %s', (kind, today, from, to) => {
  expect(lastPeriod(kind, today)).toEqual({ from, to })
})
