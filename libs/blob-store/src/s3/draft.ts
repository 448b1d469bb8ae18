import { randomUUID } from 'node:crypto'
import { open, mkdir, unlink } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { BlobStoreError } from '../errors.ts'
import { readFully, writeFully } from '../file/bytes.ts'
import { fromFileSystem } from '../file/file-system.ts'
import type { Draft } from '../shelf.ts'
import { overtaken } from './bucket.ts'
import type { S3Bucket, SentParts } from './bucket.ts'
import { failureOf } from './errors.ts'
import type { Turn } from './turns.ts'

/** Files up to this go in one request, larger ones in parts of it; it is what one upload keeps in memory. */
export const PART_BYTES = 8 * 1024 * 1024

/** Where drafts are placed. */
export interface Destination {
  bucket: S3Bucket
  keyOf: (owner: string, blobId: string) => string
  /** The turn that the caller works in. */
  turn: () => Turn | null
}

/**
 * A file in the making, sealed, in a local file without a name: it is gone with the process, however that dies, and nothing
 * of it is on S3 before all of it is there.
 */
export class S3Draft implements Draft {
  readonly #id = randomUUID()
  readonly #file: FileHandle
  readonly #folder: string
  readonly #destination: Destination
  #sent: SentParts | null = null
  #sizeBytes = 0
  #isOpen = true
  /** A write was sent, and no answer says that it was refused: it may yet be done, also after everybody has given up. */
  #mayLand = false

  private constructor(file: FileHandle, folder: string, destination: Destination) {
    this.#file = file
    this.#folder = folder
    this.#destination = destination
  }

  static async begin(folder: string, destination: Destination): Promise<S3Draft> {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const path = join(folder, `huiying-draft-${randomUUID()}`)
      const file = await open(path, 'wx+', 0o600)
      await unlink(path)
      return new S3Draft(file, folder, destination)
    } catch (error) {
      throw fromFileSystem(error, folder)
    }
  }

  get sizeBytes(): number {
    return this.#sizeBytes
  }

  append(bytes: Uint8Array): Promise<void> {
    return this.#trying(async () => {
      await writeFully(this.#file, bytes, this.#sizeBytes)
      this.#sizeBytes += bytes.length
    })
  }

  read(position: number, length: number): Promise<Uint8Array> {
    return this.#trying(() => readFully(this.#file, position, length))
  }

  /** A large file is sent before anybody's turn is taken for it. */
  async prepare(owner: string, blobId: string): Promise<void> {
    if (this.#sizeBytes <= PART_BYTES || this.#sent !== null) return
    const { bucket, keyOf } = this.#destination
    this.#sent = await bucket.sendParts(keyOf(owner, blobId), this.#parts(), this.#id)
  }

  async place(owner: string, blobId: string): Promise<void> {
    await this.prepare(owner, blobId)
    const { bucket, keyOf } = this.#destination
    const key = keyOf(owner, blobId)
    const turn = this.#destination.turn()
    const seen = turn?.seen.get(key)
    const expected = { etag: seen === undefined ? ((await bucket.head(key))?.etag ?? null) : seen }
    const bytes = this.#sent === null ? await this.read(0, this.#sizeBytes) : null
    turn?.check()
    this.#mayLand = true
    try {
      const etag =
        this.#sent === null
          ? await bucket.put(key, bytes!, expected, this.#id)
          : await bucket.complete(this.#sent, expected, this.#id)
      if (etag === null) throw overtaken(`A file of ${owner}`)
      turn?.seen.set(key, etag)
    } catch (error) {
      this.#mayLand = !wasRefused(error)
      throw error
    }
    this.#sent = null
    await this.close()
  }

  /** Where nobody knows whether it is in its place, it is as good as there: what it is sealed with may be needed. */
  async discard(): Promise<boolean> {
    await this.close()
    // Parts that could not be removed now are, when unfinished uploads are looked for.
    if (this.#sent !== null) await this.#destination.bucket.abort(this.#sent.key, this.#sent.uploadId).catch(() => {})
    return !this.#mayLand
  }

  async *#parts(): AsyncGenerator<Uint8Array> {
    for (let position = 0; position < this.#sizeBytes; position += PART_BYTES) {
      yield await this.read(position, Math.min(PART_BYTES, this.#sizeBytes - position))
    }
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return
    this.#isOpen = false
    await this.#trying(() => this.#file.close())
  }

  async #trying<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work()
    } catch (error) {
      throw fromFileSystem(error, this.#folder)
    }
  }
}

/** The server's own answer to the only request that there was. */
function wasRefused(error: unknown): boolean {
  if (!(error instanceof BlobStoreError)) return false
  if (error.code === 'BLOB_STORE_BUSY') return true
  const failure = failureOf(error.cause)
  if (failure === null || failure.attempts > 1 || failure.status === null) return false
  return failure.status >= 400 && failure.status < 500 && failure.status !== 408
}
