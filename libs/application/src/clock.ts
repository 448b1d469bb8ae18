/** The one place where the application asks what time it is; tests and the demo move it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }

let last = { epochMilliseconds: 0, instant: '1970-01-01T00:00:00.000Z' }

/** An instant as events spell it: UTC, milliseconds. Many ask within one. */
export function instantAt(epochMilliseconds: number): string {
  if (epochMilliseconds !== last.epochMilliseconds) {
    last = { epochMilliseconds, instant: new Date(epochMilliseconds).toISOString() }
  }
  return last.instant
}
