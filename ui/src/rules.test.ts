import { describe, expect, it } from 'vitest'
import en from '../../locales/ui.en.json'
import zh from '../../locales/ui.zh-CN.json'
import y2025 from '../../procedures/calendars/2025.json'
import y2026 from '../../procedures/calendars/2026.json'
import { isHoliday, isWorkday } from 'chinese-days'
import { isComposing, onEnter } from './composition'
import { holds } from './condition'
import { toHostError } from './host'
import { moment } from './words'

describe('conditions', () => {
  const values: Record<string, unknown> = {
    a: 'x',
    many: ['x', 'y'],
    yes: true,
    party: { id: '1', name: 'n', marks: ['important'] },
  }
  const look = (f: string) => values[f]
  it.each([
    [{ a: 'x' }, true],
    [{ a: ['y', 'x'] }, true],
    [{ party: ['new_customer', 'important'] }, true],
    [{ party: 'new_customer' }, false],
    [{ many: 'y' }, true],
    [{ a: 'y' }, false],
    [{ yes: true }, true],
    [{ none: false }, false],
    [{ none: { unless: true } }, true],
    [{ yes: { unless: true } }, false],
    [{ none: { given: false } }, true],
    [{ a: { given: false } }, false],
    [{}, true],
  ])('%j is %s', (when, is) => expect(holds(when as Record<string, unknown>, look)).toBe(is))
})

describe('enter', () => {
  it('never submits while an IME composes', () => {
    let sent = 0
    const key = (init: KeyboardEventInit) =>
      new KeyboardEvent('keydown', { key: 'Enter', cancelable: true, ...init })
    const act = onEnter(() => sent++)
    act(key({ isComposing: true }))
    expect(sent).toBe(0)
    act(key({}))
    expect(sent).toBe(1)
    expect(isComposing({ isComposing: false, keyCode: 229 } as KeyboardEvent)).toBe(true)
  })
})

it('midnight is said as 24:00 of the day before', () => {
  expect(moment('2026-10-09T00:00:00+08:00')).toBe('10月8日 24:00')
  expect(moment('2026-10-10T17:30:00+08:00')).toBe('10月10日 17:30')
})

it('a host error keeps code and sentence', () => {
  expect(toHostError({ code: 'barred', params: {}, message: '回避' })).toMatchObject({
    code: 'barred',
    message: '回避',
  })
})

it('both languages know the same words', () => {
  const keys = (o: object, at = ''): string[] =>
    Object.entries(o).flatMap(([k, v]) => (typeof v === 'object' ? keys(v, `${at}${k}.`) : [`${at}${k}`]))
  expect(keys(en)).toEqual(keys(zh))
})

it('the calendars agree with an independent package', () => {
  for (const file of [y2025, y2026]) {
    for (const d of file.days) {
      if (d.isOffDay) expect(isHoliday(d.date), d.date).toBe(true)
      else expect(isWorkday(d.date), d.date).toBe(true)
    }
  }
})
