// Opening hours as people type them: `8:30`, `0830`, `８：３０`, and `24:00` for the end of a day.

const MINUTES = 60

/** `HH:MM:SS` of a time as it was typed; null where it is none. Only an end may be `24:00`. */
export function clockTime(typed: string, end: boolean): string | null {
  const text = typed.normalize('NFKC').trim()
  const parts = /^(\d{1,2}):?(\d{2})$/.exec(text)
  if (!parts) return null
  const [hours, minutes] = [Number(parts[1]), Number(parts[2])]
  const all = hours * MINUTES + minutes
  if (minutes >= MINUTES || all > 24 * MINUTES || (all === 24 * MINUTES && !end)) return null
  return `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}:00`
}

/** Whether a period ends on the day after it began. */
export const pastMidnight = (p: { from: string; to: string }): boolean => p.to <= p.from
