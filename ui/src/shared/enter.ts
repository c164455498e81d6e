/** Enter that ends an IME composition is not Enter: it never submits. */
export function isComposing(e: KeyboardEvent): boolean {
  return e.isComposing || e.keyCode === 229
}

/** Runs `act` on Enter (with Ctrl where `ctrl`), never during composition. */
export function onEnter(act: () => void, ctrl = false) {
  return (e: KeyboardEvent) => {
    if (e.key !== 'Enter' || isComposing(e) || (ctrl && !e.ctrlKey && !e.metaKey)) return
    e.preventDefault()
    act()
  }
}
