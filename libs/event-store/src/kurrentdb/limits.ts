/** What bounds the calls to the server. Durations are milliseconds of the monotonic clock. */
export interface KurrentDbLimits {
  /** One attempt of one call. */
  attemptMs: number
  /** All attempts of one call together. */
  totalMs: number
  /** The wait after the first attempt that failed; doubled after each further one. */
  backOffMs: number
  backOffMsMax: number
  /** Appends that are on their way at once; whoever comes later is held back until there is room. */
  appendsAtOnceMax: number
}

export const LIMITS: KurrentDbLimits = {
  attemptMs: 10_000,
  totalMs: 30_000,
  backOffMs: 50,
  backOffMsMax: 2_000,
  appendsAtOnceMax: 256,
}
