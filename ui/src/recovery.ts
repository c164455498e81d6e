import { reactive } from 'vue'

/** Recovery codes that were just made. They are shown once, and stay until whoever they are for says that they are kept. */
export const recovery = reactive<{ codes: string[] }>({ codes: [] })

/** What a text is as a file, as the saving of files takes it. */
export const bytesOf = (text: string): Blob => new Blob([text], { type: 'text/plain;charset=utf-8' })
