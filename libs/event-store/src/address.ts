import { EventStoreError } from './errors.ts'
import type { EventLog } from './log.ts'
import { openSqliteLog } from './sqlite/log.ts'

/** Chooses the engine by an address, `sqlite:./data/events.db`, and by nothing else. Throws `STORE_ADDRESS_UNKNOWN`. */
export async function openEventLog(address: string, options: { readOnly?: boolean } = {}): Promise<EventLog> {
  const path = /^sqlite:(.+)$/.exec(address)?.[1]
  if (path !== undefined) return openSqliteLog(path, options)
  throw new EventStoreError('STORE_ADDRESS_UNKNOWN', `No event store is known for "${address}"; use sqlite:PATH.`)
}
