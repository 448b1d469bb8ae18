import { instantAt } from '#application'
import { dayOf } from '#calendar'
import type { Calendar } from '#calendar'
import { dayAt } from '#domain'
import { instantOf } from '../../times.ts'

/** When people of the county are in their offices: 8:30 to 12:00 and 14:00 to 17:30 of working days, Shanghai. */
const HOURS: readonly (readonly [from: number, to: number])[] = [
  [8 * 60 + 30, 12 * 60],
  [14 * 60, 17 * 60 + 30],
]
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** China has one time and no summer time. */
const SHANGHAI_MS = 8 * 3_600_000

export class WorkingTime {
  readonly #calendar: Calendar
  readonly #working = new Map<number, boolean>()

  constructor(calendar: Calendar) {
    this.#calendar = calendar
  }

  /** The moment when so many office minutes have gone by; 0: now, or when the office opens next. */
  after(nowMs: number, minutes: number): number {
    let left = minutes
    for (let day = dayNumber(nowMs); ; day += 1) {
      if (!this.isWorking(day)) continue
      for (const [from, to] of HOURS) {
        const start = Math.max(nowMs, momentOf(day, from))
        const available = (momentOf(day, to) - start) / MINUTE_MS
        if (available <= 0) continue
        if (left < available) return start + left * MINUTE_MS
        left -= available
      }
    }
  }

  /** The so manyeth working day after a moment's, at a minute of its office hours. */
  onDayAfter(nowMs: number, days: number, minute: number): number {
    let day = dayNumber(nowMs)
    for (let left = days; left > 0;) {
      day += 1
      if (this.isWorking(day)) left -= 1
    }
    return this.after(momentOf(day, 0), minute)
  }

  isWorking(day: number): boolean {
    let working = this.#working.get(day)
    if (working === undefined) {
      working = dayOf(this.#calendar, dateOf(momentOf(day, 0))).working
      this.#working.set(day, working)
    }
    return working
  }
}

/** Days since 1970 in Shanghai. */
export function dayNumber(nowMs: number): number {
  return Math.floor((nowMs + SHANGHAI_MS) / DAY_MS)
}

/** A minute of a day. */
export function momentOf(day: number, minute: number): number {
  return day * DAY_MS - SHANGHAI_MS + minute * MINUTE_MS
}

/** The business day of a moment, `2026-11-20`. */
export function dateOf(nowMs: number): string {
  return dayAt(instantAt(nowMs))
}

/** `2026-11-20 09:00`, Shanghai, in milliseconds. */
export function momentAt(text: string): number {
  return Date.parse(instantOf(text))
}
