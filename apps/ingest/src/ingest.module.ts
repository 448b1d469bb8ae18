import { Logger, Module } from '@nestjs/common'
import type { DynamicModule } from '@nestjs/common'
import { instantAt } from '#application'
import type { Application, PageFetcher } from '#application'
import type { ReadStoreWriter } from '#read-store'
import { FeedLoop } from './feed-loop.ts'
import { storedFeedProgress } from './feed-progress.ts'

/** Takes in what nobody sends: looks at feeds as long as the process runs. */
@Module({})
export class IngestModule {
  static async of(application: Application, parts: FeedLoopParts): Promise<DynamicModule> {
    return {
      module: IngestModule,
      providers: [{ provide: FeedLoop, useValue: await feedLoopOf(application, parts) }],
    }
  }
}

export interface FeedLoopParts {
  fetcher: PageFetcher
  /** Of the store that holds how far things have come. */
  writer: ReadStoreWriter
}

/** Looks at the feeds of the settings, between its start and its end. */
export async function feedLoopOf(application: Application, { fetcher, writer }: FeedLoopParts): Promise<FeedLoop> {
  const { store, clock } = application.ports
  const logger = new Logger('feeds')
  return new FeedLoop(
    application.feedPoller({
      fetcher,
      progress: await storedFeedProgress({ writer, head: () => store.head(), now: () => instantAt(clock.now()) }),
      random: Math.random,
      timeout: (timeoutMs) => AbortSignal.timeout(timeoutMs),
      onFault: (feedId, error) => logger.error(`${feedId}: ${error instanceof Error ? error.stack : String(error)}`),
    }),
  )
}
