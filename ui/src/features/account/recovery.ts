import { reactive } from 'vue'

/**
 * Recovery codes that were just made: shown once, they stay until whoever they are for says that they are kept. While
 * they or a QR code are looked at, nothing else is asked beside them.
 */
export const recovery = reactive<{ codes: string[]; setting: boolean }>({ codes: [], setting: false })

/** What a text is as a file, as the saving of files takes it. */
export const bytesOf = (text: string): Blob => new Blob([text], { type: 'text/plain;charset=utf-8' })
