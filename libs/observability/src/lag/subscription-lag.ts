import type { From } from '#event-store'
import { errorFields } from '../log.ts'
import type { Log } from '../log.ts'
import { shared, within } from '../within.ts'
import { Lag } from './lag.ts'

const NOTE_INTERVAL_MS = 1_000
/** Longer than a store that works takes to say how far it is. */
const HEAD_MS_MAX = 2_000
/** Who has not moved for so long while there was more stands still. */
const STILL_MS = 30_000

/** Somebody who follows the store, and where they are. */
export interface WatchedPosition {
  /** A name of ours: a projection, `policies`, `relay`. */
  name: string
  /** The last event handled; null where nothing is there yet, such as a read model that is being built. */
  position: () => From | null
  /** How far behind they may be before it is a hindrance. */
  boundSeconds: number
}

export interface Standing {
  name: string
  /** Since when an event has waited for them. */
  behindSeconds: number
  boundSeconds: number
  /** Whether there is a position at all. */
  built: boolean
  /** False where they are behind and have not moved for half a minute. */
  moving: boolean
}

interface Watch {
  watched: WatchedPosition
  last: From | null
  movedAtMs: number
}

export interface SubscriptionLagParts {
  /** How far the store is. */
  head: () => Promise<From>
  log: Log
  /** Milliseconds that never run backwards; the process's own where nothing is said. */
  nowMs?: () => number
}

/**
 * For how long everybody who follows the store in this process has been behind it. It asks once a second how far the store
 * is, and never twice at once; while the store does not answer, what was last known holds.
 */
export class SubscriptionLag {
  readonly #log: Log
  readonly #nowMs: () => number
  readonly #lag = new Lag()
  readonly #watches = new Map<string, Watch>()
  readonly #note: () => Promise<void>
  readonly #timer: NodeJS.Timeout
  #isKnown = true

  constructor({ head, log, nowMs = () => performance.now() }: SubscriptionLagParts) {
    this.#log = log
    this.#nowMs = nowMs
    this.#note = shared(async () => this.#take(await head()))
    this.#timer = setInterval(() => void this.#noteOnTime(), NOTE_INTERVAL_MS)
    this.#timer.unref()
  }

  /** Watches one more, in place of one of the same name; what it returns ends that. */
  watch(watched: WatchedPosition): () => void {
    const watch = { watched, last: watched.position(), movedAtMs: this.#nowMs() }
    this.#watches.set(watched.name, watch)
    return () => {
      if (this.#watches.get(watched.name) === watch) this.#watches.delete(watched.name)
    }
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** Asks how far the store is. Throws what the store throws. */
  note(): Promise<void> {
    return this.#note()
  }

  /** By what is known. */
  standings(): Standing[] {
    const nowMs = this.#nowMs()
    return [...this.#watches.values()].map((watch) => {
      const { name, boundSeconds, position } = watch.watched
      const at = position()
      const behindSeconds = this.#lag.behindSeconds(at, nowMs)
      if (at !== watch.last) this.#moved(watch, at, nowMs)
      const moving = behindSeconds === 0 || nowMs - watch.movedAtMs < STILL_MS
      return { name, behindSeconds, boundSeconds, built: at !== null, moving }
    })
  }

  /** Why others are better told to wait: a store that does not answer, and everybody who is further behind than they may be. */
  async hindrances(): Promise<{ code: string; detail: string }[]> {
    const noted = await within(HEAD_MS_MAX, this.#note())
    const late = this.standings().flatMap(({ name, behindSeconds, boundSeconds, built }) => {
      if (!built) return [{ code: 'SUBSCRIPTION_BEHIND', detail: `${name} is being built` }]
      if (behindSeconds <= boundSeconds) return []
      return [{ code: 'SUBSCRIPTION_BEHIND', detail: `${name}: ${Math.round(behindSeconds)} s behind` }]
    })
    if (noted.kind === 'answered') return late
    return [{ code: 'EVENT_STORE_SILENT', detail: 'the event store does not say how far it is' }, ...late]
  }

  async #noteOnTime(): Promise<void> {
    const noted = await within(HEAD_MS_MAX, this.#note())
    if (noted.kind === 'answered') {
      if (!this.#isKnown) this.#log('info', 'it is known again how far the store is')
      this.#isKnown = true
      return
    }
    // Said once, and not every second for as long as it lasts.
    if (this.#isKnown) {
      const reason = noted.kind === 'failed' ? errorFields(noted.error) : { reason: 'the store does not answer' }
      this.#log('warn', 'it is not known how far the store is', reason)
    }
    this.#isKnown = false
  }

  #take(head: From): void {
    const nowMs = this.#nowMs()
    this.#lag.note(head, nowMs)
    const reached = [...this.#watches.values()].map((watch) => {
      const at = watch.watched.position()
      if (at !== watch.last) this.#moved(watch, at, nowMs)
      return at
    })
    if (reached.length > 0) this.#lag.forget(reached)
  }

  #moved(watch: Watch, at: From | null, nowMs: number): void {
    watch.last = at
    watch.movedAtMs = nowMs
  }
}
