import { CalendarError } from './errors.ts'

/**
 * Days as whole numbers since 1970-01-01, so that counting is adding. Business time is Asia/Shanghai, eight hours ahead
 * of UTC the whole year; its summer time ended in 1991, before anything that is counted here.
 */
export type DayNumber = number

export const DAY_MS = 86_400_000
const SHANGHAI_OFFSET_MS = 8 * 3_600_000
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/

/** Starts outside these years are slips of the pen, not dates. */
const EARLIEST_MS = Temporal.Instant.from('1949-10-01T00:00:00Z').epochMilliseconds
const LATEST_MS = Temporal.Instant.from('2200-01-01T00:00:00Z').epochMilliseconds

/** `2026-11-23` → its number. Throws `DAY_INVALID` for what is no day, such as 2026-02-30. */
export function dayNumberOf(date: string): DayNumber {
  const [year = NaN, month = NaN, dayOfMonth = NaN] = DATE.exec(date)?.slice(1).map(Number) ?? []
  const yearFromMarch = month <= 2 ? year - 1 : year
  const era = Math.floor(yearFromMarch / 400)
  const yearOfEra = yearFromMarch - era * 400
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + dayOfMonth - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  const day = era * 146_097 + dayOfEra - 719_468
  if (dateOf(day) === date) return day
  throw new CalendarError('DAY_INVALID', `${JSON.stringify(date)} is no day. Write it as 2026-11-23.`)
}

/**
 * A number → `2026-11-23`, by arithmetic: calendars are made of thousands of days, and Temporal takes thirty times as long
 * for each. Years begin on 1 March here, so that the leap day comes last; an era is 400 years.
 */
export function dateOf(day: DayNumber): string {
  const sinceEra0 = day + 719_468
  const era = Math.floor(sinceEra0 / 146_097)
  const dayOfEra = sinceEra0 - era * 146_097
  const leapDays = Math.floor(dayOfEra / 1_460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096)
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365)
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153)
  const dayOfMonth = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(dayOfMonth, 2)}`
}

function padded(number: number, digits: number): string {
  return String(number).padStart(digits, '0')
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
