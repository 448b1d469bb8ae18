import { BlobStoreError } from '../errors.ts'
import type { BlobStoreErrorCode } from '../errors.ts'

const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])
const DENIED = new Set([
  'AccessDenied',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'ExpiredToken',
  'InvalidToken',
  'CredentialsProviderError',
  // How versitygw says that it does not know a key.
  'XAdminUserNotFound',
])
const FULL = new Set(['QuotaExceeded', 'StorageFull', 'XMinioStorageFull', 'InsufficientStorage'])

/** What the server answered or the network did; everything null where it is an error of something else. */
export interface S3Failure {
  name: string
  status: number | null
  /** How often it was asked. */
  attempts: number
  isNetwork: boolean
}

export function failureOf(error: unknown): S3Failure | null {
  if (!(error instanceof Error)) return null
  const metadata = '$metadata' in error ? (error.$metadata as { httpStatusCode?: number; attempts?: number }) : null
  const code = 'code' in error ? String(error.code) : ''
  const isNetwork = NETWORK.has(code) || ['TimeoutError', 'AbortError', 'NetworkingError'].includes(error.name)
  if (metadata === null && !isNetwork && error.name !== 'CredentialsProviderError') return null
  return {
    name: error.name,
    status: metadata?.httpStatusCode ?? null,
    attempts: metadata?.attempts ?? 1,
    isNetwork: isNetwork && metadata?.httpStatusCode === undefined,
  }
}

/** What went wrong with S3, in our words, with what to do. Errors of others are given back as they are. */
export function fromS3(error: unknown, bucket: string): unknown {
  const failure = failureOf(error)
  if (failure === null) return error
  const { name, status, isNetwork } = failure
  const as = (code: BlobStoreErrorCode, message: string) =>
    new BlobStoreError(code, `s3://${bucket}: ${message}`, error)
  if (name === 'NoSuchBucket') {
    return as('BLOB_STORE_MISSING', 'there is no such bucket; create it, or correct the address.')
  }
  if (name === 'RequestTimeTooSkewed') {
    return as('BLOB_STORE_DENIED', "this machine's clock differs too much from the server's; set it right.")
  }
  if (name === 'AuthorizationHeaderMalformed' || name === 'PermanentRedirect' || status === 301) {
    return as(
      'BLOB_STORE_ADDRESS_INVALID',
      `the bucket is not in the region of the address (${(error as Error).message}).`,
    )
  }
  if (DENIED.has(name) || status === 401 || status === 403) {
    return as(
      'BLOB_STORE_DENIED',
      `access is denied (${name}); check S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY, and that they may list, read, write and remove here.`,
    )
  }
  if (FULL.has(name) || status === 507) return as('BLOB_STORE_DISK_FULL', 'the store is full; make room and try again.')
  if (isNetwork || status === 429 || status === 408 || (status !== null && status >= 500)) {
    const why = isNetwork ? (error as Error).message : `${name}, status ${status}`
    return as('BLOB_STORE_UNAVAILABLE', `the store does not answer as it should (${why}); try again when it does.`)
  }
  return as('BLOB_STORE_FAILED', `${name}${status === null ? '' : `, status ${status}`}: ${(error as Error).message}`)
}
