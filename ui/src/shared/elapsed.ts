// A limit that is only a word, such as 立即, says how long it has stood.
import { hostNow } from '@/host/session'
import { t } from '@/words/i18n'

const HOUR = 3_600_000

/** " · 已 3 天 2 小时"; nothing within the first hour. */
export function elapsed(since: string): string {
  const all = Math.floor(Math.max(0, Date.parse(hostNow()) - Date.parse(since)) / HOUR)
  if (all < 1) return ''
  const [days, hours] = [Math.floor(all / 24), all % 24]
  return ` · ${t(days ? 'shared.elapsed.days' : 'shared.elapsed.hours', { days, hours })}`
}
