// Days and times as people type them: `2026-11-16 9:40`, `20261116 0940`, `11-16`, `11月16日 9点40`, `昨天`.
import { toInput } from '@/words/times'

const DAY = 86_400_000
const WORDS: Record<string, number> = {
  前天: -2,
  昨天: -1,
  yesterday: -1,
  今天: 0,
  today: 0,
  明天: 1,
  tomorrow: 1,
}
const FORMS = [
  /^(?<year>\d{4})[-/.年](?<month>\d{1,2})[-/.月](?<day>\d{1,2})日?$/,
  /^(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})$/,
  /^(?<month>\d{1,2})[-/.月](?<day>\d{1,2})日?$/,
  /^(?<month>\d{2})(?<day>\d{2})$/,
]
const TIME = /^(?<hours>\d{1,2})(?:[:点时](?<minutes>\d{1,2})?分?|(?<digits>\d{2}))$/
/** A moment as machines write it, with its offset. */
const EXACT = /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:?\d{2})$/

const two = (n: number) => String(n).padStart(2, '0')
const plain = (typed: string) => typed.normalize('NFKC').trim().toLowerCase()

/** `YYYY-MM-DD` of a day as it was typed; without a year it is one of this year. Null where it is none. */
export function readDay(typed: string, today: string): string | null {
  const text = plain(typed)
  const away = WORDS[text]
  if (away !== undefined)
    return new Date(Date.parse(`${today}T00:00:00Z`) + away * DAY).toISOString().slice(0, 10)
  const parts = FORMS.map((f) => f.exec(text)?.groups).find(Boolean)
  if (!parts) return null
  const [year, month, day] = [Number(parts.year ?? today.slice(0, 4)), Number(parts.month), Number(parts.day)]
  const iso = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`
  const real = new Date(`${iso}T00:00:00Z`)
  // The thirty-first of April would be the first of May.
  return !Number.isNaN(real.getTime()) && real.toISOString().startsWith(iso) ? iso : null
}

function readTime(text: string): string | null {
  const parts = TIME.exec(text)?.groups
  if (!parts) return null
  const [hours, minutes] = [Number(parts.hours), Number(parts.minutes ?? parts.digits ?? 0)]
  return hours < 24 && minutes < 60 ? `${two(hours)}:${two(minutes)}` : null
}

/** `YYYY-MM-DDTHH:MM` of a moment as it was typed, by the institution's clock; null where it is none. */
export function readMoment(typed: string, today: string): string | null {
  const exact = typed.trim()
  if (EXACT.test(exact)) return Number.isNaN(Date.parse(exact)) ? null : toInput(exact)
  const parts = /^(?:(.+?[日天])\s*|(.+?)(?:t|\s+))(\d.*)$/.exec(plain(typed))
  if (!parts) return null
  const [day, time] = [readDay(parts[1] ?? parts[2] ?? '', today), readTime(parts[3] ?? '')]
  return day && time ? `${day}T${time}` : null
}
