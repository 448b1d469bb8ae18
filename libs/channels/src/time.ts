import type { TimePrecision } from './inbound.ts'

const ZONE = 'Asia/Shanghai'
const DATE =
  /^(?:(?<year>\d{4})(?<mark>[-/.])(?<month>\d{1,2})\k<mark>(?<day>\d{1,2})|(?<year>\d{4}) ?年 ?(?<month>\d{1,2}) ?月 ?(?<day>\d{1,2}) ?日|(?<year>\d{4})(?<month>\d{2})(?<day>\d{2}))/
const TIME =
  /^(?:(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,](?<fraction>\d{1,9}))?)?|(?<hour>\d{1,2}) ?[时点] ?(?<minute>\d{1,2}) ?分(?: ?(?<second>\d{1,2}) ?秒)?)/
const OFFSET = /^(?:Z|(?<sign>[+-])(?<hours>\d{2})(?::?(?<minutes>\d{2}))?)$/i
const YEAR_MIN = 1900
const OFFSET_HOURS_MAX = 14

export interface InboundTime {
  /** UTC, milliseconds; finer fractions are cut. */
  instant: string
  precision: TimePrecision
}

/**
 * Reads a time as people and systems write it: `2019-04-25T09:32:09+08:00`, `2019/4/25 9:32`, `2019年4月25日 9时32分`,
 * `20190425`, full-width digits and marks included. Without an offset it is Shanghai's; a date alone is its 00:00.
 * Strict: nothing rolls over (30 February, 24:00, second 60), and an hour that summer time skipped is no time. Of an
 * hour that came twice, the first is meant. Null for what is no time.
 */
export function parseInboundTime(text: string): InboundTime | null {
  const given = text.normalize('NFKC').trim()
  const date = DATE.exec(given)
  if (!date) return null
  const { year, month, day } = numbers(date.groups)
  if (year === undefined || year < YEAR_MIN) return null

  const rest = given.slice(date[0].length)
  if (rest === '') return inShanghai({ year, month, day }, 'day')

  const separator = /^(?:[Tt]| {1,4})/.exec(rest)?.[0] ?? ''
  if (separator === '' && !date[0].endsWith('日')) return null
  const time = TIME.exec(rest.slice(separator.length))
  if (!time) return null
  const { hour, minute, second = 0 } = numbers(time.groups)
  const millisecond = Number((time.groups?.['fraction'] ?? '').padEnd(3, '0').slice(0, 3))
  const local = { year, month, day, hour, minute, second, millisecond }

  const offset = rest.slice(separator.length + time[0].length).trim()
  if (offset === '') return inShanghai(local, 'instant')
  const offsetMinutes = parseOffset(offset)
  if (offsetMinutes === null) return null
  const plain = plainDateTime(local)
  return plain && instantOf(plain.subtract({ minutes: offsetMinutes }).toZonedDateTime('UTC'), 'instant')
}

/** Clocks of other systems run ahead, but not by more than this. */
const FUTURE_HOURS_MAX = 24

/** The latest time that anything may say it happened at, told at `now`. */
export function latestTime(now: string): string {
  return Temporal.Instant.from(now).add({ hours: FUTURE_HOURS_MAX }).toString({ fractionalSecondDigits: 3 })
}

type LocalTime = Partial<
  Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'millisecond', number | undefined>
>

function numbers(groups: Record<string, string | undefined> = {}): LocalTime {
  return Object.fromEntries(
    Object.entries(groups)
      .filter(([, digits]) => digits !== undefined)
      .map(([name, digits]) => [name, Number(digits)]),
  )
}

function plainDateTime(local: LocalTime): Temporal.PlainDateTime | null {
  try {
    return Temporal.PlainDateTime.from(local as Temporal.PlainDateTimeLike, { overflow: 'reject' })
  } catch (error) {
    if (error instanceof RangeError) return null // no such day or hour
    throw error
  }
}

function inShanghai(local: LocalTime, precision: TimePrecision): InboundTime | null {
  const plain = plainDateTime(local)
  if (!plain) return null
  const zoned = plain.toZonedDateTime(ZONE, { disambiguation: 'compatible' })
  // In a gap of summer time (1986–1991) Temporal moves on; such an hour never was. A day that began in one still was.
  if (precision === 'instant' && !zoned.toPlainDateTime().equals(plain)) return null
  return instantOf(zoned, precision)
}

function instantOf(zoned: Temporal.ZonedDateTime, precision: TimePrecision): InboundTime {
  return { instant: zoned.toInstant().toString({ fractionalSecondDigits: 3 }), precision }
}

function parseOffset(text: string): number | null {
  const match = OFFSET.exec(text)
  if (!match) return null
  const hours = Number(match.groups?.['hours'] ?? 0)
  const minutes = Number(match.groups?.['minutes'] ?? 0)
  if (hours > OFFSET_HOURS_MAX || minutes > 59) return null
  return (match.groups?.['sign'] === '-' ? -1 : 1) * (hours * 60 + minutes)
}
