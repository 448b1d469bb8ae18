import { END, streamNameFilter } from '@kurrent/kurrentdb-client'
import type { KurrentDBClient, Position } from '@kurrent/kurrentdb-client'
import { backOffMs, pause } from './attempts.ts'
import type { KurrentDbLimits } from './limits.ts'
import { OUR_STREAMS } from './reader.ts'

/** Events that the server looks at between two words of how far it is. */
const SEARCH_WINDOW = 32
const CHECKPOINT_INTERVAL = 8

/**
 * Tells that there is more to read, by one subscription to `$all` from the newest event on. What it is sent is not handed
 * on: readers read pages. When it breaks it goes on from where it was, and tells each time that it begins, since events
 * may have come in between; so none is ever missed.
 */
export class Follower {
  readonly #client: KurrentDBClient
  readonly #limits: KurrentDbLimits
  readonly #tell: () => void
  readonly #stopping = new AbortController()
  #running: Promise<void> | null = null
  /** The last place that it was told of; null where to begin at the end. */
  #place: Position | null = null

  constructor(client: KurrentDBClient, limits: KurrentDbLimits, tell: () => void) {
    this.#client = client
    this.#limits = limits
    this.#tell = tell
  }

  start(): void {
    if (this.#stopping.signal.aborted) return
    this.#running ??= this.#run()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    let failures = 0
    while (!this.#stopping.signal.aborted) {
      const hasBegun = await this.#follow()
      failures = hasBegun ? 1 : failures + 1
      // A place that is not taken may be one that a new leader never had.
      if (!hasBegun) this.#place = null
      if (!this.#stopping.signal.aborted) await pause(backOffMs(failures, this.#limits), this.#stopping.signal)
    }
  }

  /** Follows until it breaks; whether it had begun. Why it broke does not matter: in any case it is begun anew. */
  async #follow(): Promise<boolean> {
    const subscription = this.#client.subscribeToAll({
      fromPosition: this.#place ?? END,
      filter: streamNameFilter({
        regex: OUR_STREAMS,
        maxSearchWindow: SEARCH_WINDOW,
        checkpointInterval: CHECKPOINT_INTERVAL,
        checkpointReached: async (_, position) => {
          this.#place = position
        },
      }),
      requiresLeader: true,
    })
    let hasBegun = false
    const ended = Promise.withResolvers<void>()
    const end = (): void => ended.resolve()
    const overdue = setTimeout(end, this.#limits.attemptMs)
    this.#stopping.signal.addEventListener('abort', end, { once: true })
    subscription
      .on('confirmation', () => {
        hasBegun = true
        clearTimeout(overdue)
        this.#tell()
      })
      .on('data', ({ event }) => {
        if (event !== undefined) this.#place = event.position
        this.#tell()
      })
      .on('error', end)
      .on('end', end)
      .on('close', end)
    await ended.promise
    clearTimeout(overdue)
    this.#stopping.signal.removeEventListener('abort', end)
    subscription.destroy()
    // Where the connection never came about there is nobody to tell, and nothing to wait for.
    void Promise.allSettled([subscription.unsubscribe()])
    return hasBegun
  }
}
