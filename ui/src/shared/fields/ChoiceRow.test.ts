import { afterEach, expect, test } from 'vitest'
import { createApp, h, nextTick, ref, type App } from 'vue'
import ChoiceRow from './ChoiceRow.vue'

const options = ['a', 'b', 'c'].map((id) => ({ id, title: id.toUpperCase() }))
let app: App | undefined
afterEach(() => {
  app?.unmount()
  document.body.innerHTML = ''
})

/** A row on the page, and what is chosen in it. */
function row(many: boolean, optional: boolean, first?: string | string[]) {
  const chosen = ref<string | string[] | null | undefined>(first)
  const root = document.body.appendChild(document.createElement('div'))
  const set = (v: string | string[] | null | undefined) => (chosen.value = v)
  app = createApp(() =>
    h(ChoiceRow, { options, many, optional, modelValue: chosen.value, 'onUpdate:modelValue': set }),
  )
  app.mount(root)
  const buttons = [...root.querySelectorAll('button')]
  const press = async (key: string) => {
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
    await nextTick()
  }
  return { chosen, root, buttons, press }
}

test('a single choice follows the arrow keys around the row, and the tab key comes to it', async () => {
  const { chosen, root, buttons, press } = row(false, false, 'b')
  expect(root.querySelector('[role=radiogroup]')).not.toBeNull()
  expect(buttons.map((b) => b.tabIndex)).toEqual([-1, 0, -1])
  buttons[1]?.focus()
  await press('ArrowRight')
  await press('ArrowRight')
  expect(chosen.value).toBe('a')
  await press('End')
  expect(chosen.value).toBe('c')
  expect(document.activeElement).toBe(buttons[2])
  buttons[2]?.click()
  expect(chosen.value, 'what must be chosen stays chosen').toBe('c')
})

test('what may be left open is taken back by choosing it again', async () => {
  const { chosen, buttons } = row(false, true)
  buttons[0]?.click()
  await nextTick()
  expect(chosen.value).toBe('a')
  buttons[0]?.click()
  expect(chosen.value).toBeUndefined()
})

test('of many the arrow keys only go along, and each is taken by itself', async () => {
  const { chosen, root, buttons, press } = row(true, false, ['a'])
  expect(root.querySelectorAll('[role=checkbox][aria-checked=true]').length).toBe(1)
  buttons[0]?.focus()
  await press('ArrowDown')
  expect(chosen.value).toEqual(['a'])
  expect(buttons.map((b) => b.tabIndex)).toEqual([-1, 0, -1])
  buttons[1]?.click()
  await nextTick()
  expect(chosen.value).toEqual(['a', 'b'])
  buttons[0]?.click()
  expect(chosen.value).toEqual(['b'])
})
