import type * as promises from 'node:fs/promises'
import { BlobStoreError } from '../errors.ts'

/** What is asked of the file system, and nothing else; `node:fs/promises` is one. */
export type FileSystem = Pick<typeof promises, 'mkdir' | 'open' | 'readdir' | 'rename' | 'rmdir' | 'statfs' | 'unlink'>

/** What the file system says, in our words. */
export function fromFileSystem(error: unknown, path: string): unknown {
  if (!(error instanceof Error && 'code' in error)) return error
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new BlobStoreError('BLOB_STORE_DISK_FULL', `${path}: the disk is full; make room and try again.`, error)
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new BlobStoreError(
        'BLOB_STORE_READ_ONLY',
        `${path} cannot be read or written; check the permissions of the file and its folder.`,
        error,
      )
    default:
      return new BlobStoreError('BLOB_STORE_FAILED', `${path}: ${error.message}`, error)
  }
}

/** Null where there is no such file or folder. */
export async function unlessMissing<Result>(doing: Promise<Result>): Promise<Result | null> {
  try {
    return await doing
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
