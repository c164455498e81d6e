import { expect, it } from 'vitest'
import type { FieldView } from '@/generated/api'
import { given } from './given'
import { toSend } from './value'

const field = (id: string, kind: FieldView['kind'], columns: FieldView[] = []) =>
  ({ id, kind, columns, when: {} }) as unknown as FieldView

it.each([
  ['4.2', 4.2],
  ['4.', 4],
  ['4.20', '4.20'],
  ['-0.5', -0.5],
  ['１．５', 1.5],
  [' 7 ', 7],
  ['<0.5', '<0.5'],
  ['未检出', '未检出'],
  ['0x10', '0x10'],
  ['1.2.3', '1.2.3'],
  [4.2, 4.2],
])('a measure typed as %j is sent as %j', (typed, sent) => {
  expect(toSend([field('m', 'measure')], { m: { value: typed, unit: ' % ' } })).toEqual({
    m: { value: sent, unit: '%' },
  })
})

it('a unit alone is nothing measured, and stays while the value is typed anew', () => {
  expect(given({ unit: '%' })).toBe(false)
  expect(given({ value: '', unit: '%' })).toBe(false)
  expect(given({ value: 0 })).toBe(true)
  expect(toSend([field('m', 'measure')], { m: { value: '', unit: '%' } })).toEqual({})
})

it('numbers in rows are numbers too, and an empty cell is none', () => {
  const rows = field('r', 'rows', [field('n', 'number'), field('m', 'measure'), field('t', 'text')])
  expect(toSend([rows], { r: [{ n: '3.10', m: { unit: 'mg' }, t: '4.2' }] })).toEqual({
    r: [{ n: 3.1, m: undefined, t: '4.2' }],
  })
})
