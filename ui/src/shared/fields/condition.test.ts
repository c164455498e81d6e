import { describe, expect, it } from 'vitest'
import { holds } from './condition'

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
