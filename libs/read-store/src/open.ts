import { ReadStoreError } from './errors.ts'
import type { ReadStore, ReadStoreWriter } from './port.ts'
import { openSqliteReadStore } from './sqlite/open.ts'

/**
 * The store for reading. Address: `sqlite:PATH` or `mongodb://HOST:PORT/DATABASE` (also `mongodb+srv:`). Errors:
 * `BAD_ADDRESS`; of a server also `BAD_CREDENTIALS`, `UNAVAILABLE`.
 */
export async function openReadStore(address: string): Promise<ReadStore> {
  if (isMongodb(address)) return await (await mongodb()).openMongodbReadStore(address)
  return await openSqliteReadStore(pathOf(address), { mode: 'reader' })
}

/**
 * The store for reading and writing, over a connection of its own. Its home is the projections' worker thread. A SQLite store
 * has one at a time, a MongoDB store any number: there, a lease says who writes which projection.
 */
export async function openReadStoreWriter(address: string): Promise<ReadStoreWriter> {
  if (isMongodb(address)) return await (await mongodb()).openMongodbReadStoreWriter(address)
  return await openSqliteReadStore(pathOf(address), { mode: 'writer' })
}

/** Its client is loaded where it is used and nowhere else. */
function mongodb(): Promise<typeof import('./mongodb/open.ts')> {
  return import('./mongodb/open.ts')
}

export function isMongodb(address: string): boolean {
  return /^mongodb(\+srv)?:/.test(address)
}

/** Of a SQLite file. Error: `BAD_ADDRESS`. */
export function pathOf(address: string): string {
  if (address.startsWith('sqlite:') && address.length > 'sqlite:'.length) return address.slice('sqlite:'.length)
  throw new ReadStoreError(
    'BAD_ADDRESS',
    `Give the read store an address such as sqlite:./data/views.db or mongodb://host:27017/huiying, not ${address.replace(/\/\/[^/]*@/, '//…@')}`,
  )
}
