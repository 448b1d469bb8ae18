import type { ErrorCode } from '#domain'
import type { Route } from './route.ts'

/** What can go wrong with any request. */
const always: readonly ErrorCode[] = [
  'URL_TOO_LONG',
  'PARAMETERS_INVALID',
  'HOST_NOT_SERVED',
  'RATE_LIMITED',
  'INTERNAL',
  'STORE_UNAVAILABLE',
  'SERVER_STOPPING',
  'TOOK_TOO_LONG',
]

/** Every code that a route can answer with: its own, and those that follow from what stands in its row. */
export function errorsOf({ access, method, headers, body, errors }: Route): ErrorCode[] {
  const codes = [
    ...always,
    ...(access === 'public' ? [] : ['UNAUTHENTICATED', 'ROLE_NOT_ALLOWED']),
    ...(method === 'GET' ? [] : ['CROSS_SITE_REFUSED']),
    ...(headers.length === 0 && access === 'public' ? [] : ['HEADER_INVALID']),
    ...(headers.includes('Idempotency-Key') ? ['IDEMPOTENCY_KEY_MISSING'] : []),
    ...(headers.includes('Huiying-Token') ? ['VIEW_NOT_READY'] : []),
    'UNSUPPORTED_MEDIA_TYPE',
    ...(body.kind === 'none' ? [] : ['BODY_TOO_LARGE', 'REQUEST_TIMEOUT']),
    ...(body.kind === 'json' ? ['BODY_INVALID', 'INVALID_COMMAND'] : []),
    ...errors,
  ]
  return [...new Set(codes)].sort()
}
