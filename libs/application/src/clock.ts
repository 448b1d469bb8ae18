/** The one place where the application asks what time it is; tests and the demo move it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }

/** An instant as events spell it: UTC, milliseconds. */
export function instantAt(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toISOString()
}
