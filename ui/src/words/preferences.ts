import { useLocalStorage } from '@vueuse/core'
import { defineStore } from 'pinia'
import { pinia } from './pinia'

export type Language = 'zh-CN' | 'en'

/** What somebody set for this browser or window, whoever signs in. */
const usePreferences = defineStore('preferences', () => ({
  language: useLocalStorage<Language>('language', 'zh-CN', { writeDefaults: false }),
}))
export const preferences = usePreferences(pinia)
