// Times as the page writes them: by the institution's clock.

const two = (n: number) => String(n).padStart(2, '0')

// The institution's zone, as the host writes every time; the PC's own is never asked.
const ZONE = '+08:00'
const ZONE_MS = 8 * 3600_000

/** A moment by the institution's clock, to be read with the UTC getters. */
function local(iso: string): Date {
  return new Date(Date.parse(iso) + ZONE_MS)
}

/** 9月30日 16:10; midnight is said as 24:00 of the day before. */
export function moment(iso: string): string {
  const d = local(iso)
  const midnight = d.getUTCHours() === 0 && d.getUTCMinutes() === 0
  const day = midnight ? new Date(d.getTime() - 60_000) : d
  const clock = midnight ? '24:00' : `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`
  return `${day.getUTCMonth() + 1}月${day.getUTCDate()}日 ${clock}`
}

/** 2026-09-30 16:10: with its year, for what is read long afterwards. */
export function dated(iso: string): string {
  return local(iso).toISOString().slice(0, 16).replace('T', ' ')
}

/** 16:10:05: for what has just happened. */
export function timeOfDay(iso: string): string {
  return local(iso).toISOString().slice(11, 19)
}

/** The value of a datetime-local input for a moment, and back. */
export function toInput(iso: string): string {
  return local(iso).toISOString().slice(0, 16)
}
export function fromInput(text: string): string {
  return `${text}:00${ZONE}`
}
