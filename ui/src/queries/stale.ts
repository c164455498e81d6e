// What is read again after a command: the command table says what it makes stale, and on what each answer depends.
import type { Query } from '@tanstack/vue-query'
import { READS, STALE, type Topic } from '@/generated/api'
import { onDone } from '@/host/call'
import { queryClient } from './client'

/** What commands made stale since it was last read again. */
const stale = new Set<Topic>()
onDone((name) => STALE[name]?.forEach((topic) => stale.add(topic)))

/** On what the answer of a query depends. */
export const topicsOf = (query: Pick<Query, 'meta'>): readonly Topic[] =>
  READS[String(query.meta?.command)] ?? []

/** Reads again what the commands since the last time made stale, and what else is named. */
export async function reread(...more: Topic[]): Promise<void> {
  const touched = new Set([...stale, ...more])
  stale.clear()
  await queryClient.invalidateQueries({ predicate: (q) => topicsOf(q).some((topic) => touched.has(topic)) })
}
