import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ChangeFeed, instantAt, POLICIES, SearchHost } from '#application'
import type { From } from '#event-store'
import { loadMasterKey } from '#key-store'
import type { Log, ProcessMetrics } from '#observability'
import { Closing, SharedApplication } from '#processes'
import type { Addresses, Stores, Written } from '#processes'
import { openSearchIndex } from '#search'
import type { Served, Vitals } from '../served.ts'
import type { Watched } from '../vitals.ts'
import { distributedMaintenance } from './maintenance.ts'

export interface DistributedGatewayOptions {
  stores: Stores
  addresses: Addresses
  /** What this process alone keeps: its search index. */
  folder: string
  log: Log
  /** What is measured of the read store goes here. */
  metrics?: Pick<ProcessMetrics, 'read'>
}

/** What one of several gateways serves: the stores that all share, and a search index of its own. */
export class DistributedGateway {
  readonly shared: SharedApplication
  readonly search: SearchHost
  readonly #options: DistributedGatewayOptions
  readonly #close: () => Promise<void>

  private constructor(
    options: DistributedGatewayOptions,
    parts: { shared: SharedApplication; search: SearchHost; close: () => Promise<void> },
  ) {
    this.#options = options
    this.shared = parts.shared
    this.search = parts.search
    this.#close = parts.close
  }

  static async open(options: DistributedGatewayOptions): Promise<DistributedGateway> {
    const { stores, addresses, folder, log, metrics } = options
    await mkdir(folder, { recursive: true })
    const address = `sqlite:${join(folder, searchFileOf(addresses.events, stores))}`
    const closing = new Closing()
    try {
      let noted: (checkpoint: From) => void = () => {}
      const search = closing.add(
        await SearchHost.start({
          settings: {
            events: addresses.events,
            views: addresses.views,
            search: address,
            keys: addresses.keys,
            masterKey: loadMasterKey({ ...addresses.masterKey, mustExist: true }),
          },
          log,
          onProgress: (checkpoint) => noted(checkpoint),
        }),
        (host) => host.stop(),
      )
      const index = closing.add(await openSearchIndex(address), (open) => open.close())
      const shared = closing.add(await SharedApplication.open({ stores, log, metrics, search: index }), (open) =>
        open.close(),
      )
      noted = (checkpoint) => shared.watch.note('search', checkpoint)
      noted(await index.checkpoint())
      shared.watch.onProgress((projection, checkpoint) => {
        if (projection === 'casework') search.advance(checkpoint)
      })
      search.advance(shared.watch.checkpoint('casework') ?? 'start')
      return new DistributedGateway(options, { shared, search, close: () => closing.close() })
    } catch (error) {
      // What kept it from opening is the news.
      await closing.close().catch(() => {})
      throw error
    }
  }

  served(vitals: () => Promise<Vitals>): Served {
    const { shared, search } = this
    const { application } = shared
    const { stores, addresses } = this.#options
    return {
      command: (request) => shared.command(request),
      query: (query) => shared.query(query),
      importFile: (request) => application.importFile(request),
      deliver: (request) => application.webhooks.accept(request),
      files: application.files,
      changes: new ChangeFeed(application.ports),
      maintenance: distributedMaintenance({ stores, shared, search, leaseMs: addresses.leaseMs }),
      vitals,
      now: () => instantAt(application.ports.clock.now()),
    }
  }

  /** What tells how it keeps up. */
  watched(written: Readonly<Written>): Watched {
    const { watch, application } = this.shared
    const { search } = this
    return {
      application: {
        ports: application.ports,
        // They run in the sentinel, which says itself where they fail.
        policies: {
          get handled() {
            return watch.checkpoint(POLICIES) ?? 'start'
          },
          failure: null,
        },
      },
      projector: {
        checkpoint: (projection) => watch.checkpoint(projection),
        get failure() {
          return search.failure
        },
      },
      written,
    }
  }

  close(): Promise<void> {
    return this.#close()
  }
}

/** Positions mean something in one event store only: an index belongs to the store that it was made from. */
function searchFileOf(events: string, { keys }: Pick<Stores, 'keys'>): string {
  const name = createHash('sha256').update(keys.storeSecret).update(events).digest('hex').slice(0, 16)
  return `search-${name}.db`
}
