import { createHash, randomUUID } from 'node:crypto'
import * as promises from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { BlobStoreError } from '../errors.ts'
import type { Draft, Shelf, ShelvedFile } from '../shelf.ts'
import { readFully, writeFully } from './bytes.ts'
import { fromFileSystem, unlessMissing } from './file-system.ts'
import type { FileSystem } from './file-system.ts'
import { Turns } from '../turns.ts'

/** Left free for the events: whoever may send files could else keep everybody from doing anything. */
export const RESERVED_BYTES = 1024 * 1024 * 1024

const UNFINISHED = 'unfinished'
const SHELF = /^[0-9a-f]{2}$/

/**
 * Files in a folder: `{two hex digits}/{owner}/{blob id}`, the digits so that no folder grows too large to be listed. What
 * is not finished lies in a folder of its own on the same file system, so that a start finds it without walking through all
 * owners. One process has the folder at a time; the lock of its event store says which.
 */
export class FileShelf implements Shelf {
  readonly #folder: string
  readonly #files: FileSystem
  readonly #turns = new Turns()

  constructor(folder: string, files: FileSystem = promises) {
    this.#folder = folder
    this.#files = files
  }

  async begin(): Promise<Draft> {
    const folder = join(this.#folder, UNFINISHED)
    const { bavail, bsize } = await this.#trying(async () => {
      await this.#files.mkdir(folder, { recursive: true, mode: 0o700 })
      return await this.#files.statfs(folder)
    })
    if (bavail * bsize < RESERVED_BYTES) {
      throw new BlobStoreError(
        'BLOB_STORE_DISK_FULL',
        `${this.#folder}: what is left of the disk, ${bavail * bsize} bytes, is kept for the events; make room and try again.`,
      )
    }
    const path = join(folder, randomUUID())
    return this.#draft(path, await this.#trying(() => this.#files.open(path, 'wx+', 0o600)), 0)
  }

  open(owner: string, blobId: string): Promise<ShelvedFile | null> {
    return this.#trying(async () => {
      const file = await unlessMissing(this.#files.open(this.#pathOf(owner, blobId), 'r'))
      if (file === null) return null
      return { ...this.#reading(file), sizeBytes: await sizeOf(file) }
    })
  }

  list(owner: string): Promise<string[]> {
    return this.#trying(async () => (await unlessMissing(this.#files.readdir(this.#pathOf(owner)))) ?? [])
  }

  remove(owner: string, blobId: string): Promise<void> {
    return this.#trying(async () => {
      await unlessMissing(this.#files.unlink(this.#pathOf(owner, blobId)))
      const left = await unlessMissing(this.#files.readdir(this.#pathOf(owner)))
      if (left === null) return
      if (left.length > 0) return await this.#sync(this.#pathOf(owner))
      await this.#files.rmdir(this.#pathOf(owner))
      await this.#sync(this.#shelfOf(owner))
    })
  }

  async *owners(after: string | null): AsyncGenerator<string> {
    const names = async (folder: string) =>
      (await this.#trying(() => unlessMissing(this.#files.readdir(folder))))?.sort() ?? []
    const from = after === null ? '' : shelfNameOf(after)
    for (const shelf of await names(this.#folder)) {
      if (!SHELF.test(shelf) || shelf < from) continue
      for (const owner of await names(join(this.#folder, shelf))) {
        if (after === null || shelf > from || owner > after) yield owner
      }
    }
  }

  async *unfinished(): AsyncGenerator<Draft> {
    const folder = join(this.#folder, UNFINISHED)
    for (const name of (await this.#trying(() => unlessMissing(this.#files.readdir(folder)))) ?? []) {
      yield await this.#trying(async () => {
        const file = await this.#files.open(join(folder, name), 'r+')
        return this.#draft(join(folder, name), file, await sizeOf(file))
      })
    }
  }

  exclusively<Result>(owner: string, work: () => Promise<Result>): Promise<Result> {
    return this.#turns.take(owner, work)
  }

  #draft(path: string, file: FileHandle, sizeBytes: number): Draft {
    let size = sizeBytes
    let isSynced = false
    const prepare = () =>
      this.#trying(async () => {
        if (!isSynced) await file.sync()
        isSynced = true
      })
    return {
      prepare,
      ...this.#reading(file),
      get sizeBytes() {
        return size
      },
      append: (bytes) =>
        this.#trying(async () => {
          await writeFully(file, bytes, size)
          size += bytes.length
          isSynced = false
        }),
      place: (owner, blobId) =>
        this.#trying(async () => {
          await prepare()
          await file.close()
          await this.#files.mkdir(this.#pathOf(owner), { recursive: true, mode: 0o700 })
          await this.#files.rename(path, this.#pathOf(owner, blobId))
          // Each folder on the way may be new, and is there for good only when the one above it is on the disk.
          for (const folder of [this.#pathOf(owner), this.#shelfOf(owner), this.#folder]) await this.#sync(folder)
        }),
      discard: () =>
        this.#trying(async () => {
          await file.close()
          return (await unlessMissing(this.#files.unlink(path).then(() => true))) ?? false
        }),
    }
  }

  #reading(file: FileHandle): Pick<ShelvedFile, 'read' | 'close'> {
    return {
      close: () => this.#trying(() => file.close()),
      read: (position, length) => this.#trying(() => readFully(file, position, length)),
    }
  }

  async #sync(path: string): Promise<void> {
    const folder = await this.#files.open(path, 'r')
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  }

  async #trying<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work()
    } catch (error) {
      throw fromFileSystem(error, this.#folder)
    }
  }

  #shelfOf(owner: string): string {
    return join(this.#folder, shelfNameOf(owner))
  }

  #pathOf(owner: string, blobId = ''): string {
    return join(this.#shelfOf(owner), owner, blobId)
  }
}

async function sizeOf(file: FileHandle): Promise<number> {
  try {
    return (await file.stat()).size
  } catch (error) {
    await file.close()
    throw error
  }
}

function shelfNameOf(owner: string): string {
  return createHash('sha256').update(owner).digest('hex').slice(0, 2)
}
