// What a registration would bring: the limits that would start, and earlier cases of the same name or phone.
import { watchDebounced } from '@vueuse/core'
import { onBeforeUnmount, ref, type Ref } from 'vue'
import type { CaseLine, ClockView, RegisterRequest } from '@/generated/api'
import { call } from '@/host/call'

/** So long nobody types before it is looked, in milliseconds. */
const QUIET = 600

export function usePreview(request: Ref<RegisterRequest>) {
  const clocks = ref<ClockView[]>([])
  const similar = ref<CaseLine[]>([])
  let [looking, again, ended] = [false, false, false]

  async function look() {
    again = looking
    if (looking || ended) return
    looking = true
    const { procedure, values } = request.value
    try {
      if (procedure) clocks.value = await call('case.preview_clocks', request.value)
      const text = String(values['complainant.phone'] ?? values['complainant.name'] ?? '')
      similar.value = text.length > 1 ? (await call('case.similar', { text })).rows : []
    } catch {
      // A help; what matters is refused by registering itself, with its sentence.
    } finally {
      looking = false
    }
    // What was typed meanwhile is looked at as well.
    if (again) void look()
  }
  watchDebounced(request, () => void look(), { debounce: QUIET })
  onBeforeUnmount(() => (ended = true))
  return { clocks, similar, look }
}
