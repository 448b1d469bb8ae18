export type BlobStoreErrorCode =
  // what is said to the person who sends or opens a file; the application has words for it in its one table
  | 'FILE_HAS_NO_CONTENT'
  | 'FILE_TOO_LARGE'
  | 'FILE_TYPE_NOT_ALLOWED'
  | 'FILES_TOO_MANY'
  | 'FILE_RANGE_INVALID'
  | 'FILE_DAMAGED'
  // what a caller did
  | 'BLOB_OWNER_INVALID'
  | 'BLOB_STORE_ADDRESS_UNKNOWN'
  | 'BLOB_STORE_ADDRESS_INVALID'
  // what was found where files are copied to
  | 'TARGET_DIFFERS'
  // what an engine tells the store, which opens the file again
  | 'BLOB_REPLACED'
  // the store itself
  | 'BLOB_STORE_UNAVAILABLE'
  | 'BLOB_STORE_DENIED'
  | 'BLOB_STORE_MISSING'
  | 'BLOB_STORE_BUSY'
  | 'BLOB_STORE_DISK_FULL'
  | 'BLOB_STORE_READ_ONLY'
  | 'BLOB_STORE_FAILED'

/** A failure of the blob store. Branch on `code`; the message says where, and what to do. Never holds content or names of files. */
export class BlobStoreError extends Error {
  readonly code: BlobStoreErrorCode

  constructor(code: BlobStoreErrorCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'BlobStoreError'
    this.code = code
  }
}
