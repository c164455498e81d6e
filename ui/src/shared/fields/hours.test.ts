import { expect, it } from 'vitest'
import { clockTime, pastMidnight } from './hours'

it.each([
  ['08:30', '08:30:00'],
  ['8:30', '08:30:00'],
  ['0830', '08:30:00'],
  ['８：３０', '08:30:00'],
  [' 23:59 ', '23:59:00'],
  ['0:00', '00:00:00'],
  ['24:00', null],
  ['25:00', null],
  ['12:60', null],
  ['noon', null],
  ['', null],
  ['8', null],
])('a beginning typed as %s is %s', (typed, time) => expect(clockTime(typed, false)).toBe(time))

it.each([
  ['24:00', '24:00:00'],
  ['2400', '24:00:00'],
  ['24:01', null],
  ['06:00', '06:00:00'],
])('an end typed as %s is %s', (typed, time) => expect(clockTime(typed, true)).toBe(time))

it('a shift past midnight is seen, and the end of the day is none', () => {
  expect(pastMidnight({ from: '22:00:00', to: '06:00:00' })).toBe(true)
  expect(pastMidnight({ from: '08:00:00', to: '08:00:00' })).toBe(true)
  expect(pastMidnight({ from: '00:00:00', to: '24:00:00' })).toBe(false)
  expect(pastMidnight({ from: '08:00:00', to: '12:00:00' })).toBe(false)
})
