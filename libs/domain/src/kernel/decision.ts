import type { ErrorCode } from './errors.ts'

/** What a decision comes to: events to append, nothing because it is already so, or a refusal with a code. */
export type Decision<Event> =
  | { outcome: 'accepted'; events: Event[] }
  | { outcome: 'nothing' }
  | { outcome: 'refused'; code: ErrorCode; detail: string | null }

export function accept<Event>(...events: Event[]): Decision<Event> {
  return { outcome: 'accepted', events }
}

/** What was asked for is already so; repeating gives nothing rather than a refusal (DOMAIN §6). */
export function nothing<Event>(): Decision<Event> {
  return { outcome: 'nothing' }
}

/** `detail` adds what the code alone does not say: the state found, the date expected. Never personal data. */
export function refuse<Event>(code: ErrorCode, detail: string | null = null): Decision<Event> {
  return { outcome: 'refused', code, detail }
}
