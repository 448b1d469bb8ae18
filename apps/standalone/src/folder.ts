import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { EventLog, From } from '#event-store'
import { loadMasterKey, openSqliteKeyStore } from '#key-store'
import type { KeyStore } from '#key-store'

/** What a folder of stores holds does not belong together, or is no longer to be written. The message says what to do. */
export class FolderError extends Error {
  readonly code: 'STORE_SET_BACK' | 'STORE_MIGRATED'

  constructor(code: FolderError['code'], message: string) {
    super(message)
    this.name = 'FolderError'
    this.code = code
  }
}

/**
 * The keys of a folder's events. Both they and the master key are made only where nothing was sealed yet: beside events, new
 * ones would be a loss that nobody notices until the old ones are gone for good. Throws `MASTER_KEY_MISSING`,
 * `KEY_STORE_MISSING` and what the key store throws.
 */
export async function openKeys(folder: string, log: EventLog): Promise<{ keys: KeyStore; masterKey: Uint8Array }> {
  const path = join(folder, 'keys.db')
  const hasEvents = (await log.head()) !== 'start'
  const masterKey = loadMasterKey({
    path: join(folder, 'master.key'),
    fromEnvironment: process.env['HUIYING_MASTER_KEY'],
    mustExist: hasEvents || existsSync(path),
  })
  return { keys: openSqliteKeyStore({ path, masterKey, mustExist: hasEvents }), masterKey }
}

/**
 * That nothing was made from events which are no longer there. Who had seen them would pass over the ones that are written
 * in their place: a promise would not be recorded, a list would not show a case. Throws `STORE_SET_BACK`.
 */
export function checkNotSetBack(folder: string, head: From, seen: readonly From[]): void {
  const isBehind = (position: From) => position !== 'start' && (head === 'start' || position > head)
  if (!seen.some(isBehind)) return
  throw new FolderError(
    'STORE_SET_BACK',
    `${join(folder, 'events.db')} ends before events that were in it: it was lost, cut off or set back. Restore the newest ` +
      'copy of events.db with its -wal file. If there is no newer one, delete views.db, search.db and policies.db, each with its ' +
      '-wal and -shm files, and start again: they are made anew from the events that are left.',
  )
}
