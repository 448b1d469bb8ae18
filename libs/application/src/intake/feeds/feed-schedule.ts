const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const WAIT_MS_MAX = 6 * HOUR_MS
/** As long as a site may ask us to stay away. */
const RETRY_AFTER_MS_MAX = 24 * HOUR_MS
/** Of the time between two polls, so that feeds of one county are not all fetched at once. */
const JITTER = 0.1
const DOUBLINGS_MAX = 10

/** Milliseconds until a feed is looked at again. `random`: from 0 to 1. */
export function waitMs(everyMinutes: number, failures: number, random: number, retryAfterMs = 0): number {
  const usual = everyMinutes * MINUTE_MS
  const backedOff = Math.max(usual, Math.min(usual * 2 ** Math.min(failures, DOUBLINGS_MAX), WAIT_MS_MAX))
  const spread = backedOff * (1 - JITTER + 2 * JITTER * random)
  return Math.round(Math.max(spread, Math.min(retryAfterMs, RETRY_AFTER_MS_MAX)))
}

/** Longer than anybody waits: a time further off was written before the clock was set back. */
export const DUE_IN_MS_MAX = 2 * RETRY_AFTER_MS_MAX

/** What `Retry-After` asks for, in milliseconds: seconds or a date (RFC 9110 §10.2.3); 0 where it says nothing. */
export function retryAfterMs(header: string | undefined, nowMs: number): number {
  if (header === undefined) return 0
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1_000
  const at = Date.parse(header)
  return Number.isNaN(at) ? 0 : Math.max(0, at - nowMs)
}
