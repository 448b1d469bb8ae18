import type { NumberFormat, TimeFormat } from './number-format.ts'

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
  if (format.kind === 'time' && value >= 0 && value < DAYS_END) {
    const text = timeText(Math.round(value * DAY_MS), format, epoch1904)
    if (text !== null) return text
  }
  if (Math.abs(value) >= EXACT_BELOW) return value.toExponential(5).toUpperCase()
  const text = Number.isInteger(value) ? String(value) : decimals.format(value)
  return format.kind === 'padded' && /^\d+$/.test(text) ? text.padStart(format.digits, '0') : text
}

/** Null beyond the last day. */
function timeText(milliseconds: number, format: TimeFormat, epoch1904: boolean): string | null {
  const shown = format.fraction ? milliseconds : Math.round(milliseconds / 1000) * 1000
  const ofDay = shown % DAY_MS
  const day = (shown - ofDay) / DAY_MS + (epoch1904 ? DAYS_FROM_1900_TO_1904 : 0)
  if (day >= DAYS_END) return null
  // Day 60 is the 29 February 1900 that never was, which Excel took over from Lotus 1-2-3; those before are one off.
  const [date = '', clock = ''] = new Date(DAY_0 + (day < 60 ? day + 1 : day) * DAY_MS + ofDay).toISOString().split('T')
  const time = clock.slice(0, ofDay % 1000 === 0 ? 'hh:mm:ss'.length : 'hh:mm:ss.fff'.length)
  if (shown < DAY_MS && !format.day) return time
  const said = impossibleDays[day] ?? date
  return format.clock || ofDay > 0 ? `${said} ${time}` : said
}

const DAY_0 = Date.UTC(1899, 11, 30)
/** Given as they are shown, and no times. */
const impossibleDays: Record<number, string> = { 0: '1900-01-00', 60: '1900-02-29' }
