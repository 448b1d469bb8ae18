import type { Instant, LocalDate } from './values.ts'

/** Business time is Asia/Shanghai (DOMAIN §7). */
const SHANGHAI = 'Asia/Shanghai'

/** The business day on which an instant falls. */
export function dayAt(at: Instant): LocalDate {
  return Temporal.Instant.from(at).toZonedDateTimeISO(SHANGHAI).toPlainDate().toString()
}

/** The day so many calendar days later. */
export function daysAfter(day: LocalDate, days: number): LocalDate {
  return Temporal.PlainDate.from(day).add({ days }).toString()
}
