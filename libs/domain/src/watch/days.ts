import { dayOf } from '#calendar'
import type { Calendar } from '#calendar'
import { dayAt, daysAfter } from '../kernel/day.ts'
import type { Instant, LocalDate } from '../kernel/values.ts'
import type { Settings } from '../settings/model.ts'

/** The days and hours at which a county's clock speaks. */

/** When lists, warnings and reminders of a day come: its `dailyAt`, Shanghai. */
export function dailyMoment(day: LocalDate, { reminders }: Pick<Settings, 'reminders'>): Instant {
  return Temporal.PlainDateTime.from(`${day}T${reminders.dailyAt}`)
    .toZonedDateTime('Asia/Shanghai')
    .toInstant()
    .toString({ smallestUnit: 'millisecond' })
}

/** The working day whose lists and reminders are due at an instant; null on a day off and before the hour. */
export function watchDayAt(now: Instant, settings: Pick<Settings, 'reminders' | 'calendar'>): LocalDate | null {
  const day = dayAt(now)
  return dayOf(settings.calendar, day).working && now >= dailyMoment(day, settings) ? day : null
}

/** The Monday and the Sunday of a day's week, and the first day of it that is worked; null where none is. */
export function weekOf(
  day: LocalDate,
  calendar: Calendar,
): { monday: LocalDate; sunday: LocalDate; firstWorking: LocalDate | null } {
  const monday = daysAfter(day, 1 - Temporal.PlainDate.from(day).dayOfWeek)
  const days = Array.from({ length: 7 }, (_, at) => daysAfter(monday, at))
  return {
    monday,
    sunday: daysAfter(monday, 6),
    firstWorking: days.find((each) => dayOf(calendar, each).working) ?? null,
  }
}
