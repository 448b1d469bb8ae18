import type { From } from '#event-store'

/** The request that every worker begins with: to be ready. */
export const START = 0

/** What the process that answers and the worker that projects say to each other. */

export type ToWorker =
  /** There may be more to read. */
  | { kind: 'wake' }
  | { kind: 'rebuild'; request: number }
  | { kind: 'compare'; request: number }
  | { kind: 'purge'; request: number }
  | { kind: 'stop' }

export type FromWorker =
  /** Everything in use is being followed. */
  | { kind: 'ready' }
  | { kind: 'progress'; projection: string; checkpoint: From }
  | { kind: 'rebuilt'; request: number }
  | { kind: 'purged'; request: number }
  | { kind: 'compared'; request: number; result: Comparison }
  | { kind: 'failed'; request: number | null; message: string; code: string | null }
  | { kind: 'stopped' }

/** A document that a rebuild makes differently from the one in use. */
export interface Difference {
  collection: string
  id: string
  kind: 'missing' | 'surplus' | 'different'
}

export interface Comparison {
  documents: number
  /** The first 100. */
  differences: Difference[]
  differing: number
}

/** What the worker is started with. */
export interface WorkerSettings {
  eventsAddress: string
  viewsAddress: string
  searchAddress: string
  keysPath: string
  masterKey: Uint8Array
}
