import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { catalog, instantAt, projections, systemClock } from '#application'
import type { Clock } from '#application'
import { openBlobStore, openShelf } from '#blob-store'
import type { BlobStore } from '#blob-store'
import { openEventLog, openEventStore } from '#event-store'
import type { EventLog, EventStore } from '#event-store'
import { loadMasterKey, openSqliteKeyStore } from '#key-store'
import type { KeyStore } from '#key-store'
import { openLeases, openReadStoreWriter } from '#read-store'
import type { Leases, ReadStoreWriter } from '#read-store'
import type { Addresses } from './addresses.ts'
import { Closing } from './closing.ts'

/** What the processes of the distributed profile share, as one of them has it open. */
export interface Stores {
  log: EventLog
  keys: KeyStore
  store: EventStore
  views: ReadStoreWriter
  leases: Leases
  blobs: BlobStore
  clock: Clock
  /** Who this process is, where leases are held: nobody else ever is. */
  holder: string
  close(): Promise<void>
}

/** What is stored does not belong together. The message says what to do. */
export class StoresError extends Error {
  readonly code = 'STORE_SET_BACK'

  constructor(message: string) {
    super(message)
    this.name = 'StoresError'
  }
}

export interface OpenStoresOptions {
  clock?: Clock
  /** Stands between the process and the event store: to count, measure and trace. */
  observe?: (store: EventStore) => EventStore
}

/**
 * Opens everything by its address. The keys are made only where nothing was sealed yet, the master key never. Throws the
 * typed errors of the stores, and `STORE_SET_BACK` where events are gone that read models tell of.
 */
export async function openStores(addresses: Addresses, options: OpenStoresOptions = {}): Promise<Stores> {
  const { clock = systemClock, observe = (store) => store } = options
  const closing = new Closing()
  try {
    const log = closing.add(await openEventLog(addresses.events), (open) => open.close())
    const hasEvents = (await log.head()) !== 'start'
    const masterKey = loadMasterKey({ ...addresses.masterKey, mustExist: true })
    const keys = closing.add(openSqliteKeyStore({ path: addresses.keys, masterKey, mustExist: hasEvents }), (open) =>
      open.close(),
    )
    const store = observe(openEventStore({ log, keys, catalog, clock: { now: () => instantAt(clock.now()) } }))
    const views = closing.add(await openReadStoreWriter(addresses.views), (open) => open.close())
    await checkNotSetBack(views, log)
    const leases = closing.add(await openLeases(addresses.views), (open) => open.close())
    const blobs = await openBlobStore({ shelf: openShelf(addresses.blobs), keys, now: () => clock.now() })
    const holder = `${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`
    return { log, keys, store, views, leases, blobs, clock, holder, close: () => closing.close() }
  } catch (error) {
    // What kept them from opening is the news; what then did not close follows from it.
    await closing.close().catch(() => {})
    throw error
  }
}

/** Who had seen events that are no longer there would pass over the ones that are written in their place. */
async function checkNotSetBack(views: ReadStoreWriter, log: EventLog): Promise<void> {
  for (const { name } of projections) {
    const { position } = await views.progress(name)
    // Asked for after that: others go on writing.
    const head = await log.head()
    if (position === 'start' || (head !== 'start' && position <= head)) continue
    throw new StoresError(
      `the read model ${name} tells of events that the event store does not hold: it was set back, or the two do not belong ` +
        'together. Restore the newest copy of the event store; if there is no newer one, drop the database of the read ' +
        'models and start again: they are made anew from the events that are left.',
    )
  }
}
