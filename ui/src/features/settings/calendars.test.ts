import { isHoliday, isWorkday } from 'chinese-days'
import { expect, it } from 'vitest'
import y2025 from '../../../../procedures/calendars/2025.json'
import y2026 from '../../../../procedures/calendars/2026.json'

it('the calendars agree with an independent package', () => {
  for (const file of [y2025, y2026]) {
    for (const d of file.days) {
      if (d.isOffDay) expect(isHoliday(d.date), d.date).toBe(true)
      else expect(isWorkday(d.date), d.date).toBe(true)
    }
  }
})
