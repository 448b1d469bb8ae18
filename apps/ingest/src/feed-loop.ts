import type { FeedPoller } from '#application'
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common'

/** How often it is asked which feeds are due; they are looked at every five minutes at most. */
const TICK_MS = 15_000

/** Asks the poller again and again, from the start of the process to its end. */
export class FeedLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #poller: Pick<FeedPoller, 'pollDue' | 'stop'>
  #timer: NodeJS.Timeout | null = null
  #isStopped = false

  constructor(poller: Pick<FeedPoller, 'pollDue' | 'stop'>) {
    this.#poller = poller
  }

  onApplicationBootstrap(): void {
    this.#wait()
  }

  /** Breaks off what is being fetched; what was fetched is taken in. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#isStopped = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    await this.#poller.stop()
  }

  #wait(): void {
    if (this.#isStopped) return
    // What goes wrong with a feed, the poller has told already; it never rejects for one.
    this.#timer = setTimeout(() => void this.#poller.pollDue().finally(() => this.#wait()), TICK_MS)
  }
}
