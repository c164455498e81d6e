// A list whose rows do not move under the pointer: what is new waits until somebody takes it, or looks elsewhere.
import { computed, ref, shallowRef, watch, type Ref } from 'vue'

/** `rows` as they are shown; `news`: others are there; `hold` goes onto the list with v-on. */
export function useSteadyList<T>(
  rows: Ref<T | undefined>,
  order: (rows: T) => string,
  place: () => string = () => '',
) {
  const shown = shallowRef<T | undefined>(rows.value)
  let at = place()
  const [pointed, focused] = [ref(false), ref(false)]
  const news = computed(
    () => rows.value !== undefined && shown.value !== undefined && order(rows.value) !== order(shown.value),
  )
  const take = () => {
    at = place()
    shown.value = rows.value
  }
  watch(
    [rows, pointed, focused],
    () => {
      // The same rows in the same places say at once what is new of them; another filter or page is another list.
      if ((!pointed.value && !focused.value) || !news.value || at !== place()) take()
    },
    { flush: 'sync' },
  )
  const hold = {
    pointerenter: () => (pointed.value = true),
    pointerleave: () => (pointed.value = false),
    focusin: () => (focused.value = true),
    focusout: () => (focused.value = false),
  }
  return { shown, news, take, hold }
}
