import type { Calendar } from './calendar.ts'
import { calendarDay } from './calendar.ts'
import { instantOf, millisecondsOf, shanghaiDay, startOfShanghaiDay } from './day.ts'
import type { DayNumber } from './day.ts'
import type { ExplainedDay } from './deadline-format.ts'
import { CalendarError } from './errors.ts'
import type { Duration } from './norm.ts'

/** 17:30, in minutes after midnight: close of business where a county has not said otherwise. */
export const CLOSE_OF_BUSINESS_MINUTES = 17 * 60 + 30

/** The longest explanation, in days. 1,000 working days take about 1,460. */
export const EXPLAINED_DAYS_MAX = 2_000

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

export interface Period {
  /** UTC. */
  startedAt: string
  within: Duration
  /** Where the last day of a period in days ends; without meaning for hours. */
  endsAt: 'midnight' | 'close-of-business'
  calendar: Calendar
  /** Minutes after midnight; 17:30 where not given. */
  closeOfBusinessMinutes?: number
}

export interface ExplainedPeriod {
  /**
   * The last moment that is still in time, UTC, inclusive: 23:59:59.999 of the last day, or close of business to the
   * millisecond, or exactly so many hours after the start.
   */
  due: string
  /** A year whose notice is not out could change it. */
  provisional: boolean
  /** Every day from the start to the last, in order, each counted or not and why. */
  days: ExplainedDay[]
}

/**
 * Counts a period (民法典 200–203). Of a period in days the day on which it starts is not counted, whatever the hour, and
 * nothing more; working days follow the State Council's notices; a period in calendar days that would end on a day off
 * goes on to the next working day. Hours run around the clock from the instant itself.
 * Throws `INSTANT_INVALID`, and `PERIOD_TOO_LONG` past 2,000 days.
 */
export function explainPeriod(period: Period): ExplainedPeriod {
  const startMs = millisecondsOf(period.startedAt)
  if (period.within.unit === 'hours') return explainHours(startMs, period.within.amount, period.calendar)

  const start = shanghaiDay(startMs)
  const { days, last, provisional } =
    period.within.unit === 'working-days'
      ? countWorkingDays(start, period.within.amount, period.calendar)
      : countCalendarDays(start, period.within.amount, period.calendar)
  const dueMs =
    period.endsAt === 'midnight'
      ? startOfShanghaiDay(last + 1) - 1
      : startOfShanghaiDay(last) + (period.closeOfBusinessMinutes ?? CLOSE_OF_BUSINESS_MINUTES) * MINUTE_MS
  return { due: instantOf(dueMs), provisional, days }
}

interface Count {
  days: ExplainedDay[]
  last: DayNumber
  provisional: boolean
}

function countWorkingDays(start: DayNumber, amount: number, calendar: Calendar): Count {
  const days = [startDay(start, calendar)]
  let provisional = false
  let last = start
  for (let counted = 0; counted < amount;) {
    const { date, working, reason, name, known } = calendarDay(calendar, ++last)
    if (working) counted++
    if (!known) provisional = true
    push(days, { date, counted: working, reason, name })
  }
  return { days, last, provisional }
}

function countCalendarDays(start: DayNumber, amount: number, calendar: Calendar): Count {
  const days = [startDay(start, calendar)]
  let last = start + amount
  for (let day = start + 1; day <= last; day++) {
    const { date, name } = calendarDay(calendar, day)
    push(days, { date, counted: true, reason: 'calendar-day', name })
  }
  // Only the days on which the period might end can change it.
  let end = calendarDay(calendar, last)
  let provisional = !end.known
  while (!end.working) {
    end = calendarDay(calendar, ++last)
    if (!end.known) provisional = true
    push(days, { date: end.date, counted: false, reason: 'rolled-over', name: end.name })
  }
  return { days, last, provisional }
}

function explainHours(startMs: number, amount: number, calendar: Calendar): ExplainedPeriod {
  const dueMs = startMs + amount * HOUR_MS
  const days: ExplainedDay[] = []
  for (let day = shanghaiDay(startMs); day <= shanghaiDay(dueMs); day++) {
    const { date, name } = calendarDay(calendar, day)
    push(days, { date, counted: true, reason: 'hours', name })
  }
  return { due: instantOf(dueMs), provisional: false, days }
}

function startDay(start: DayNumber, calendar: Calendar): ExplainedDay {
  const { date, name } = calendarDay(calendar, start)
  return { date, counted: false, reason: 'start', name }
}

function push(days: ExplainedDay[], day: ExplainedDay): void {
  if (days.length === EXPLAINED_DAYS_MAX) {
    throw new CalendarError('PERIOD_TOO_LONG', `The period goes on past ${EXPLAINED_DAYS_MAX} days. Shorten it.`)
  }
  days.push(day)
}
