import { PageFailed } from './faults.ts'

/** Errors with these codes are faults of this process or machine, not of the web. */
const OURS =
  /^(?:ERR_(?!SSL_|TLS_|STREAM_PREMATURE_CLOSE$)|UND_ERR_INVALID_ARG$|UND_ERR_NOT_SUPPORTED$|EMFILE$|ENFILE$|ENOMEM$|ENOBUFS$|EADDRNOTAVAIL$)/

const TOO_SLOW = new Set(['ETIMEDOUT', 'UND_ERR_HEADERS_TIMEOUT'])

/** No matter how often one asks: what answers speaks no TLS that we speak. */
const STAYS = /^(?:ERR_SSL_|ERR_TLS_|EPROTO$)/

/** What an error of a socket, of TLS or of HTTP means. Throws it again where it is a fault of ours. */
export function webFailure(error: unknown): PageFailed {
  if (error instanceof PageFailed) return error
  if (error instanceof Error && error.name === 'HTTPParserError') {
    return new PageFailed('unreachable', error.message, { cause: error })
  }
  const code = codeOf(error)
  if (!(error instanceof Error) || code === null || OURS.test(code)) throw error
  const detail = error.message.includes(code) ? error.message : `${error.message} (${code})`
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return new PageFailed('too-large', detail, { cause: error })
  if (TOO_SLOW.has(code)) return new PageFailed('too-slow', detail, { transient: true, cause: error })
  return new PageFailed('unreachable', detail, { transient: !STAYS.test(code), cause: error })
}

export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}
