import { instantAt } from '#application'
import type { Random } from '../random.ts'
import { dateOf, momentAt } from './working-time.ts'
import type { WorkingTime } from './working-time.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** Of seven in the office: nobody begins in the last. */
const BEGINNING_MINUTES = 360

/** The time of one life, as its people go about it. */
export class Pace {
  readonly #time: WorkingTime
  readonly #random: Random
  #nowMs: number

  constructor(time: WorkingTime, random: Random, nowMs: number) {
    this.#time = time
    this.#random = random
    this.#nowMs = nowMs
  }

  get nowMs(): number {
    return this.#nowMs
  }

  /** As events spell it. */
  get instant(): string {
    return instantAt(this.#nowMs)
  }

  get date(): string {
    return dateOf(this.#nowMs)
  }

  /** So many office minutes later. */
  minutes(min: number, max: number): void {
    this.#nowMs = this.#time.after(this.#nowMs, this.#random.between(min, max))
  }

  /** So many minutes later, by day or night. */
  pass(minutes: number): void {
    this.#nowMs += minutes * MINUTE_MS
  }

  /** On a working day so many working days later, at some hour. */
  days(min: number, max = min): void {
    const days = this.#random.between(min, max)
    this.#nowMs = this.#time.onDayAfter(this.#nowMs, days, this.#random.between(0, BEGINNING_MINUTES))
  }

  /** So many days later or, where the office is closed then, when it opens. */
  calendarDays(days: number): void {
    this.#nowMs = this.#time.after(this.#nowMs + days * DAY_MS, this.#random.between(1, 50))
  }

  /** `2026-10-13 08:05`. Throws where that is past. */
  at(text: string): void {
    const nowMs = momentAt(text)
    if (nowMs < this.#nowMs) throw new Error(`${text} is before ${this.instant}`)
    this.#nowMs = nowMs
  }

  /** The close of business so many days from now. */
  dueIn(days: number): string {
    return instantAt(momentAt(`${this.dateIn(days)} 17:30`))
  }

  /** The day so many days from now. */
  dateIn(days: number): string {
    return dateOf(this.#nowMs + days * DAY_MS)
  }
}
