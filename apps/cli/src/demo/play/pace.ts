import type { Random } from '../random.ts'
import { dateOf, momentAt } from './working-time.ts'
import type { WorkingTime } from './working-time.ts'

const DAY_MINUTES = 420

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
    return new Date(this.#nowMs).toISOString()
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
    this.#nowMs += minutes * 60_000
  }

  /** On a working day so many working days later, at some hour. */
  days(min: number, max = min): void {
    const days = this.#random.between(min, max)
    this.#to(this.#time.onDayAfter(this.#nowMs, days, this.#random.between(0, DAY_MINUTES - 60)))
  }

  /** So many days later or, where the office is closed then, when it opens. */
  calendarDays(days: number): void {
    this.#nowMs = this.#time.after(this.#nowMs + days * 86_400_000, this.#random.between(1, 50))
  }

  /** `2026-10-13 08:05`. Throws where that is past. */
  at(text: string): void {
    const nowMs = momentAt(text)
    if (nowMs < this.#nowMs) throw new Error(`${text} is before ${this.instant}`)
    this.#nowMs = nowMs
  }

  /** The last moment of a day so many days from now, as due days are given. */
  dueIn(days: number): string {
    return new Date(momentAt(`${dateOf(this.#nowMs + days * 86_400_000)} 17:30`)).toISOString()
  }

  /** The day so many days from now. */
  dateIn(days: number): string {
    return dateOf(this.#nowMs + days * 86_400_000)
  }

  #to(nowMs: number): void {
    this.#nowMs = Math.max(nowMs, this.#nowMs + 60_000)
  }
}
