import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { holds } from './condition'

// The engine is held against the same table (crates/domain/tests/conditions.rs).
const table = JSON.parse(readFileSync('../tests/tables/conditions.json', 'utf8')) as {
  values: Record<string, unknown>
  cases: [Record<string, unknown>, boolean][]
}

test.each(table.cases)('%j is %s', (when, is) => {
  expect(holds(when, (field) => table.values[field])).toBe(is)
})
