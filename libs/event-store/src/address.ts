import { EventStoreError } from './errors.ts'
import type { EventLog } from './log.ts'
import { openSqliteLog } from './sqlite/log.ts'

/** What the client of KurrentDB takes: one server, some of a cluster, or a name that stands for all of it. */
const KURRENTDB = /^(kurrentdb|kurrent|kdb|esdb)(\+discover)?:\/\//

/**
 * Chooses the engine by an address, `sqlite:./data/events.db` or `kurrentdb://host:2113?tls=false`, and by nothing else.
 * Throws `STORE_ADDRESS_UNKNOWN`.
 */
export async function openEventLog(address: string, options: { readOnly?: boolean } = {}): Promise<EventLog> {
  const path = /^sqlite:(.+)$/.exec(address)?.[1]
  if (path !== undefined) return openSqliteLog(path, options)
  if (KURRENTDB.test(address)) {
    // Its client has a native part, which is not loaded where it is not needed.
    const { openKurrentDbLog } = await import('./kurrentdb/log.ts')
    return openKurrentDbLog(address, options)
  }
  // What follows the scheme may hold a password.
  const scheme = /^[^:]*/.exec(address)?.[0] ?? ''
  throw new EventStoreError(
    'STORE_ADDRESS_UNKNOWN',
    `No event store is known for "${scheme}:…"; use sqlite:PATH or kurrentdb://HOST:PORT.`,
  )
}
