import { HttpException } from '@nestjs/common'
import { QueryRefused } from '#application'
import { fileErrors } from '#domain'
import type { ErrorCode } from '#domain'
import { Problem } from './problem.ts'

/** What is thrown below us and lies with the request or passes, by its code. Everything else is a fault of ours. */
const codes: Readonly<Record<string, ErrorCode>> = {
  // The stores
  STORE_LOCKED: 'STORE_UNAVAILABLE',
  STORE_READ_ONLY: 'STORE_UNAVAILABLE',
  STORE_DISK_FULL: 'STORE_UNAVAILABLE',
  STORE_FAILED: 'STORE_UNAVAILABLE',
  STORE_UNAVAILABLE: 'STORE_UNAVAILABLE',
  STORE_ACCESS_DENIED: 'STORE_UNAVAILABLE',
  STORE_CLOSED: 'STORE_UNAVAILABLE',
  KEY_STORE_LOCKED: 'STORE_UNAVAILABLE',
  KEY_STORE_READ_ONLY: 'STORE_UNAVAILABLE',
  KEY_STORE_DISK_FULL: 'STORE_UNAVAILABLE',
  KEY_STORE_FAILED: 'STORE_UNAVAILABLE',
  KEY_STORE_CLOSED: 'STORE_UNAVAILABLE',
  BLOB_STORE_READ_ONLY: 'STORE_UNAVAILABLE',
  BLOB_STORE_DISK_FULL: 'STORE_UNAVAILABLE',
  BLOB_STORE_FAILED: 'STORE_UNAVAILABLE',
  BLOB_STORE_UNAVAILABLE: 'STORE_UNAVAILABLE',
  BLOB_STORE_DENIED: 'STORE_UNAVAILABLE',
  BLOB_STORE_MISSING: 'STORE_UNAVAILABLE',
  BLOB_STORE_BUSY: 'STORE_UNAVAILABLE',
  BLOB_REPLACED: 'STORE_UNAVAILABLE',
  DISK_FULL: 'STORE_UNAVAILABLE',
  BUSY: 'STORE_UNAVAILABLE',
  UNAVAILABLE: 'STORE_UNAVAILABLE',
  POSITION_INVALID: 'CURSOR_INVALID',
  STREAM_FULL: 'STREAM_NEARLY_FULL',
  APPEND_TOO_LARGE: 'BODY_TOO_LARGE',
  // Files, whose codes are the table's own
  ...Object.fromEntries(Object.keys(fileErrors).map((code) => [code, code])),
  // Fastify
  FST_ERR_BAD_URL: 'URL_INVALID',
  FST_ERR_MAX_PARAM_LENGTH: 'URL_TOO_LONG',
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'REQUEST_INVALID',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  FST_ERR_HANDLER_TIMEOUT: 'TOOK_TOO_LONG',
  // The connection
  ECONNRESET: 'REQUEST_INVALID',
  ERR_STREAM_PREMATURE_CLOSE: 'REQUEST_INVALID',
}

/** Seconds after which what passes by itself is worth another try. */
const retryAfter: Readonly<Record<string, number>> = { VIEW_NOT_READY: 1, STORE_UNAVAILABLE: 5, SERVER_STOPPING: 5 }

/** Whatever was thrown while answering, as what the caller is told. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof QueryRefused) return refusal(error.code, error.message)
  const code = error instanceof Error && 'code' in error ? codes[String(error.code)] : undefined
  if (code !== undefined) return refusal(code, null, error)
  // Nest puts what Fastify refuses into an exception of its own, and throws one for addresses that it does not know.
  if (error instanceof HttpException && error.cause !== undefined) return problemOf(error.cause)
  if (error instanceof HttpException && error.getStatus() === 404) return new Problem('ROUTE_UNKNOWN')
  return new Problem('INTERNAL', null, { cause: error })
}

/** A refusal of the application, with what HTTP adds to it. */
export function refusal(code: ErrorCode, detail: string | null, cause?: unknown): Problem {
  const seconds = retryAfter[code]
  return new Problem(code, detail, {
    cause,
    ...(seconds !== undefined && { headers: { 'Retry-After': String(seconds) } }),
  })
}
