import type { Application, PageFetcher } from '#application'
import { aborted, Leadership } from '#processes'
import type { Stores } from '#processes'
import type { Log } from '#observability'
import { feedLoopOf } from './ingest.module.ts'

export interface LeasedFeedsParts {
  application: Application
  stores: Stores
  leaseMs: number
  fetcher: PageFetcher
  log: Log
}

/** The feeds of the settings, looked at by one ingester of several. */
export class LeasedFeeds {
  readonly leadership: Leadership
  readonly #parts: LeasedFeedsParts

  constructor(parts: LeasedFeedsParts) {
    this.#parts = parts
    this.leadership = new Leadership({ ...parts.stores, leaseMs: parts.leaseMs, log: parts.log, name: 'feeds' })
  }

  run(signal: AbortSignal): Promise<void> {
    const { application, stores, fetcher } = this.#parts
    return this.leadership.run(signal, async ({ signal: held }) => {
      const feeds = await feedLoopOf(application, { fetcher, writer: stores.views })
      feeds.onApplicationBootstrap()
      await aborted(held)
      await feeds.beforeApplicationShutdown()
    })
  }
}
