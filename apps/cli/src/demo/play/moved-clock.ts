import { AsyncLocalStorage } from 'node:async_hooks'
import type { Clock } from '#application'

/**
 * The demo's clock. The demo moves it, and lets it run on when the county is served. What is done beside other things can
 * have a moment of its own: things that happened within one hour are written together and still at their own minutes.
 */
export class MovedClock implements Clock {
  readonly #own = new AsyncLocalStorage<number>()
  #nowMs: number
  #runsSinceMs: number | null = null

  constructor(nowMs: number) {
    this.#nowMs = nowMs
  }

  now(): number {
    const own = this.#own.getStore()
    if (own !== undefined) return own
    return this.#runsSinceMs === null ? this.#nowMs : Math.floor(this.#nowMs + performance.now() - this.#runsSinceMs)
  }

  moveTo(nowMs: number): void {
    this.#nowMs = nowMs
  }

  /** Does something at a moment of its own. */
  at<Result>(nowMs: number, work: () => Result): Result {
    return this.#own.run(nowMs, work)
  }

  /** From here on it goes as fast as any other. */
  runOn(): void {
    this.#runsSinceMs ??= performance.now()
  }
}
