import { randomUUID } from 'node:crypto'
import { open, mkdir, unlink } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { BlobStoreError } from '../errors.ts'
import { readFully, writeFully } from '../file/bytes.ts'
import { fromFileSystem } from '../file/file-system.ts'
import type { Draft } from '../shelf.ts'
import { failureOf } from './errors.ts'

/** Files up to this go in one request, larger ones in parts of it; it is what one upload keeps in memory. */
export const PART_BYTES = 8 * 1024 * 1024

/** Writes a draft's bytes to where they belong. `mayLand` is called before the request that makes them stand there. */
export type Placing = (draft: {
  /** Tells its writer's object from any other. */
  id: string
  owner: string
  blobId: string
  sizeBytes: number
  read: (position: number, length: number) => Promise<Uint8Array>
  mayLand: () => void
}) => Promise<void>

/**
 * A file in the making, sealed, in a local file without a name: it is gone with the process, however that dies, and nothing
 * of it is on S3 before all of it is there.
 */
export class S3Draft implements Draft {
  readonly #id = randomUUID()
  readonly #file: FileHandle
  readonly #folder: string
  readonly #place: Placing
  #sizeBytes = 0
  #isOpen = true
  /** A write was sent, and no answer says that it was refused: it may yet be done, also after everybody has given up. */
  #mayLand = false

  private constructor(file: FileHandle, folder: string, place: Placing) {
    this.#file = file
    this.#folder = folder
    this.#place = place
  }

  static async begin(folder: string, place: Placing): Promise<S3Draft> {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const path = join(folder, `huiying-draft-${randomUUID()}`)
      const file = await open(path, 'wx+', 0o600)
      await unlink(path)
      return new S3Draft(file, folder, place)
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

  async place(owner: string, blobId: string): Promise<void> {
    try {
      await this.#place({
        id: this.#id,
        owner,
        blobId,
        sizeBytes: this.#sizeBytes,
        read: (position, length) => this.read(position, length),
        mayLand: () => {
          this.#mayLand = true
        },
      })
    } catch (error) {
      if (wasRefused(error)) this.#mayLand = false
      throw error
    }
    await this.close()
  }

  /** Where nobody knows whether it is in its place, it is as good as there: what it is sealed with may be needed. */
  async discard(): Promise<boolean> {
    await this.close()
    return !this.#mayLand
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
