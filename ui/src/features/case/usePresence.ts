// Who else has the same case open.
import { useIntervalFn } from '@vueuse/core'
import { onMounted, onUnmounted, ref, watch, type Ref } from 'vue'
import type { PresentView } from '@/generated/api'
import { call } from '@/host/call'
import { session } from '@/host/session'
import { onChange } from '@/queries/changeFeed'

/** The host forgets a window that has said nothing for 45 s. */
const AGAIN = 20_000

/** Says that this window has a case open, and whether something is filled in; gives who else has. */
export function usePresence(id: Ref<string | undefined>, typing: Ref<boolean>): Ref<PresentView[]> {
  const others = ref<PresentView[]>([])
  // While the host is away one saying waits; the newest follows it.
  let [saying, again] = [false, false]
  const say = async () => {
    const mine = id.value
    again = saying
    if (!mine || session.locked || saying) return
    saying = true
    const answer = await call('case.present', { case: mine, typing: typing.value }).catch(() => [])
    saying = false
    if (mine === id.value) others.value = answer
    if (again) void say()
  }
  watch([id, typing], () => {
    if (!id.value) others.value = []
    void say()
  })
  onChange((notice) => {
    if (notice.kind === 'missed' || (notice.kind === 'present' && notice.case === id.value)) void say()
  })
  onMounted(() => void say())
  useIntervalFn(say, AGAIN)
  onUnmounted(() => {
    again = false
    void call('case.present', { case: null, typing: false }).catch(() => undefined)
  })
  return others
}
