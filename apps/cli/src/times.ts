import { Refusal } from './session.ts'

const ZONE = 'Asia/Shanghai'

/**
 * A time as a person types it: `2026-11-23`, `2026-11-23 09:30`, `2026-11-23T09:30:00+08:00`. Without an offset it is
 * Shanghai's. A day alone is its first moment, or with `end` its last. Throws `TIME_INVALID`.
 */
export function instantOf(text: string, end = false): string {
  const trimmed = text.trim().replace(' ', 'T')
  try {
    if (/^\d{4}-\d{2}-\d{2}$/.test(trimmed)) {
      const day = Temporal.PlainDate.from(trimmed)
      const start = (end ? day.add({ days: 1 }) : day).toZonedDateTime(ZONE).toInstant()
      return spelled(end ? start.subtract({ milliseconds: 1 }) : start)
    }
    if (/(?:Z|[+-]\d{2}:?\d{2})$/.test(trimmed)) return spelled(Temporal.Instant.from(trimmed))
    return spelled(Temporal.PlainDateTime.from(trimmed).toZonedDateTime(ZONE).toInstant())
  } catch {
    throw new Refusal(
      'TIME_INVALID',
      `${text} 不是有效的时间；请写成 2026-11-23、"2026-11-23 09:30" 或 2026-11-23T09:30:00+08:00。`,
    )
  }
}

/** A business day, `2026-11-23`. Throws `TIME_INVALID`. */
export function dayOf(text: string): string {
  try {
    return Temporal.PlainDate.from(text.trim()).toString()
  } catch {
    throw new Refusal('TIME_INVALID', `${text} 不是有效的日期；请写成 2026-11-23。`)
  }
}

/** An instant as people in the county read it: `2026-11-23 09:30`. */
export function local(instant: string | null): string {
  if (instant === null) return ''
  const there = Temporal.Instant.from(instant).toZonedDateTimeISO(ZONE).toPlainDateTime()
  return there.toString({ smallestUnit: 'minute' }).replace('T', ' ')
}

function spelled(instant: Temporal.Instant): string {
  return instant.toString({ fractionalSecondDigits: 3 })
}
