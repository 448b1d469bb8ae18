import type { RandomAccess } from './random-access.ts'

/**
 * What an engine must do: keep sealed files under an owner and an id. It knows nothing of what they hold; who reads them
 * checks them.
 */
export interface Shelf {
  /** Begins a file that nobody sees until it is placed. Its owner is in its own first bytes. */
  begin(): Promise<Draft>
  /** Null where there is none. Whoever opens it closes it. */
  open(owner: string, blobId: string): Promise<ShelvedFile | null>
  /** The ids under an owner, in no order. */
  list(owner: string): Promise<string[]>
  /** Takes it away for good when it returns; done twice changes nothing. */
  remove(owner: string, blobId: string): Promise<void>
  /** Every owner that may have files, always in the same order, after one of them. */
  owners(after: string | null): AsyncIterable<string>
  /** What was begun by processes that died. Whoever asks has the shelf alone, or what others are at is not among it. */
  unfinished(): AsyncIterable<Draft>
  /** One after another for an owner, among all that use the shelf. */
  exclusively<Result>(owner: string, work: () => Promise<Result>): Promise<Result>
}

/** An open file. It stays as it is when another takes its place, or `read` throws `BLOB_REPLACED`. */
export interface ShelvedFile extends RandomAccess {
  close(): Promise<void>
}

/** A file in the making. What was added can be read. Placed or discarded, it is closed. */
export interface Draft extends ShelvedFile {
  append(bytes: Uint8Array): Promise<void>
  /** Does of placing what takes long and nobody sees, so that nobody's turn lasts long for it. `place` does it where nobody did. */
  prepare(owner: string, blobId: string): Promise<void>
  /** Durable, and then in its place, instead of what was there. */
  place(owner: string, blobId: string): Promise<void>
  /** Leaves nothing of it; false where it is in its place already, or may yet come to be: that stays as it is. */
  discard(): Promise<boolean>
}
