// Whether something was entered: for what is sent and for what is asked.

/** Whether something was entered. */
export function given(value: unknown): boolean {
  if (value === undefined || value === null) return false
  if (typeof value === 'string') return value.trim() !== ''
  if (isMeasure(value)) return given(value.value)
  return !Array.isArray(value) || value.length > 0
}

/** A measured value and its unit; the value is a text as long as it is being typed. */
export interface Measure {
  value?: number | string
  unit?: string
}
export function isMeasure(value: unknown): value is Measure {
  return typeof value === 'object' && value !== null && ('value' in value || 'unit' in value)
}
