// The shell's own words in both languages; what a procedure says stays Chinese.
import { createI18n } from 'vue-i18n'
import en from '../../../locales/ui.en.json'
import zh from '../../../locales/ui.zh-CN.json'

const kept = localStorage.getItem('language')
export const i18n = createI18n({
  legacy: false,
  locale: kept ?? 'zh-CN',
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': zh, en },
})

export const t = i18n.global.t
export const te = i18n.global.te
export const language = (): string => i18n.global.locale.value
export function setLanguage(to: 'zh-CN' | 'en'): void {
  i18n.global.locale.value = to
  localStorage.setItem('language', to)
}
