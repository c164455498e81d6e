import type { FieldView } from './generated/api'
import { holds } from './condition'

export type Values = Record<string, unknown>

/** Whether something was entered. */
export function given(value: unknown): boolean {
  if (value === undefined || value === null) return false
  if (typeof value === 'string') return value.trim() !== ''
  return !Array.isArray(value) || value.length > 0
}

/** The fields that are asked now. */
export function asked(fields: FieldView[], values: Values, known: Values = {}): FieldView[] {
  const look = (f: string) => (given(values[f]) ? values[f] : known[f])
  return fields.filter((f) => holds(f.when, look))
}

/** What is sent: only what is asked and given. */
export function toSend(fields: FieldView[], values: Values, known: Values = {}): Values {
  return Object.fromEntries(asked(fields, values, known).filter((f) => given(values[f.id])).map((f) => [f.id, values[f.id]]))
}
