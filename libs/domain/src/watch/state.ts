import type { WatchEvent } from './events.ts'

/** What was said to a department on a day. */
export interface Watch {
  drawn: boolean
  reminded: boolean
}

export const initialWatch: Watch = { drawn: false, reminded: false }

/** The state after an event. */
export function evolveWatch(state: Watch, { type }: WatchEvent): Watch {
  return type === 'WatchListDrawn' ? { ...state, drawn: true } : { ...state, reminded: true }
}
