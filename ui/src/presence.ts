// Who else has the same case open.
import { onMounted, onUnmounted, ref, watch, type Ref } from 'vue'
import type { PresentView } from './generated/api'
import { call } from './link'
import { session } from './session'
import { onTold } from './told'

/** The host forgets a window that has said nothing for 45 s. */
const AGAIN = 20_000

/** Says that this window has a case open, and whether something is filled in; gives who else has. */
export function usePresence(id: Ref<string | undefined>, typing: Ref<boolean>): Ref<PresentView[]> {
  const others = ref<PresentView[]>([])
  let timer: ReturnType<typeof setInterval> | undefined
  const say = async () => {
    const mine = id.value
    if (!mine || session.locked) return
    const answer = await call('case.present', { case: mine, typing: typing.value }).catch(() => [])
    if (mine === id.value) others.value = answer
  }
  watch([id, typing], () => {
    if (!id.value) others.value = []
    void say()
  })
  onTold((told) => {
    if (told.kind === 'missed' || (told.kind === 'present' && told.case === id.value)) void say()
  })
  onMounted(() => {
    timer = setInterval(say, AGAIN)
    void say()
  })
  onUnmounted(() => {
    clearInterval(timer)
    void call('case.present', { case: null, typing: false }).catch(() => undefined)
  })
  return others
}
