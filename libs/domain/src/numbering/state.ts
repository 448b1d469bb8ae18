import type { NumberingEvent } from './events.ts'

export interface Numbering {
  /** The next number not yet reserved. */
  next: number
  lastReservation: string | null
  events: number
}

export const initialNumbering: Numbering = { next: 1, lastReservation: null, events: 0 }

/** The state after an event. */
export function evolveNumbering(state: Numbering, event: NumberingEvent): Numbering {
  return { next: event.data.to + 1, lastReservation: event.data.reservation, events: state.events + 1 }
}
