export type KeyStoreErrorCode =
  | 'KEY_UNKNOWN'
  | 'KEY_STORE_WRONG_MASTER_KEY'
  | 'MASTER_KEY_INVALID'
  | 'MASTER_KEY_MISSING'
  | 'KEY_STORE_MISSING'
  | 'KEY_STORE_CORRUPT'
  | 'KEY_STORE_LOCKED'
  | 'KEY_STORE_READ_ONLY'
  | 'KEY_STORE_DISK_FULL'
  | 'KEY_STORE_TOO_NEW'
  | 'KEY_STORE_FAILED'
  | 'KEY_STORE_CLOSED'

/** A failure of the key store. Branch on `code`; the message says what to do. */
export class KeyStoreError extends Error {
  readonly code: KeyStoreErrorCode

  constructor(code: KeyStoreErrorCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'KeyStoreError'
    this.code = code
  }
}

/** What SQLite says, in our words. `errcode` may be extended; its low byte is the primary code. */
export function fromSqlite(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return error
  const as = (code: KeyStoreErrorCode, message: string) => new KeyStoreError(code, `${path}: ${message}`, error)
  switch (error.errcode & 0xff) {
    case 5:
    case 6:
      return as('KEY_STORE_LOCKED', 'the key store is held by another process; stop it or try again.')
    case 8:
      return as(
        'KEY_STORE_READ_ONLY',
        'the key store cannot be written; check the permissions of the file and its folder.',
      )
    case 10:
      return as(
        'KEY_STORE_FAILED',
        `the disk did not do what it was asked (${error.message}); make room or check it, and start again.`,
      )
    case 11:
    case 26:
      return as('KEY_STORE_CORRUPT', 'the key store is damaged; restore it from a backup taken with its event store.')
    case 13:
      return as('KEY_STORE_DISK_FULL', 'the disk is full; make room and try again. Nothing was half written.')
    case 14:
      return as('KEY_STORE_MISSING', 'the key store cannot be opened; check that the path exists and may be read.')
    default:
      return as('KEY_STORE_FAILED', error.message)
  }
}
