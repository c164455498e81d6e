// Characters that paper may have no font for: the host knows its fonts, and is asked only about what is seldom typed.
import { ref, watch } from 'vue'
import { call } from '@/host/call'

/** What every paper prints; anything else is asked for. */
const USUAL = /^[\s\u0020-\u024F\u2010-\u2027\u3000-\u303F\u4E00-\u9FA5\uFF00-\uFFE6]*$/u
/** Typing goes on meanwhile. */
const REST = 400

export const usual = (text: string) => USUAL.test(text)

/** The code points of a text that no font has, as they will be printed: `U+1F9FF`. Nothing while that is not known. */
export function useGlyphs(text: () => string) {
  const codes = ref<string[]>([])
  let asks = 0
  watch(
    text,
    (typed, _, onCleanup) => {
      const mine = (asks += 1)
      if (usual(typed)) {
        codes.value = []
        return
      }
      const later = setTimeout(async () => {
        // A warning that cannot be given keeps nobody from typing.
        const answer = await call('form.glyphs', { text: typed }).catch(() => null)
        if (mine === asks) codes.value = answer?.missing.map((m) => m.code) ?? []
      }, REST)
      onCleanup(() => clearTimeout(later))
    },
    { immediate: true },
  )
  return codes
}
