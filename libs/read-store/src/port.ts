/** What may be asked of read models and how they are kept (DESIGN §4). Every adapter passes `test/contracts/read-store.contract.ts`. */

export const PAGE_LIMIT_MAX = 200
export const COUNT_MAX = 10_000
/** Documents that one call tests against conditions that its list does not cover. */
export const EXAMINED_MAX = 20_000
export const READER_TOKENS_MAX = 32
/** Values of one `in`. */
export const IN_VALUES_MAX = 32
export const BATCH_CHANGES_MAX = 20_000
export const LOAD_IDS_MAX = 5_000
export const SCAN_MAX = 5_000
export const ID_CHARS_MAX = 200
/** Of a declared text, and of one member of a declared set. */
export const FIELD_CHARS_MAX = 512
export const SET_MEMBERS_MAX = 256
/** Of a document as JSON. */
export const DOCUMENT_CHARS_MAX = 4 * 1024 * 1024
export const COLLECTION_FIELDS_MAX = 32
export const COLLECTION_LISTS_MAX = 16
export const LIST_FIELDS_MAX = 4

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue }
/** A JSON object with a string `id`; its declared fields are top-level. A declared field may be missing or null. */
export type ReadDocument = { id: string; [key: string]: JsonValue }

/** A place in the event store's order: opaque, sorts as text. */
export type Position = string
/** `start`, or the position of the last event handled. */
export type Checkpoint = string

/** `set` is an array of strings without order; a missing set is an empty one. */
export type FieldKind = 'text' | 'number' | 'set'

/**
 * What an index is made for. A query sorts by the `sort` of one of its collection's lists; among those the store walks
 * the one whose `where` fields the query's `eq`, `in` and `has` conditions cover best. Conditions beyond them are tested
 * on each document of the walk, of at most 20,000 a call. Declare a list for a query whose conditions few documents pass.
 */
export interface ListDefinition {
  /** At most 4 fields. A `set` field serves `has`. */
  where: readonly string[]
  /** A text or number field. Documents without it come first ascending, last descending; ties go by id. */
  sort: string
}

export interface CollectionDefinition {
  /** Lower case letters, digits, hyphens; the same in every generation. Belongs to one projection for good. */
  name: string
  projection: string
  /** Must declare `visibleTo: 'set'`: the tokens of those who may see the document. */
  fields: Readonly<Record<string, FieldKind>>
  /** Without any, documents are read by id only. Each costs two index entries per document, with a set in `where` two per member of it. */
  lists: readonly ListDefinition[]
}

/** Who reads: the tokens that they hold (at most 32), of which `visibleTo` must have one; `system` sees everything. */
export type Reader = readonly string[] | 'system'

export type Scalar = string | number | null

export type Condition =
  /** Text or number; null finds documents without the field. */
  | { eq: Scalar }
  | { in: readonly Scalar[] }
  /** A set has this member. */
  | { has: string }
  /** Text (by code point) or number; documents without the field are never in a range. */
  | Range
export interface Range {
  gt?: string | number
  gte?: string | number
  lt?: string | number
  lte?: string | number
}

/** All conditions must hold. */
export type Where = Readonly<Record<string, Condition>>

export interface Query {
  where?: Where
  sort: { field: string; direction: 'ascending' | 'descending' }
  /** 1 to 200. */
  limit: number
  /** `next` of the page before, of a query with the same collection, conditions and sort. Another one is refused. */
  cursor?: string | null
  reader: Reader
}

export interface Page {
  /** May be fewer than the limit, even none, before the last page, where 20,000 were examined and few passed. */
  documents: ReadDocument[]
  /** Where the next page begins; null where there was none when this page was read. */
  next: string | null
}

/**
 * Exact up to 10,000; else `{ count: 10000, more: true }`. Where a condition is not covered by a list and 20,000 documents
 * were examined: those found so far, and `more`.
 */
export interface Count {
  count: number
  more: boolean
}

/** How far a projection has come, as readers see it. */
export interface Progress {
  position: Checkpoint
  /** The `asOf` of the last write (instant, UTC); null before the first. */
  asOf: string | null
  /** The version of the generation in use; null before the first switch-over. */
  version: number | null
}

/**
 * What readers see: the active generation of each projection. One snapshot per call; on an engine without transactions each
 * document by itself is as it was at some moment of the call, and seen by nobody who might not see it then. Errors are
 * `ReadStoreError`s.
 */
export interface ReadStore {
  /** Null where there is none, or none that this reader may see. */
  get(collection: string, id: string, reader: Reader): Promise<ReadDocument | null>
  /** At most 200 ids; in their order, without those that are missing or may not be seen. */
  getMany(collection: string, ids: readonly string[], reader: Reader): Promise<ReadDocument[]>
  query(collection: string, query: Query): Promise<Page>
  count(collection: string, query: { where?: Where; reader: Reader }): Promise<Count>
  /** Of the active generation; `start` where there is none. */
  progress(projection: string): Promise<Progress>
  close(): Promise<void>
}

export interface Change {
  collection: string
  id: string
  /** The last event that the document tells of. A change that is not newer than the stored document is ignored. */
  position: Position
  /** Null removes it and leaves a tombstone with the position. */
  document: ReadDocument | null
}

export interface Batch {
  /** At most 20,000, of this projection's collections, applied in this order, all before the checkpoint. */
  changes: readonly Change[]
  /** The last event handled, whether it changed anything or not. Never goes back: an older one leaves the stored one. */
  checkpoint: Position
  /** When that event was recorded (instant, UTC). */
  asOf: string
}

/** A document as its writer needs it; `document` null: a tombstone. */
export interface StoredDocument {
  id: string
  position: Position
  document: ReadDocument | null
}

export interface GenerationOptions {
  /**
   * Of the lease under which it is written. Once a higher one has been seen for this generation, everything that changes
   * it is refused (`FENCED`). Each generation has its own, because two releases write two of them under two leases. Without
   * one it counts as 0, which does where nobody else can be writing.
   */
  fence?: number
}

/**
 * One version of a projection's collections: `building`, beside the one in use and unseen by readers, or `active`. Has one
 * writer at a time. After a crash a building generation goes on from its checkpoint.
 */
export interface Generation {
  readonly projection: string
  /** Counts up with each generation of the projection. */
  readonly number: number
  readonly version: number
  status(): Promise<'building' | 'active' | 'gone'>
  checkpoint(): Promise<Checkpoint>
  /** At most 5,000 ids; tombstones included, missing ones left out, in no order. Fold on them only events newer than `position`. */
  load(collection: string, ids: readonly string[]): Promise<StoredDocument[]>
  /** `FENCED` where somebody with a higher fence has taken over, `BAD_GENERATION` where it is gone. */
  write(batch: Batch): Promise<void>
  /** Makes the indexes, makes it active in one step, then drops the generation that was active. Nothing if already active. */
  switchOver(): Promise<void>
  /** Drops a building generation. An active one is refused. */
  discard(): Promise<void>
  /** Documents by id, without tombstones, after `afterId` (exclusive; null: from the first), at most `limit` (1 to 5,000). For comparing. */
  scan(collection: string, afterId: string | null, limit: number): Promise<StoredDocument[]>
}

export interface ReadStoreWriter extends ReadStore {
  /**
   * The generation to write: the active one if it has this version and these definitions; else the building one that
   * has, resumed; else a new one, and any other building one is dropped.
   */
  prepare(
    projection: string,
    version: number,
    definitions: readonly CollectionDefinition[],
    options?: GenerationOptions,
  ): Promise<Generation>
  /** A new building generation even where the active one would do, for a rebuild or a comparison. Drops any other building one. */
  rebuild(
    projection: string,
    version: number,
    definitions: readonly CollectionDefinition[],
    options?: GenerationOptions,
  ): Promise<Generation>
  /** The active generation, null before the first switch-over. */
  active(projection: string, options?: GenerationOptions): Promise<Generation | null>
  /**
   * When it returns, what was removed or overwritten is nowhere in the bytes of a SQLite store; `BUSY` where a reader
   * holds on to the past: try again. A MongoDB store gives it out no more, to anybody; how long the server's files, its
   * journal, its log of operations and its backups hold it is the server's affair.
   */
  purge(): Promise<void>
}
