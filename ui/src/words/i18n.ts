// The page's own words in both languages; what a procedure says stays Chinese.
import { watch } from 'vue'
import { createI18n } from 'vue-i18n'
import en from '../../../locales/ui.en.json'
import zh from '../../../locales/ui.zh-CN.json'
import { preferences } from './preferences'

export const i18n = createI18n({
  legacy: false,
  locale: preferences.language,
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': zh, en },
})
watch(
  () => preferences.language,
  (to) => (i18n.global.locale.value = to),
  { flush: 'sync' },
)

export const t = i18n.global.t
export const te = i18n.global.te
export const language = (): string => i18n.global.locale.value
