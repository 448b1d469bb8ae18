/**
 * Evidence, attachments, recordings (DESIGN §2, §6): files of any size up to a bound, each belonging to an owner, sealed
 * under a key of its own. Every adapter passes `test/contracts/blob-store.contract.ts`.
 */

/** Of one file, whatever a caller allows. */
export const BLOB_BYTES_MAX = 1024 * 1024 * 1024
/** Files of one owner. */
export const OWNER_BLOBS_MAX = 1_000
/** Owners that one sweep looks at, if it is not asked for fewer. */
export const SWEPT_OWNERS_MAX = 1_000

/** What is known of a stored file. What a person calls it is not: that is sealed in the event that names it. */
export interface StoredBlob {
  /**
   * A UUIDv8, HMAC under the store's secret of owner and digest: the same bytes stored twice for one owner are one blob,
   * and whoever compares two owners' ids learns nothing.
   */
  blobId: string
  /**
   * HMAC-SHA-256, hex, of its bytes, keyed from the store's secret. A plain digest would outlive the file: whoever holds a
   * copy of a leaflet, or guesses a short text, could prove from the events that somebody sent it, even after it was erased.
   */
  digest: string
  /** Told by its content, never by its name or by who sent it. */
  mediaType: string
  sizeBytes: number
}

/** First and last byte, counted from 0, both inclusive; without a last one, or beyond the file, to its end. */
export interface ByteRange {
  start: number
  end?: number | undefined
}

export interface OpenedBlob extends StoredBlob {
  /** The bytes that `content` gives, both inclusive. */
  range: { start: number; end: number }
  /**
   * Read as it is asked for, at most 64 KiB at a time, each checked before it is given. Nothing is held open until the
   * first is asked for. Throws `FILE_DAMAGED` where the file was changed, and where it was erased meanwhile.
   */
  content: AsyncIterable<Uint8Array>
}

/** Owners are lower case words and ids, such as `item-{uuid}`; another is `BLOB_OWNER_INVALID`. Errors are `BlobStoreError`s. */
export interface BlobStore {
  /**
   * Stores what a source gives, read no faster than it is written; durable when it returns. The same bytes again are the
   * same blob, stored anew. Refused are no bytes (`FILE_HAS_NO_CONTENT`), more than allowed (`FILE_TOO_LARGE`), content of
   * a type that is no evidence (`FILE_TYPE_NOT_ALLOWED`) and more files than an owner may have (`FILES_TOO_MANY`); of
   * what is refused, or breaks off, nothing stays.
   */
  put(owner: string, source: AsyncIterable<Uint8Array>, limits: { sizeBytesMax: number }): Promise<StoredBlob>
  /** Null where this owner has no such blob, or its key is destroyed. Throws `FILE_DAMAGED`. */
  find(owner: string, blobId: string): Promise<StoredBlob | null>
  /** As `find`, with its content. Throws `FILE_RANGE_INVALID` for a range that begins beyond the file. */
  open(owner: string, blobId: string, range?: ByteRange): Promise<OpenedBlob | null>
  /** Erases all that an owner has: of each the key, for good, then the file. Done twice, or resumed, it changes nothing. */
  removeAll(owner: string): Promise<void>
  /**
   * Does something while nothing of an owner is swept: what it finds stored stays until it is done. It must not store or
   * remove files of the same owner.
   */
  keeping<Result>(owner: string, work: () => Promise<Result>): Promise<Result>
  /**
   * Erases, of some owners, what was stored before a time and nobody names. `removed`: how many blobs. `next`: where to go
   * on, null at the end.
   */
  sweep(request: SweepRequest): Promise<{ removed: number; next: string | null }>
}

export interface SweepRequest {
  /** Milliseconds since the epoch. */
  storedBefore: number
  /** The blob ids that are to stay. Asked for an owner when nothing that `keeping` does for it is under way. */
  named: (owner: string) => Promise<ReadonlySet<string>>
  /** `next` of the sweep before. */
  after?: string | null
  ownersMax?: number
}
