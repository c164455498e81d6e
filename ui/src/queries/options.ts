// What the page reads from the host, each once: its key and its command.
import { queryOptions } from '@tanstack/vue-query'
import type { Commands } from '@/generated/api'
import { call } from '@/host/call'

function read<N extends keyof Commands>(key: readonly unknown[], name: N, payload: Commands[N]['request']) {
  return queryOptions({ queryKey: key, queryFn: () => call(name, payload), meta: { command: name } })
}

export const accounts = () => read(['people'], 'person.list', {})
export const anchorPlaces = () => read(['anchor-places'], 'audit.places', {})
export const backupKey = () => read(['backup-key'], 'backup_key.get', {})
export const backups = () => read(['backups'], 'backup.list', {})
export const calendarOf = (year: number) => read(['calendar', year], 'calendar.get', { year })
export const caseOf = (id: string) => read(['case', id], 'case.get', { case: id })
export const cases = (request: Commands['case.list']['request']) =>
  read(['cases', request], 'case.list', request)
export const damage = () => read(['damage'], 'office.damage', {})
export const delegates = () => read(['delegates'], 'delegate.list', {})
/** Whose list it is changes what it offers: another person's is another list. */
export const disposals = (person?: string) =>
  read(person ? ['disposal', person] : ['disposal'], 'disposal.list', {})
export const drafts = () => read(['drafts'], 'draft.list', {})
export const editions = () => read(['editions'], 'procedure.editions', {})
export const encryption = () => read(['encryption'], 'encryption.get', {})
export const grants = () => read(['grants'], 'grant.list', {})
export const numbering = () => read(['numbers'], 'numbers.get', {})
export const office = () => read(['office'], 'office.get', {})
export const officeClock = () => read(['office-clock'], 'office.clock', {})
export const owedReports = () => read(['duties'], 'report.due', {})
export const parties = (request: Commands['party.list']['request'] = {}) =>
  read(['parties', request], 'party.list', request)
export const procedureOf = (id: string) => read(['procedure', id], 'procedure.get', { id })
export const procedures = () => read(['procedures'], 'procedure.list', {})
export const secondFactor = (person?: string) => read(['second-factor', person], 'session.second_factor', {})
export const targets = () => read(['targets'], 'target.list', {})
export const worklist = () => read(['worklist'], 'worklist.get', {})
