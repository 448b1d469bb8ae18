import type { NumberFormat } from './number-format.ts'

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:E[+-]?\d+)?$/i
/** Spreadsheets keep 15 digits; what is longer has lost the rest. */
const EXACT_BELOW = 1e15
const DAY_MS = 86_400_000
/** 10000-01-01, where both epochs end. */
const DAYS_END = 2_958_466
const DAYS_FROM_1900_TO_1904 = 1462

const decimals = new Intl.NumberFormat('en', { useGrouping: false, maximumSignificantDigits: 15 })

/**
 * The text of a number as a person reads it in the cell, except that nothing exact is rounded for want of room: whole
 * numbers up to 15 digits in full, longer ones as `1.23457E+17`, which says that digits are lost; days as `2019-04-25`,
 * with a time as `2019-04-25 09:32:09`, a time alone as `09:32:09`. Null for what is no number.
 */
export function numberText(written: string, format: NumberFormat, epoch1904: boolean): string | null {
  const value = NUMBER.test(written) ? Number(written) : Number.NaN
  if (!Number.isFinite(value)) return null
  if (format.kind === 'time' && value >= 0) {
    const milliseconds = Math.round(value * DAY_MS)
    const shown = format.fraction ? milliseconds : Math.round(milliseconds / 1000) * 1000
    const days = Math.floor(shown / DAY_MS)
    const clock = clockText(shown % DAY_MS)
    if (days === 0 && !format.day) return clock
    const day = days + (epoch1904 ? DAYS_FROM_1900_TO_1904 : 0)
    if (day < DAYS_END) return format.clock || shown % DAY_MS > 0 ? `${dayText(day)} ${clock}` : dayText(day)
  }
  if (Math.abs(value) >= EXACT_BELOW) return value.toExponential(5).toUpperCase()
  const text = decimals.format(value)
  return format.kind === 'padded' && /^\d+$/.test(text) ? text.padStart(format.digits, '0') : text
}

/**
 * Day 1 is 1900-01-01. Day 60 is the 29 February 1900 that never was, which Excel took over from Lotus 1-2-3 and shows:
 * it is given as shown, and is no time. So is day 0.
 */
function dayText(day: number): string {
  if (day === 0) return '1900-01-00'
  if (day === 60) return '1900-02-29'
  const start = Temporal.PlainDate.from(day < 60 ? '1899-12-31' : '1899-12-30')
  return start.add({ days: day }).toString()
}

function clockText(milliseconds: number): string {
  const smallestUnit = milliseconds % 1000 === 0 ? 'second' : 'millisecond'
  return Temporal.PlainTime.from('00:00').add({ milliseconds }).toString({ smallestUnit })
}
