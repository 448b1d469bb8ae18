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
 * its last; where it began on that day or later, at the hour of its last day. One counted in hours: so many before it is
 * due. None before half of its time has gone where its time is as short as that.
 */
export function warnsAt({ startedAt, due, inHours }: OpenDeadline, settings: Settings): string {
  const half = instantAt((Date.parse(startedAt) + Date.parse(due)) / 2)
  const { warnWorkingDaysBefore, warnHoursBefore } = settings.reminders
  if (inHours) return latest(instantAt(Date.parse(due) - warnHoursBefore * HOUR_MS), half)
  const began = dayAt(startedAt)
  const last = dayAt(due)
  const wanted = workingDayBefore(last, warnWorkingDaysBefore, settings)
  const mornings = [wanted, last, workingDayBefore(daysAfter(last, -1), 0, settings)]
    .filter((day) => day > began)
    .map((day) => dailyMoment(day, settings))
  return mornings.find((morning) => morning <= due) ?? half
}

/** Whatever is counted in days and due after this is not warned of yet; most of what is due before is, or was. */
export function warningsUntil({ now, day, settings }: Moment): string {
  const { warnWorkingDaysBefore } = settings.reminders
  // Before its hour a day warns of nothing that the day before did not.
  let last = now < dailyMoment(day, settings) ? daysAfter(day, -1) : day
  for (let left = warnWorkingDaysBefore; left > 0; left -= 1) last = nextWorkingDay(last, settings)
  return latest(
    // What is due on the days off behind it is warned of on the same day.
    endOfBusinessDay(daysAfter(nextWorkingDay(last, settings), -1)),
    // What is so short that no morning lies in it ends before the next one.
    dailyMoment(nextWorkingDay(day, settings), settings),
  )
}

/** Likewise of what is counted in hours. */
export function hourlyWarningsUntil({ now, settings }: Moment): string {
  return instantAt(Date.parse(now) + settings.reminders.warnHoursBefore * HOUR_MS)
}

/** When lists and reminders come next. */
export function nextDailyMoment({ now, day, settings }: Moment): string {
  const today = dailyMoment(day, settings)
  if (dayOf(settings.calendar, day).working && now < today) return today
  return dailyMoment(nextWorkingDay(day, settings), settings)
}

/** The working day that is so many before a day; of a day off, before the working day that it follows. */
function workingDayBefore(day: string, count: number, { calendar }: Settings): string {
  let found = day
  const back = () => {
    for (let off = 0; off < DAYS_OFF_MAX && !dayOf(calendar, found).working; off += 1) found = daysAfter(found, -1)
  }
  back()
  for (let left = count; left > 0; left -= 1) {
    found = daysAfter(found, -1)
    back()
  }
  return found
}

function nextWorkingDay(day: string, { calendar }: Settings): string {
  let next = daysAfter(day, 1)
  for (let on = 0; on < DAYS_OFF_MAX && !dayOf(calendar, next).working; on += 1) next = daysAfter(next, 1)
  return next
}

function latest(...instants: string[]): string {
  return instants.reduce((one, other) => (one > other ? one : other))
}
