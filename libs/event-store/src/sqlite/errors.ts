import { EventStoreError } from '../errors.ts'
import type { EventStoreErrorCode } from '../errors.ts'

/** The primary result code of an error of SQLite; null for other errors. */
export function sqliteCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null
  return error.errcode & 0xff
}

export const SQLITE_BUSY = 5
export const SQLITE_CONSTRAINT = 19

/** What SQLite says, in our words, with what to do. Errors of others are given back as they are. */
export function fromSqlite(error: unknown, path: string): unknown {
  const sqlite = sqliteCode(error)
  if (sqlite === null) return error
  const as = (code: EventStoreErrorCode, message: string) => new EventStoreError(code, `${path}: ${message}`, error)
  switch (sqlite) {
    case SQLITE_BUSY:
    case 6:
      return as('STORE_LOCKED', 'another program keeps the database locked; close it and try again.')
    case 8:
      return as('STORE_READ_ONLY', 'the store cannot be written; check the permissions of the file and its folder.')
    case 10:
      return as(
        'STORE_FAILED',
        `the disk did not do what it was asked (${(error as Error).message}); make room or check it, and start again. What was acknowledged is there.`,
      )
    case 11:
    case 26:
      return as(
        'STORE_CORRUPT',
        'the file is damaged or no event store; restore it from a backup, then run `huiying verify`.',
      )
    case 13:
      return as('STORE_DISK_FULL', 'the disk is full; make room and try again. Nothing was half written.')
    case 14:
      return as('STORE_MISSING', 'the store cannot be opened; check that the path exists and may be read.')
    default:
      return as('STORE_FAILED', (error as Error).message)
  }
}

/** Runs work on a database and gives its failures in our words. */
export function guarded<Result>(path: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw fromSqlite(error, path)
  }
}
