// What somebody has to be told about a case after they went elsewhere, or beside what was done.
import { reactive } from 'vue'
import { session } from '@/host/session'

export interface Notice {
  person: string
  /** Of the case; empty where there is none. */
  number: string
  text: string
  bad: boolean
}

export const notices = reactive<Notice[]>([])

/** Tells whoever did it, and nobody who works here now. */
export function tell(person: string, number: string, text: string, bad: boolean): void {
  notices.push({ person, number, text, bad })
}

export const mine = () => notices.filter((n) => n.person === session.state?.user?.id)

/** Read and put away: one notice, or all about a case. */
export function putAway(which: Notice | string): void {
  const left = notices.filter((n) => (typeof which === 'string' ? n.number !== which : n !== which))
  notices.splice(0, notices.length, ...left)
}
