/** A period by its first and last day, `YYYY-MM-DD`. */
export interface Period {
  from: string
  to: string
}

const DAY = 86_400_000
const text = (t: number) => new Date(t).toISOString().slice(0, 10)

/** The last whole week, Monday to Sunday, or the last whole month before a day. */
export function lastPeriod(kind: 'week' | 'month', today: string): Period {
  const now = Date.parse(`${today}T00:00:00Z`)
  const d = new Date(now)
  if (kind === 'week') {
    const monday = now - ((d.getUTCDay() + 6) % 7) * DAY
    return { from: text(monday - 7 * DAY), to: text(monday - DAY) }
  }
  const first = Date.UTC(d.getUTCFullYear(), d.getUTCMonth(), 1)
  const before = new Date(first - DAY)
  return { from: text(Date.UTC(before.getUTCFullYear(), before.getUTCMonth(), 1)), to: text(first - DAY) }
}
