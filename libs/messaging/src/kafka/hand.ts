import { MessagingError } from '../errors.ts'
import { pause, pauseAfter } from '../pause.ts'
import type { Pauses } from '../options.ts'
import type { IncomingMessage, MessageHandler } from '../port.ts'
import { isPlaceLost } from './failures.ts'

/** A commit that fails while the consumer stops is tried so often, then left: the messages come again. */
const COMMITS_WHEN_ENDING = 3
const COMMIT_WHEN_ENDING_MS = 5_000

export interface HandParts {
  handle: MessageHandler
  batchMax: number
  pauses: Pauses
  /** Makes it known to the group that all up to a message of this hand is handled. */
  commit(last: IncomingMessage): Promise<void>
  onFailure(error: unknown): void
  /** A commit was refused since the place in the group is lost: whoever has it must join again. */
  onPlaceLost(error: unknown): void
}

/**
 * What one fetch gave of one partition, handled part by part in its order. Each part is committed when its handler has
 * resolved and not before; the next one is begun after that. What is not committed in the end comes again with a later fetch.
 */
export class Hand {
  readonly #messages: readonly IncomingMessage[]
  readonly #parts: HandParts
  readonly #ending = new AbortController()
  readonly #signal = new AbortController()
  #abandoned = false
  #settled: Promise<void> = Promise.resolve()

  constructor(messages: readonly IncomingMessage[], parts: HandParts) {
    this.#messages = messages
    this.#parts = parts
  }

  /** Resolves when its handler runs no longer. Never rejects. */
  get settled(): Promise<void> {
    return this.#settled
  }

  get abandoned(): boolean {
    return this.#abandoned
  }

  /** Begins when what was in hand of this partition before has settled: no two handlers at once have one partition. */
  start(before: Promise<void>): void {
    this.#settled = before.then(() => this.#work())
  }

  /** Finishes the part in hand, commits it, and begins no other. */
  finish(): void {
    this.#ending.abort()
  }

  /** As `finish`, and tells the handler that it is to stop. */
  interrupt(): void {
    this.#ending.abort()
    this.#signal.abort(new DOMException('The consumer is to stop.', 'AbortError'))
  }

  /** Somebody else has the partition, or may have: nothing of it is committed any more. */
  abandon(): void {
    this.#abandoned = true
    this.#ending.abort()
    this.#signal.abort(new DOMException('The partition was given to another consumer.', 'AbortError'))
  }

  async #work(): Promise<void> {
    let failures = 0
    for (let next = 0; next < this.#messages.length && !this.#ending.signal.aborted;) {
      const part = this.#messages.slice(next, next + this.#parts.batchMax)
      try {
        await this.#parts.handle(part, this.#signal.signal)
      } catch (error) {
        // A handler that gives up since it was told to has not failed.
        if (this.#signal.signal.aborted && isAbort(error)) return
        failures += 1
        this.#parts.onFailure(error)
        await pause(pauseAfter(failures, this.#parts.pauses), this.#ending.signal)
        continue
      }
      failures = 0
      if (!(await this.#commit(part.at(-1)!))) return
      next += part.length
    }
  }

  /** A commit under way when it is to end may yet take a moment, and not as long as the library waits for an answer. */
  async #inTime(commit: Promise<void>): Promise<void> {
    const over = new AbortController()
    const late = async () => {
      await pause(COMMIT_WHEN_ENDING_MS, over.signal)
      if (!over.signal.aborted) {
        throw new MessagingError('BROKER_AWAY', 'The broker did not confirm in time what was handled; it comes again.')
      }
    }
    try {
      await Promise.race([commit, aborted(this.#ending.signal, over.signal).then(late)])
    } finally {
      over.abort()
    }
  }

  async #commit(last: IncomingMessage): Promise<boolean> {
    for (let tries = 1; !this.#abandoned; tries += 1) {
      try {
        await this.#inTime(this.#parts.commit(last))
        return !this.#abandoned
      } catch (error) {
        if (this.#abandoned) return false
        if (isPlaceLost(error)) {
          this.abandon()
          this.#parts.onPlaceLost(error)
          return false
        }
        this.#parts.onFailure(error)
        if (this.#ending.signal.aborted && tries >= COMMITS_WHEN_ENDING) return false
        // While it ends there is no time for long pauses.
        if (this.#ending.signal.aborted) await pause(this.#parts.pauses.firstMs, new AbortController().signal)
        else await pause(pauseAfter(tries, this.#parts.pauses), this.#ending.signal)
      }
    }
    return false
  }
}

/** Resolves when the signal aborts; or when `over` does, so that nothing waits for ever. */
function aborted(signal: AbortSignal, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      signal.removeEventListener('abort', done)
      over.removeEventListener('abort', done)
      resolve()
    }
    if (signal.aborted) return done()
    signal.addEventListener('abort', done)
    over.addEventListener('abort', done)
  })
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}
