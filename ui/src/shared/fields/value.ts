import type { FieldView } from '@/generated/api'
import { holds } from './condition'
import { given, isMeasure } from './given'

export type Values = Record<string, unknown>

/** What was typed as a number, also in the wide digits of a Chinese keyboard; else the text, e.g. "<0.5". */
function numeric(typed: unknown): unknown {
  if (typeof typed !== 'string') return typed
  const text = typed.normalize('NFKC').trim()
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : typed.trim()
}

/** A measured value: a laboratory's "4.20" says more than 4.2, and stays as it was typed. */
function exact(typed: unknown): unknown {
  const text = typeof typed === 'string' ? typed.normalize('NFKC').trim() : ''
  return /^[+-]?\d+\.\d*0$/.test(text) ? text : numeric(typed)
}

/** A value as the host takes it: fields keep what is typed, since "4." is on its way to 4.2. */
function ready(field: FieldView, value: unknown): unknown {
  if (field.kind === 'number') return numeric(value)
  if (field.kind === 'measure' && isMeasure(value)) {
    const unit = value.unit?.trim()
    return given(value) ? { value: exact(value.value), ...(unit ? { unit } : {}) } : undefined
  }
  if (field.kind !== 'rows' || !Array.isArray(value)) return value
  return value.map((row: Values) =>
    Object.fromEntries(
      Object.entries(row).map(([id, cell]) => {
        const column = field.columns.find((c) => c.id === id)
        return [id, column ? ready(column, cell) : cell]
      }),
    ),
  )
}

/** The fields that are asked now. */
export function asked(fields: FieldView[], values: Values, known: Values = {}): FieldView[] {
  const look = (f: string) => (given(values[f]) ? values[f] : known[f])
  return fields.filter((f) => holds(f.when, look))
}

/** What is sent: only what is asked and given. */
export function toSend(fields: FieldView[], values: Values, known: Values = {}): Values {
  return Object.fromEntries(
    asked(fields, values, known)
      .filter((f) => given(values[f.id]))
      .map((f) => [f.id, ready(f, values[f.id])]),
  )
}

/** What was typed, each with the title of its field: to be read and copied. */
export function inWords(fields: FieldView[], values: Values): [title: string, text: string][] {
  const all = Object.entries(values).filter(([, v]) => given(v))
  return all
    .map(([id, v]): [string, string] => {
      const field = fields.find((f) => f.id === id)
      return [field?.title ?? '', plain(field, v)]
    })
    .filter(([, text]) => text)
}

function plain(field: FieldView | undefined, value: unknown): string {
  if (typeof value === 'string') return field?.choices?.find((c) => c.id === value)?.title ?? value
  if (isMeasure(value)) return `${value.value} ${value.unit ?? ''}`.trim()
  if (Array.isArray(value)) return value.map((v) => plain(field, v)).join('；')
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .map(([id, v]) =>
      plain(
        field?.columns?.find((c) => c.id === id),
        v,
      ),
    )
    .join('，')
}
