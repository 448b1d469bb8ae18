import { join } from 'node:path'
import {
  Application,
  ApplicationModule,
  Buses,
  catalog,
  instantAt,
  POLICIES,
  ProjectorHost,
  storedCheckpoint,
  systemClock,
} from '#application'
import type { Clock, CommandOutcome, CommandRequest, PageChecker, PageFetcher, PolicyRetry } from '#application'
import { openBlobStore, openShelf } from '#blob-store'
import { openEventLog, openEventStore, verifyLog } from '#event-store'
import type { VerifyMessage } from '#event-store'
import { observedEventStore, observedReadStore } from '#observability'
import type { ProcessMetrics } from '#observability'
import { Closing, counting } from '#processes'
import type { Written } from '#processes'
import { openReadStore, openReadStoreWriter } from '#read-store'
import { openSearchIndex } from '#search'
import { Module } from '@nestjs/common'
import type { INestApplicationContext } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { Query } from '@nestjs/cqrs'
import { IngestModule } from '../../ingest/src/ingest.module.ts'
import { SentinelModule } from '../../sentinel/src/sentinel.module.ts'
import { checkNotSetBack, openKeys } from './folder.ts'
import { checkNotMigrated } from './migrated-file.ts'

export interface EmbeddedOptions {
  /** The folder of the stores; made where there is none. */
  folder: string
  clock?: Clock
  /** Does by itself what time brings, until it is closed; else only when `application.sentinel` is told to. */
  keepsTime?: boolean
  /** Looks at the pages that departments report. */
  pageChecker?: PageChecker
  /** Where it is given, the feeds of the settings are looked at as long as this is open. */
  fetcher?: PageFetcher
  /** For a process that goes on serving; without it a policy that fails stops until the next start. */
  policyRetry?: PolicyRetry
  /** What is measured of the stores goes here. */
  metrics?: ProcessMetrics
}

/** Everything in one process, on SQLite files in one folder: the embedded default. */
export class Embedded {
  readonly application: Application
  readonly projector: ProjectorHost
  /** What this process has written to the store. */
  readonly written: Readonly<Written>
  readonly #buses: Buses
  readonly #verify: () => AsyncGenerator<VerifyMessage>
  readonly #close: () => Promise<void>

  constructor(parts: {
    application: Application
    projector: ProjectorHost
    written: Readonly<Written>
    nest: INestApplicationContext
    verify: () => AsyncGenerator<VerifyMessage>
    close: () => Promise<void>
  }) {
    this.application = parts.application
    this.projector = parts.projector
    this.written = parts.written
    this.#buses = new Buses(parts.nest)
    this.#verify = parts.verify
    this.#close = parts.close
  }

  command(request: CommandRequest): Promise<CommandOutcome> {
    return this.#buses.command(request)
  }

  /** Throws `QueryRefused` where the question cannot be answered. */
  query<Answer>(query: Query<Answer>): Promise<Answer> {
    return this.#buses.query(query)
  }

  /** Waits until everything that follows from what is stored has happened, and lists and search show it. */
  async settled(): Promise<void> {
    await this.application.policies.settled()
    const head = await this.application.ports.store.head()
    if (head === 'start') return
    for (const projection of ['casework', 'intake', 'watch', 'search']) await this.projector.caughtUp(projection, head)
  }

  /** Walks every chain and schema, while work goes on. */
  verify(): AsyncGenerator<VerifyMessage> {
    return this.#verify()
  }

  /** Finishes what is in hand, in the order in which one part needs the next. */
  async close(): Promise<void> {
    await this.#close()
  }
}

@Module({})
class EmbeddedModule {}

/**
 * Throws the typed errors of the stores: `STORE_IN_USE` where another process holds the folder, `STORE_SET_BACK` where events
 * are gone that others have seen, `STORE_MIGRATED` where they were moved to another store.
 */
export async function openEmbedded({
  folder,
  clock = systemClock,
  keepsTime = false,
  pageChecker,
  fetcher,
  policyRetry,
  metrics,
}: EmbeddedOptions): Promise<Embedded> {
  const at = (file: string) => `sqlite:${join(folder, file)}`
  const closing = new Closing()
  try {
    const log = await openEventLog(at('events.db'))
    closing.add(log, (open) => open.close())
    // Asked with the lock held: who migrates a folder holds it until the mark is there.
    await checkNotMigrated(folder)
    const { keys, masterKey } = await openKeys(folder, log)
    closing.add(keys, (open) => open.close())
    const written = { events: 0 }
    const store = observedEventStore(
      counting(openEventStore({ log, keys, catalog, clock: { now: () => instantAt(clock.now()) } }), written),
      metrics ?? null,
    )

    const blobs = await openBlobStore({
      shelf: openShelf(`file:${join(folder, 'blobs')}`),
      keys,
      now: () => clock.now(),
    })

    const projector = await ProjectorHost.start({
      eventsAddress: at('events.db'),
      viewsAddress: at('views.db'),
      searchAddress: at('search.db'),
      keysPath: join(folder, 'keys.db'),
      masterKey,
    })
    closing.add(projector, (open) => open.stop())
    log.onAppended(() => projector.wake())

    const views = observedReadStore(await openReadStore(at('views.db')), metrics ?? null)
    closing.add(views, (open) => open.close())
    const search = await openSearchIndex(at('search.db'))
    closing.add(search, (open) => open.close())
    const progress = await openReadStoreWriter(at('policies.db'))
    closing.add(progress, (open) => open.close())
    const policies = await storedCheckpoint(POLICIES, { writer: progress, store, clock })
    checkNotSetBack(folder, await log.head(), [
      (await views.progress('casework')).position,
      (await views.progress('intake')).position,
      (await views.progress('watch')).position,
      await search.checkpoint(),
      await policies.load(),
      await policies.seen(),
    ])

    const application = new Application(
      {
        store,
        views,
        search,
        blobs,
        storeSecret: keys.storeSecret,
        clock,
        reached: (projection, token) => projector.reached(projection, token),
        purge: (position) => projector.purge(position),
        pageChecker,
      },
      policies,
      policyRetry ? { policyRetry } : {},
    )
    await application.start()
    await application.policies.start()
    closing.add(application, (open) => open.stop())
    const modules = [
      ApplicationModule.of(application),
      ...(keepsTime ? [SentinelModule.of(application)] : []),
      ...(fetcher ? [await IngestModule.of(application, { fetcher, writer: progress })] : []),
    ]
    const nest = await NestFactory.createApplicationContext(
      { module: EmbeddedModule, imports: modules },
      { logger: ['error', 'warn'] },
    )
    await nest.init()
    closing.add(nest, (open) => open.close())
    const verify = () => verifyLog({ log, catalog, keys })
    return new Embedded({ application, projector, written, nest, verify, close: () => closing.close() })
  } catch (error) {
    // What kept it from opening is the news; what then did not close follows from it.
    await closing.close().catch(() => {})
    throw error
  }
}
