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
  /** `writer`: of the store that holds how far things have come. */
  static async of(
    application: Application,
    { fetcher, writer }: { fetcher: PageFetcher; writer: ReadStoreWriter },
  ): Promise<DynamicModule> {
    const { store, clock } = application.ports
    const logger = new Logger('feeds')
    const poller = application.feedPoller({
      fetcher,
      progress: await storedFeedProgress({ writer, head: () => store.head(), now: () => instantAt(clock.now()) }),
      random: Math.random,
      timeout: (timeoutMs) => AbortSignal.timeout(timeoutMs),
      onFault: (feedId, error) => logger.error(`${feedId}: ${error instanceof Error ? error.stack : String(error)}`),
    })
    return {
      module: IngestModule,
      providers: [{ provide: FeedLoop, useValue: new FeedLoop(poller) }],
    }
  }
}
