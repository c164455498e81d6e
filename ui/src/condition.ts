// The same typed conditions as the engine's: which fields are asked depends on what was entered.
import { given } from './value'

export type Condition = Record<string, unknown>

export function holds(when: Condition, look: (field: string) => unknown): boolean {
  return Object.entries(when).every(([field, expect]) => met(expect, look(field)))
}

function met(expect: unknown, value: unknown): boolean {
  const is = (id: string) => value === id || (Array.isArray(value) && value.includes(id))
  if (typeof expect === 'boolean') return (value === true) === expect
  if (typeof expect === 'string') return is(expect)
  if (Array.isArray(expect)) return expect.some((e) => is(String(e)))
  return given(value) === (expect as { given: boolean }).given
}
