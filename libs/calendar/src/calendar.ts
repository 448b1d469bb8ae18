import { dateOf, dayNumberOf, isWeekend } from './day.ts'
import type { DayNumber } from './day.ts'
import { CalendarError } from './errors.ts'
import type { HolidayNotice } from './holiday-notice.ts'

/** What a calendar says of one day. */
export interface CalendarDay {
  date: string
  working: boolean
  reason: 'working-day' | 'make-up-working-day' | 'weekend' | 'holiday'
  /** As its notice names it; null where no notice lists the day. */
  name: string | null
  /**
   * No notice that is still to come is expected to change it: it is listed, or the notice of its year is out and, for
   * the days around the New Year, the next year's notice too.
   */
  known: boolean
}

/** Which days are worked. Immutable; build it once for a set of notices and keep it. */
export interface Calendar {
  /** Names what it holds, `2007-2026/3f2a9c01`: calendars that say the same of every day have the same version. */
  readonly version: string
  /** Days from `firstDay` on, without gap. */
  readonly firstDay: DayNumber
  readonly days: readonly CalendarDay[]
}

/** Notices one calendar can hold. */
export const NOTICES_MAX = 500

/**
 * A year's notice deals with its New Year holiday, which has reached back as far as 29 December (the notices for 2007,
 * 2008, 2012, 2019 and 2023 list days of the year before), so those days are settled only by the next year's notice.
 */
const NEXT_NOTICE_FROM = '-12-29'

interface Listed {
  name: string
  off: boolean
}

/**
 * A calendar from the State Council's notices, in the order in which they were issued: where two list the same day, the
 * later holds (as the papers of May 2015, March 2019 and January 2020 amended the year's first).
 */
export function buildCalendar(notices: readonly HolidayNotice[]): Calendar {
  if (notices.length > NOTICES_MAX) {
    throw new CalendarError('NOTICES_TOO_MANY', `A calendar holds at most ${NOTICES_MAX} notices.`)
  }
  const listed = new Map<string, Listed>()
  const years = new Set<number>()
  for (const notice of notices) {
    years.add(notice.year)
    for (const { date, name, off } of notice.days) listed.set(date, { name, off })
  }
  const dates = [...listed.keys()].sort()
  const sortedYears = [...years].sort((a, b) => a - b)
  const firstYear = sortedYears[0]
  const lastYear = sortedYears.at(-1)
  if (firstYear === undefined || lastYear === undefined) return emptyCalendar

  const numbers = dates.map(dayNumberOf)
  const firstDay = Math.min(dayNumberOf(`${firstYear}-01-01`), ...numbers)
  const lastDay = Math.max(dayNumberOf(`${lastYear}-12-31`), ...numbers)
  const days: CalendarDay[] = []
  for (let day = firstDay; day <= lastDay; day++) {
    const date = dateOf(day)
    days.push(Object.freeze(describe(day, date, listed.get(date), isKnown(date, years))))
  }
  const content = dates.map((date) => [date, listed.get(date)?.off, listed.get(date)?.name])
  return {
    version: `${firstYear}-${lastYear}/${fingerprint(JSON.stringify([sortedYears, content]))}`,
    firstDay,
    days,
  }
}

/** Knows no year: Monday to Friday are worked. */
export const emptyCalendar: Calendar = { version: 'none', firstDay: 0, days: [] }

/** What the calendar says of a day, `2026-11-23`. Throws `DAY_INVALID` for what is no day. */
export function dayOf(calendar: Calendar, date: string): CalendarDay {
  return calendarDay(calendar, dayNumberOf(date))
}

/** The same by the day's number. */
export function calendarDay(calendar: Calendar, day: DayNumber): CalendarDay {
  return calendar.days[day - calendar.firstDay] ?? describe(day, dateOf(day), undefined, false)
}

function describe(day: DayNumber, date: string, listed: Listed | undefined, yearKnown: boolean): CalendarDay {
  const weekend = isWeekend(day)
  if (listed === undefined) {
    return { date, working: !weekend, reason: weekend ? 'weekend' : 'working-day', name: null, known: yearKnown }
  }
  // A notice may list a weekday as worked, as January 2020's did for the first day back.
  const reason = listed.off ? 'holiday' : weekend ? 'make-up-working-day' : 'working-day'
  return { date, working: !listed.off, reason, name: listed.name, known: true }
}

function isKnown(date: string, years: ReadonlySet<number>): boolean {
  const year = Number(date.slice(0, 4))
  return years.has(year) && (date.slice(4) < NEXT_NOTICE_FROM || years.has(year + 1))
}

/** FNV-1a, 32 bits, hex. It names a version; nothing rests on it being hard to forge. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return (hash >>> 0).toString(16).padStart(8, '0')
}
