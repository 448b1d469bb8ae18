import { ReadStoreError } from './errors.ts'
import type { ReadStore, ReadStoreWriter } from './port.ts'
import { openSqliteReadStore } from './sqlite/open.ts'

/** The store for reading. Address: `sqlite:PATH`. Error: `BAD_ADDRESS`. */
export function openReadStore(address: string): Promise<ReadStore> {
  return openSqliteReadStore(pathOf(address), { mode: 'reader' })
}

/** The store for reading and writing, over a connection of its own. Its home is the projections' worker thread. */
export function openReadStoreWriter(address: string): Promise<ReadStoreWriter> {
  return openSqliteReadStore(pathOf(address), { mode: 'writer' })
}

function pathOf(address: string): string {
  if (address.startsWith('sqlite:') && address.length > 'sqlite:'.length) return address.slice('sqlite:'.length)
  throw new ReadStoreError(
    'BAD_ADDRESS',
    `Give the read store an address such as sqlite:./data/views.db, not ${address}`,
  )
}
