import type { From } from '#event-store'

/** What the process that answers and the thread that keeps its search index say to each other. */

export type ToSearch =
  /** The documents show everything up to here; the index may, too. */
  { kind: 'advance'; checkpoint: From } | { kind: 'rebuild' } | { kind: 'stop' }

export type FromSearch =
  | { kind: 'ready'; checkpoint: From }
  | { kind: 'progress'; checkpoint: From }
  | { kind: 'rebuilt' }
  /** `during`: what was not done because of it. */
  | { kind: 'failed'; during: 'start' | 'advance' | 'rebuild' | 'purge'; code: string | null; message: string }
  | { kind: 'stopped' }

export interface SearchThreadSettings {
  events: string
  views: string
  /** The file of the index. */
  search: string
  keys: string
  masterKey: Uint8Array
}
