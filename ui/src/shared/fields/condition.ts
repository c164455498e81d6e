// The same typed conditions as the engine's: which fields are asked depends on what was entered.
import { given } from './given'

export type Condition = Record<string, unknown>

export function holds(when: Condition, look: (field: string) => unknown): boolean {
  return Object.entries(when).every(([field, expect]) => met(expect, look(field)))
}

function met(expect: unknown, value: unknown): boolean {
  // A party of the register is met by its marks (G16).
  const marks = (value as { marks?: unknown } | null | undefined)?.marks
  const is = (id: string) =>
    value === id ||
    (Array.isArray(value) && value.includes(id)) ||
    (Array.isArray(marks) && marks.includes(id))
  if (typeof expect === 'boolean') return value === expect
  if (typeof expect === 'string') return is(expect)
  if (Array.isArray(expect)) return expect.some((e) => is(String(e)))
  const rule = expect as { given?: boolean; unless?: boolean }
  return rule.unless === undefined ? given(value) === rule.given : value !== rule.unless
}
