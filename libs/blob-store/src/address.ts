import { BlobStoreError } from './errors.ts'
import { FileShelf } from './file/shelf.ts'
import { s3PlaceOf } from './s3/address.ts'
import { S3Bucket } from './s3/bucket.ts'
import { connectToS3 } from './s3/client.ts'
import { S3Shelf } from './s3/shelf.ts'
import type { Shelf } from './shelf.ts'

/**
 * Chooses the engine by an address, `file:./data/blobs` or `s3://bucket/prefix?endpoint=…&region=…&pathStyle=true`, and by
 * nothing else. Throws `BLOB_STORE_ADDRESS_UNKNOWN`, `BLOB_STORE_ADDRESS_INVALID`.
 */
export function openShelf(address: string): Shelf {
  const folder = /^file:(.+)$/.exec(address)?.[1]
  if (folder !== undefined) return new FileShelf(folder)
  const place = s3PlaceOf(address)
  if (place !== null) {
    const { bucket, prefix, draftsFolder } = place
    return new S3Shelf({ bucket: new S3Bucket(bucket, () => connectToS3(place)), prefix, draftsFolder })
  }
  throw new BlobStoreError(
    'BLOB_STORE_ADDRESS_UNKNOWN',
    'No blob store is known for this address; use file:FOLDER or s3://BUCKET/PREFIX.',
  )
}
