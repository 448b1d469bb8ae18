import { BlobStoreError } from '../errors.ts'
import type { ShelvedFile } from '../shelf.ts'
import type { ObjectPart, S3Bucket } from './bucket.ts'

/** Read with the first question: the header of a file and, of a small one, all of it. */
export const FIRST_BYTES = 4 * 1024
const AHEAD_BYTES_MAX = 2 * 1024 * 1024

/** Bytes of one object, as long as it is that one. Who reads on and on is read ahead of, further each time. */
export class S3File implements ShelvedFile {
  readonly sizeBytes: number
  readonly #bucket: S3Bucket
  readonly #key: string
  readonly #etag: string
  #window: { start: number; bytes: Uint8Array }
  #aheadBytes = 0

  constructor(bucket: S3Bucket, key: string, first: ObjectPart) {
    this.#bucket = bucket
    this.#key = key
    this.#etag = first.etag
    this.sizeBytes = first.sizeBytes
    this.#window = { start: 0, bytes: first.bytes }
  }

  async read(position: number, length: number): Promise<Uint8Array> {
    const end = Math.min(position + length, this.sizeBytes)
    if (position >= end) return new Uint8Array()
    const { start, bytes } = this.#window
    if (position >= start && end <= start + bytes.length) return bytes.subarray(position - start, end - start)
    const isNext = position >= start && position <= start + bytes.length
    this.#aheadBytes = isNext ? Math.min(Math.max(this.#aheadBytes * 2, length), AHEAD_BYTES_MAX) : 0
    const last = Math.min(Math.max(end, position + this.#aheadBytes), this.sizeBytes) - 1
    const part = await this.#bucket.read(this.#key, { first: position, last }, this.#etag)
    if (part === null) {
      throw new BlobStoreError(
        'BLOB_REPLACED',
        'The stored file was replaced or removed while it was read; open it again.',
      )
    }
    this.#window = { start: position, bytes: part.bytes }
    return part.bytes.subarray(0, end - position)
  }

  async close(): Promise<void> {
    this.#window = { start: 0, bytes: new Uint8Array() }
  }
}
