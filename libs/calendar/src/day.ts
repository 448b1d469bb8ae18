import { CalendarError } from './errors.ts'

/**
 * Days as whole numbers since 1970-01-01, so that counting is adding. Business time is Asia/Shanghai, eight hours ahead
 * of UTC the whole year; its summer time ended in 1991, before anything that is counted here.
 */
export type DayNumber = number

export const DAY_MS = 86_400_000
const SHANGHAI_OFFSET_MS = 8 * 3_600_000

/** Starts outside these years are slips of the pen, not dates. */
const EARLIEST_MS = Temporal.Instant.from('1949-10-01T00:00:00Z').epochMilliseconds
const LATEST_MS = Temporal.Instant.from('2200-01-01T00:00:00Z').epochMilliseconds

/** `2026-11-23` → its number. Throws `DAY_INVALID` for what is no day, such as 2026-02-30. */
export function dayNumberOf(date: string): DayNumber {
  try {
    return Temporal.Instant.from(`${date}T00:00:00Z`).epochMilliseconds / DAY_MS
  } catch {
    throw new CalendarError('DAY_INVALID', `${JSON.stringify(date)} is no day. Write it as 2026-11-23.`)
  }
}

/** A number → `2026-11-23`. */
export function dateOf(day: DayNumber): string {
  return Temporal.Instant.fromEpochMilliseconds(day * DAY_MS)
    .toString()
    .slice(0, 10)
}

export function isWeekend(day: DayNumber): boolean {
  const sinceSunday = (day + 4) % 7 // day 0 was a Thursday
  return sinceSunday === 0 || sinceSunday === 6 || sinceSunday === -1
}

/** An instant in UTC → milliseconds. Throws `INSTANT_INVALID`, also for years before 1949 or after 2199. */
export function millisecondsOf(instant: string): number {
  let milliseconds: number
  try {
    milliseconds = Temporal.Instant.from(instant).epochMilliseconds
  } catch {
    throw new CalendarError('INSTANT_INVALID', `${JSON.stringify(instant)} is no instant.`)
  }
  if (milliseconds < EARLIEST_MS || milliseconds >= LATEST_MS) {
    throw new CalendarError('INSTANT_INVALID', `${instant} is not between 1949 and 2199.`)
  }
  return milliseconds
}

/** Milliseconds → `2026-11-23T06:07:18.000Z`. */
export function instantOf(milliseconds: number): string {
  return Temporal.Instant.fromEpochMilliseconds(milliseconds).toString({ smallestUnit: 'millisecond' })
}

/** The day in Asia/Shanghai on which an instant falls. */
export function shanghaiDay(milliseconds: number): DayNumber {
  return Math.floor((milliseconds + SHANGHAI_OFFSET_MS) / DAY_MS)
}

/** When that day begins in Asia/Shanghai, in milliseconds. */
export function startOfShanghaiDay(day: DayNumber): number {
  return day * DAY_MS - SHANGHAI_OFFSET_MS
}
