import type { BlobStore } from '#blob-store'
import type { EventStore, Position } from '#event-store'
import type { ReadStore } from '#read-store'
import type { SearchIndex } from '#search'
import type { Clock } from './clock.ts'
import type { PageChecker } from './sentinel/page-checker.ts'

/** What the application is given: stores behind their ports, the secret that its ids are keyed with, the time. */
export interface Ports {
  store: EventStore
  views: ReadStore
  search: SearchIndex
  blobs: BlobStore
  /** 32 random bytes that belong to the store. */
  storeSecret: Uint8Array
  clock: Clock
  /** Waits until a projection shows a token; false where that took too long. */
  reached: (projection: string, token: string) => Promise<boolean>
  /** Takes what events up to a position removed out of the files of the read models and the search index for good. */
  purge: (position: Position) => Promise<void>
  /** Looks at public pages; without one, people look at all of them. */
  pageChecker?: PageChecker
}

/** The token by which Nest finds `Ports`. */
export const PORTS = Symbol('PORTS')
