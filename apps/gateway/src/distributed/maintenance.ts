import { catalog, compareWithRebuilt, POLICIES, Projector, projections } from '#application'
import type { Comparison, SearchHost } from '#application'
import { verifyLog } from '#event-store'
import { holdLease } from '#read-store'
import { aborted } from '#processes'
import type { SharedApplication, Stores } from '#processes'
import type { Maintenance } from '../served.ts'

/** Only one process at a time builds read models beside those in use, by whatever command. */
const LEASE = 'rebuild'
const SETTLED_WAIT_MS = 60_000

export interface MaintenanceParts {
  stores: Stores
  shared: SharedApplication
  search: SearchHost
  leaseMs: number
}

/** What whoever runs the machines may do, done by this gateway on the stores that all share. */
export function distributedMaintenance({ stores, shared, search, leaseMs }: MaintenanceParts): Maintenance {
  const { store, views, leases, holder, log, keys } = stores
  const { application, watch } = shared

  /** Builds with a projector of its own, which follows nothing once that is done; waits for others who do. */
  async function building<Result>(work: (projector: Projector) => Promise<Result>): Promise<Result> {
    const done = new AbortController()
    const result = Promise.withResolvers<Result>()
    await holdLease({
      leases,
      name: LEASE,
      holder,
      durationMs: leaseMs,
      signal: done.signal,
      work: async ({ signal }) => {
        const projector = new Projector({ store, views, projections, onProgress: () => {} })
        const lost = aborted(signal).then(() => {
          throw new Error('the lease to rebuild was lost; try again')
        })
        try {
          await Promise.race([work(projector).then(result.resolve), lost])
        } catch (error) {
          result.reject(error)
        } finally {
          done.abort()
          await lost.catch(() => {})
          await projector.stop()
        }
      },
      onFailure: (error) => {
        result.reject(error)
        done.abort()
      },
    })
    return await result.promise
  }

  return {
    settled: async () => {
      for (;;) {
        const head = await store.head()
        if (head === 'start') return
        for (const name of [POLICIES, ...projections.map(({ name }) => name), 'search']) {
          if (!(await watch.reached(name, head, SETTLED_WAIT_MS))) throw new Error(`${name} does not follow the store`)
        }
        if ((await store.head()) === head) return
      }
    },
    retryRefusedRows: () => application.retryRefusedRows(),
    rebuild: async () => {
      await building((projector) => projector.rebuild())
      await search.rebuild()
    },
    compare: () => building<Comparison>((projector) => compareWithRebuilt(projector, views, projections)),
    verify: () => verifyLog({ log, catalog, keys }),
  }
}
