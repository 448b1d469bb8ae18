import { BlobStoreError } from './errors.ts'
import { FileShelf } from './file/shelf.ts'
import type { Shelf } from './shelf.ts'

/** Chooses the engine by an address, `file:./data/blobs`, and by nothing else. Throws `BLOB_STORE_ADDRESS_UNKNOWN`. */
export function openShelf(address: string): Shelf {
  const folder = /^file:(.+)$/.exec(address)?.[1]
  if (folder !== undefined) return new FileShelf(folder)
  throw new BlobStoreError('BLOB_STORE_ADDRESS_UNKNOWN', `No blob store is known for "${address}"; use file:FOLDER.`)
}
