import type { Clock } from '#application'

/** A clock that tests move. Times are written as people in the county do: `2026-03-06 20:00`, Asia/Shanghai. */
export class MovedClock implements Clock {
  #now: number

  constructor(local: string) {
    this.#now = epochOf(local)
  }

  now(): number {
    return this.#now
  }

  moveTo(local: string): void {
    this.#now = epochOf(local)
  }

  /** Where nothing else tells two moments apart. */
  advance(milliseconds: number): void {
    this.#now += milliseconds
  }

  /** Now, as events spell it. */
  get instant(): string {
    return new Date(this.#now).toISOString()
  }
}

/** The instant of a local time. */
export function instantOf(local: string): string {
  return new Date(epochOf(local)).toISOString()
}

/** The last millisecond of a local day: when a deadline that ends at midnight is due. */
export function endOf(day: string): string {
  return new Date(epochOf(day) + 86_400_000 - 1).toISOString()
}

function epochOf(local: string): number {
  const [day, time = '00:00'] = local.split(' ')
  return Date.parse(`${day}T${time}:00+08:00`)
}
