/** What a store says of a message, or of the one item that it is about; anything else that stores throw may pass. */
const OF_THE_MESSAGE: ReadonlySet<string> = new Set([
  'APPEND_TOO_LARGE',
  'APPEND_TOO_MANY',
  'STREAM_FULL',
  'STREAM_NAME_INVALID',
  'EVENT_INVALID',
  'EVENT_METADATA_INVALID',
  'VALUE_NOT_CANONICAL',
  'EVENT_ROW_MALFORMED',
  'EVENT_BOX_INVALID',
  'KEY_DESTROYED',
])

/** Refusals that say nothing of the message but that this was not the moment. */
const PASSING_REFUSALS: ReadonlySet<string> = new Set(['VERSION_CONFLICT', 'STORE_UNAVAILABLE', 'VIEW_NOT_READY'])

/** Causes of causes that are looked at. */
const CAUSES_MAX = 10

export type InboundErrorCode =
  /** The command was refused for a reason that passes. */
  | 'NOT_THE_MOMENT'
  /** Some of a batch could not be taken in; it comes again. */
  | 'BATCH_NOT_TAKEN'
  /** The topic of dead letters could not be read to its end. */
  | 'LETTERS_NOT_READ'

/** Branch on `code`; the message says what happened to whom, and never holds content. */
export class InboundError extends Error {
  override readonly name = 'InboundError'
  readonly code: InboundErrorCode

  constructor(code: InboundErrorCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}

export function isPassingRefusal(code: string): boolean {
  return PASSING_REFUSALS.has(code)
}

/**
 * Whether an error is known to be the infrastructure's: a store, a key store, a broker or a connection, away or full or
 * broken. It says nothing of the message, which is tried again for as long as it takes. They carry a code of their own, or
 * their cause does; what carries none was thrown by our code or by a library that met something it did not expect.
 */
export function isInfrastructure(error: unknown): boolean {
  let looked = error
  for (let depth = 0; depth < CAUSES_MAX && looked instanceof Error; depth += 1) {
    if (looked.name === 'AbortError' || looked.name === 'TimeoutError') return true
    const code = 'code' in looked ? looked.code : undefined
    // Node names wrong arguments with codes that begin so: mistakes in programs.
    const isOurs = typeof code === 'string' && (OF_THE_MESSAGE.has(code) || code.startsWith('ERR_INVALID_'))
    if (isOurs) return false
    if (typeof code === 'string' || typeof code === 'number') return true
    looked = looked.cause
  }
  return false
}
