import { createPinia } from 'pinia'

/** Where the page keeps its state; also what is no component reads it. */
export const pinia = createPinia()
