import { expect, test } from 'vitest'
import { ref } from 'vue'
import { useSteadyList } from './useSteadyList'

const order = (rows: { id: string }[]) => rows.map((r) => r.id).join()

test('rows stay where they are under the pointer, and what is new waits', () => {
  const rows = ref([
    { id: 'a', n: 1 },
    { id: 'b', n: 1 },
  ])
  const { shown, news, take, hold } = useSteadyList(rows, order)
  hold.pointerenter()
  rows.value = [
    { id: 'a', n: 2 },
    { id: 'b', n: 1 },
  ]
  expect([shown.value?.[0]?.n, news.value]).toEqual([2, false])
  rows.value = [
    { id: 'c', n: 1 },
    { id: 'a', n: 3 },
  ]
  expect([order(shown.value ?? []), news.value]).toEqual(['a,b', true])
  take()
  expect([order(shown.value ?? []), news.value]).toEqual(['c,a', false])
  rows.value = [{ id: 'd', n: 1 }]
  expect(news.value).toBe(true)
  hold.pointerleave()
  expect([order(shown.value ?? []), news.value]).toEqual(['d', false])
})

test('another filter is another list, also under the pointer', () => {
  const rows = ref([{ id: 'a' }])
  let place = 'all'
  const { shown, hold } = useSteadyList(rows, order, () => place)
  hold.focusin()
  place = 'late'
  rows.value = [{ id: 'b' }]
  expect(order(shown.value ?? [])).toBe('b')
})
