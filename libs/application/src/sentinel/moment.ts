import { dayOf } from '#calendar'
import { dailyMoment, dayAt, daysAfter, watchDayAt } from '#domain'
import type { Settings } from '#domain'
import { instantAt } from '../clock.ts'
import { endOfBusinessDay } from '../business-day.ts'
import type { OpenDeadline } from '../projections/casework/case-document.ts'

const HOUR_MS = 3_600_000
/** Longer than any run of days off. */
const DAYS_OFF_MAX = 30

/** What the clock says, and what a county makes of it. */
export interface Moment {
  now: string
  /** The business day. */
  day: string
  /** The same on a working day from its hour on: lists and reminders of this day are due. */
  watchDay: string | null
  settings: Settings
}

export function momentAt(nowMs: number, settings: Settings): Moment {
  const now = instantAt(nowMs)
  return { now, day: dayAt(now), watchDay: watchDayAt(now, settings), settings }
}

/**
 * When a deadline is warned of. One counted in days: at the hour of the working day that lies so many working days before
 * its last, but not on the day on which it began. One counted in hours: so many before it is due, but not before half of
 * its time has gone, so that what was only just asked for is not warned of at once.
 */
export function warnsAt({ startedAt, due, inHours }: OpenDeadline, settings: Settings): string {
  const half = instantAt((Date.parse(startedAt) + Date.parse(due)) / 2)
  if (inHours) {
    return latest(instantAt(Date.parse(due) - settings.reminders.warnHoursBefore * HOUR_MS), half)
  }
  const last = dayAt(due)
  const before = workingDaysBefore(last, settings)
  const at = dailyMoment(before > dayAt(startedAt) ? before : last, settings)
  return at > startedAt && at <= due ? at : half
}

/** Whatever is due after this is not warned of yet; what is due before may be. */
export function warningsUntil({ now, day, settings }: Moment): string {
  // Before its hour a day warns of nothing that the day before did not.
  let last = now < dailyMoment(day, settings) ? daysAfter(day, -1) : day
  for (let left = settings.reminders.warnWorkingDaysBefore; left > 0; left -= 1) last = nextWorkingDay(last, settings)
  // What is due on the days off behind it is warned of on the same day.
  const until = endOfBusinessDay(daysAfter(nextWorkingDay(last, settings), -1))
  return latest(until, instantAt(Date.parse(now) + settings.reminders.warnHoursBefore * HOUR_MS))
}

/** When lists and reminders come next. */
export function nextDailyMoment({ now, day, settings }: Moment): string {
  const today = dailyMoment(day, settings)
  if (dayOf(settings.calendar, day).working && now < today) return today
  return dailyMoment(nextWorkingDay(day, settings), settings)
}

/** The working day that is so many working days before a day; of a day off, before the working day that it follows. */
function workingDaysBefore(day: string, { calendar, reminders }: Settings): string {
  let found = day
  for (let back = 0; back < DAYS_OFF_MAX && !dayOf(calendar, found).working; back += 1) found = daysAfter(found, -1)
  for (let left = reminders.warnWorkingDaysBefore; left > 0; left -= 1) {
    found = daysAfter(found, -1)
    for (let back = 0; back < DAYS_OFF_MAX && !dayOf(calendar, found).working; back += 1) found = daysAfter(found, -1)
  }
  return found
}

function nextWorkingDay(day: string, { calendar }: Settings): string {
  let next = daysAfter(day, 1)
  for (let on = 0; on < DAYS_OFF_MAX && !dayOf(calendar, next).working; on += 1) next = daysAfter(next, 1)
  return next
}

function latest(one: string, other: string): string {
  return one > other ? one : other
}
