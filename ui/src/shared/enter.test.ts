import { describe, expect, it } from 'vitest'
import { isComposing, onEnter } from './enter'

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
