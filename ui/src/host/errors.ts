// What a host refuses, as every part of the page sees it.
import { t } from '@/words/i18n'

/** A refusal as every door gives it: the sentence is already made. */
export class HostError extends Error {
  constructor(
    readonly code: string,
    readonly params: Record<string, unknown>,
    message: string,
  ) {
    super(message)
  }
}

/** Turns whatever a host rejects with into a HostError. */
export function toHostError(e: unknown): HostError {
  if (e instanceof HostError) return e
  const o = (typeof e === 'object' && e !== null ? e : {}) as Record<string, unknown>
  const message = typeof o.message === 'string' ? o.message : String(e)
  // What the page itself stumbled over speaks English, and says nothing of what to do.
  if (typeof o.code !== 'string') return new HostError('internal', {}, t('host.page', { detail: message }))
  return new HostError(o.code, (o.params ?? {}) as Record<string, unknown>, message)
}

/** The host did not answer, and nobody knows whether it did what it was asked. */
export const AWAY = 'host_away'
export const awayError = (words = t('host.away.host')) => new HostError(AWAY, {}, words)
