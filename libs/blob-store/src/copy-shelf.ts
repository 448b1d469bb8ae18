import { createHash } from 'node:crypto'
import { BlobStoreError } from './errors.ts'
import { BLOB_ID, OWNER } from './names.ts'
import type { RandomAccess } from './random-access.ts'
import type { Shelf } from './shelf.ts'

export interface ShelfCopy {
  files: number
  bytes: number
  /** How many of them were not there before. */
  copied: number
  /** How many are not there: only where nothing was to be copied. */
  missing: number
}

export interface ShelfPair {
  source: Shelf
  target: Shelf
  /** Copies nothing and only compares. */
  compareOnly?: boolean
  onProgress?: (files: number) => void
}

/** Read at once. */
const PIECE_BYTES = 1024 * 1024

/**
 * Copies every sealed file as it is, each compared by its SHA-256 as the target gives it back. Broken off anywhere and begun
 * again, it copies what is not there yet. Nobody may write to the source meanwhile. Throws `TARGET_DIFFERS` where another
 * file is in the place of one.
 */
export async function copyShelf({ source, target, compareOnly = false, onProgress }: ShelfPair): Promise<ShelfCopy> {
  const done: ShelfCopy = { files: 0, bytes: 0, copied: 0, missing: 0 }
  for await (const owner of source.owners(null)) {
    if (!OWNER.test(owner)) continue
    for (const blobId of (await source.list(owner)).filter((name) => BLOB_ID.test(name)).sort()) {
      const file = await source.open(owner, blobId)
      if (file === null) continue
      try {
        const isThere = await isIn(target, owner, blobId)
        if (!isThere && !compareOnly) await copy(file, target, owner, blobId)
        if (!isThere && compareOnly) done.missing += 1
        else await compare(file, target, owner, blobId)
        if (!isThere && !compareOnly) done.copied += 1
        done.files += 1
        done.bytes += file.sizeBytes
      } finally {
        await file.close()
      }
      onProgress?.(done.files)
    }
  }
  return done
}

async function isIn(shelf: Shelf, owner: string, blobId: string): Promise<boolean> {
  const file = await shelf.open(owner, blobId)
  await file?.close()
  return file !== null
}

async function copy(file: RandomAccess, target: Shelf, owner: string, blobId: string): Promise<void> {
  const draft = await target.begin()
  try {
    for await (const piece of piecesOf(file)) await draft.append(piece)
    await draft.place(owner, blobId)
  } catch (error) {
    // Why it was not copied is the news. Nothing was promised of it yet, and the next time it is copied anew.
    await draft.discard().catch(() => {})
    throw error
  }
}

async function compare(file: RandomAccess, target: Shelf, owner: string, blobId: string): Promise<void> {
  const copied = await target.open(owner, blobId)
  try {
    if (copied?.sizeBytes === file.sizeBytes && (await digestOf(copied)) === (await digestOf(file))) return
  } finally {
    await copied?.close()
  }
  throw new BlobStoreError(
    'TARGET_DIFFERS',
    `The target holds another file as ${blobId} of ${owner}. Choose an empty target, or remove that file if nothing else uses it.`,
  )
}

async function digestOf(file: RandomAccess): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of piecesOf(file)) hash.update(piece)
  return hash.digest('hex')
}

async function* piecesOf(file: RandomAccess): AsyncGenerator<Uint8Array> {
  for (let position = 0; position < file.sizeBytes;) {
    const piece = await file.read(position, PIECE_BYTES)
    if (piece.length === 0) throw new BlobStoreError('FILE_DAMAGED', 'A file became shorter while it was copied.')
    yield piece
    position += piece.length
  }
}
