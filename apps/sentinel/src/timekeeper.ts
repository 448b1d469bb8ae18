import { Recurring } from '#application'
import type { Application, RecurringStatus, TickReport } from '#application'
import { Logger } from '@nestjs/common'
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common'

/** What is not known of in advance, a case that was just opened, a page that was just reported, waits no longer than this. */
const TICK_PATIENCE_MS = 30_000
const PAGES_PATIENCE_MS = 15_000
/** Files wait for days before they are swept. */
const FILES_PATIENCE_MS = 24 * 3_600_000

/**
 * Runs what time does for as long as the process lives: the tick, and beside it, so that no slow site holds it up, the looks
 * at pages, and the removal of files that nobody named.
 */
export class Timekeeper implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger('Sentinel')
  readonly #loops: Readonly<Record<string, Recurring>>

  constructor({ sentinel, pageLooks, orphanSweep, ports: { clock } }: Application) {
    const loop = (name: string, work: (signal: AbortSignal) => Promise<TickReport>, patienceMs: number) =>
      new Recurring({
        work,
        clock,
        patienceMs,
        onReport: (report) => this.#tell(name, report),
        onError: (error) => this.#logger.error({ round: name, error: messageOf(error) }),
      })
    this.#loops = {
      tick: loop('tick', (signal) => sentinel.tick(clock.now(), signal), TICK_PATIENCE_MS),
      files: loop('files', () => orphanSweep.round(), FILES_PATIENCE_MS),
      ...(pageLooks && { pages: loop('pages', (signal) => pageLooks.look(clock.now(), signal), PAGES_PATIENCE_MS) }),
    }
  }

  onApplicationBootstrap(): void {
    for (const loop of Object.values(this.#loops)) loop.start()
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(Object.values(this.#loops).map((loop) => loop.stop()))
  }

  /** For health and metrics: how each loop fares. */
  get status(): Record<string, RecurringStatus> {
    return Object.fromEntries(Object.entries(this.#loops).map(([name, { status }]) => [name, status]))
  }

  #tell(round: string, { at, done, failed, failures }: TickReport): void {
    if (failures > 0) this.#logger.warn({ round, at, done, failures, failed })
    else this.#logger.log({ round, at, done })
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
