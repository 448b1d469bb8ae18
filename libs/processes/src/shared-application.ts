import { Application, ApplicationModule, Buses, projections, purged, POLICIES, storedCheckpoint } from '#application'
import type { CommandOutcome, CommandRequest, PageChecker, PolicyRetry, StoredCheckpoint } from '#application'
import type { From } from '#event-store'
import type { Log, ProcessMetrics } from '#observability'
import { errorFields, nestLog, observedReadStore } from '#observability'
import type { SearchIndex } from '#search'
import { Module } from '@nestjs/common'
import type { DynamicModule, INestApplicationContext, Type } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { Query } from '@nestjs/cqrs'
import { Closing } from './closing.ts'
import { pause } from './pause.ts'
import { ProjectionWatch } from './projection-watch.ts'
import type { Stores } from './stores.ts'

/** How long a policy that destroys content waits for read models to follow before it tries again. */
const PURGE_WAIT_MS = 60_000
const SETTINGS_PAUSE_MS = 1_000

export interface SharedApplicationOptions {
  stores: Stores
  log: Log
  /** What is measured of the read store goes here. */
  metrics?: Pick<ProcessMetrics, 'read'>
  /** Where the process answers searches. */
  search?: SearchIndex
  pageChecker?: PageChecker
  policyRetry?: PolicyRetry
  /** Further modules of Nest's, beside the application's own. */
  modules?: (application: Application) => readonly DynamicModule[] | Promise<readonly DynamicModule[]>
}

@Module({})
class SharedApplicationModule {}

/**
 * The application over stores that other processes share: it follows the settings that they change, and waits for the read
 * models that they write. Policies are not started; whoever leads starts them.
 */
export class SharedApplication {
  readonly application: Application
  readonly watch: ProjectionWatch
  readonly #nest: INestApplicationContext
  readonly #buses: Buses
  readonly #closing: Closing

  private constructor(parts: {
    application: Application
    watch: ProjectionWatch
    nest: INestApplicationContext
    closing: Closing
  }) {
    this.application = parts.application
    this.watch = parts.watch
    this.#nest = parts.nest
    this.#buses = new Buses(parts.nest)
    this.#closing = parts.closing
  }

  static async open(options: SharedApplicationOptions): Promise<SharedApplication> {
    const { log, modules = () => [] } = options
    const closing = new Closing()
    try {
      const watch = new ProjectionWatch({
        views: options.stores.views,
        projections: [...followed, POLICIES],
        onFailure: (error) => log('warn', 'it is not known how far the read models are', errorFields(error)),
      })
      closing.add(watch, () => watch.stop())
      await watch.start()
      const application = applicationOver(options, watch)
      await application.start()
      const stopping = new AbortController()
      const following = followSettings(application, stopping.signal, log)
      closing.add(stopping, (controller) => {
        controller.abort()
        return following
      })
      closing.add(application, () => application.stop())
      const imports = [ApplicationModule.of(application), ...(await modules(application))]
      const nest = await NestFactory.createApplicationContext(
        { module: SharedApplicationModule, imports },
        { logger: nestLog(log) },
      )
      closing.add(nest, () => nest.close())
      await nest.init()
      return new SharedApplication({ application, watch, nest, closing })
    } catch (error) {
      // What kept it from opening is the news.
      await closing.close().catch(() => {})
      throw error
    }
  }

  command(request: CommandRequest): Promise<CommandOutcome> {
    return this.#buses.command(request)
  }

  /** Throws `QueryRefused` where the question cannot be answered. */
  query<Answer>(query: Query<Answer>): Promise<Answer> {
    return this.#buses.query(query)
  }

  /** What one of the further modules provides. */
  get<Provided>(type: Type<Provided>): Provided {
    return this.#nest.get(type, { strict: false })
  }

  /** Finishes what is in hand; the stores stay open. */
  async close(): Promise<void> {
    await this.#closing.close()
  }
}

const followed = projections.map(({ name }) => name)

function applicationOver(
  { stores, metrics, search = noSearch, pageChecker, policyRetry }: SharedApplicationOptions,
  watch: ProjectionWatch,
): Application {
  const { store, views, blobs, keys, clock } = stores
  let checkpoint: Promise<StoredCheckpoint> | null = null
  // Made by whoever runs policies, when they do.
  const opened = () => (checkpoint ??= storedCheckpoint(POLICIES, { writer: views, store, clock }))
  return new Application(
    {
      store,
      views: observedReadStore(views, metrics ?? null),
      search,
      blobs,
      storeSecret: keys.storeSecret,
      clock,
      reached: (projection, token) => watch.reached(projection, token),
      purge: async (position) => {
        for (const name of followed) {
          if (await watch.reached(name, position, PURGE_WAIT_MS)) continue
          throw new Error(`${name} does not follow the store, so that what was erased is still in it`)
        }
        await purged(views)
      },
      pageChecker,
    },
    { load: async () => (await opened()).load(), save: async (position) => (await opened()).save(position) },
    policyRetry ? { policyRetry } : {},
  )
}

/** For a process that nobody asks anything. */
const noSearch: SearchIndex = {
  search: () => Promise.reject(new Error('this process answers no searches')),
  checkpoint: () => Promise.resolve('start' as From),
  close: () => Promise.resolve(),
}

/** For as long as the process runs: where the store is away, again in a moment. */
async function followSettings({ settings }: Application, signal: AbortSignal, log: Log): Promise<void> {
  while (!signal.aborted) {
    try {
      await settings.follow(signal)
    } catch (error) {
      if (signal.aborted) return
      log('warn', 'settings cannot be followed and will be tried again', errorFields(error))
      await pause(SETTINGS_PAUSE_MS, signal)
    }
  }
}
