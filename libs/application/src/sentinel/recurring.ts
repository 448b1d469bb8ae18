import type { Clock } from '../clock.ts'
import type { TickReport } from './report.ts'

export interface RecurringParts {
  /** What is done again and again. Its signal aborts when it should come to an end soon. */
  work: (signal: AbortSignal) => Promise<TickReport>
  clock: Clock
  /** The longest pause: what becomes due that nobody knew of waits no longer. */
  patienceMs: number
  /** Told of what was done, where anything was or something failed. */
  onReport?: (report: TickReport) => void
  /** Told of each round that failed. */
  onError: (error: unknown) => void
}

const PAUSE_MS_MIN = 100
const BACKOFF_MS_MIN = 1_000
const BACKOFF_MS_MAX = 60_000

export interface RecurringStatus {
  /** When the last round ended well, in milliseconds; null: none did yet. */
  succeededAtMs: number | null
  /** Rounds that failed since. */
  failures: number
}

/**
 * Does something over and over: at once while there is more, when the next of it is due, and never later than its patience.
 * A round begins when the one before has ended; after failures it waits longer and longer, a minute at most. Its timer does
 * not keep the process alive.
 */
export class Recurring {
  readonly #parts: RecurringParts
  #timer: NodeJS.Timeout | null = null
  #running: Promise<void> | null = null
  #stopped = true
  #stopping = new AbortController()
  #succeededAtMs: number | null = null
  #failures = 0

  constructor(parts: RecurringParts) {
    this.#parts = parts
  }

  get status(): RecurringStatus {
    return { succeededAtMs: this.#succeededAtMs, failures: this.#failures }
  }

  start(): void {
    if (!this.#stopped) return
    this.#stopped = false
    this.#stopping = new AbortController()
    this.#schedule(0)
  }

  /** Lets the round in hand end, and tells it to; no other begins. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#stopping.abort()
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    await this.#running
  }

  #schedule(pauseMs: number): void {
    if (this.#stopped) return
    this.#timer = setTimeout(() => {
      this.#running = this.#round().then((pauseMs) => {
        this.#running = null
        this.#schedule(pauseMs)
      })
    }, pauseMs).unref()
  }

  /** The pause until the next. */
  async #round(): Promise<number> {
    const { work, clock, patienceMs, onReport, onError } = this.#parts
    try {
      const report = await work(this.#stopping.signal)
      if (Object.keys(report.done).length > 0 || report.failures > 0) onReport?.(report)
      this.#succeededAtMs = clock.now()
      this.#failures = 0
      if (report.more) return PAUSE_MS_MIN
      const waitMs = report.nextAt === null ? patienceMs : Date.parse(report.nextAt) - clock.now()
      return Math.min(Math.max(waitMs, PAUSE_MS_MIN), patienceMs)
    } catch (error) {
      onError(error)
      this.#failures += 1
      return Math.min(BACKOFF_MS_MIN * 2 ** (this.#failures - 1), BACKOFF_MS_MAX)
    }
  }
}
