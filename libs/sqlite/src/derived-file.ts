import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'

const BUSY_TIMEOUT_MS = 5_000
const STATEMENTS_MAX = 256
const SQLITE_BUSY = 5
const SQLITE_LOCKED = 6
const SQLITE_IOERR = 10
const SQLITE_CORRUPT = 11
const SQLITE_FULL = 13
const SQLITE_NOTADB = 26

/** Ways in which a file fails its user, whoever that is. */
export type FileFault = 'BAD_ADDRESS' | 'BUSY' | 'CORRUPT' | 'DISK_FULL'

export interface DerivedFileOptions {
  path: string
  mode: 'reader' | 'writer'
  /** What it holds, for messages: "the read models". */
  holds: string
  /** Makes what is not there yet. */
  schema: string
  /** Pages of the write-ahead log after which it is moved into the file. */
  walPagesMax: number
  /** Integers are read as bigints. */
  bigInts?: boolean
  /** The error of the library that uses the file. */
  refuse: (fault: FileFault, message: string) => Error
}

/** A SQLite file made from the events, which may be deleted and made anew: its statements, kept prepared, and its transactions. */
export class DerivedFile {
  readonly #options: DerivedFileOptions
  readonly #database: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  /** Opens the file, made if it is not there. Faults: `BAD_ADDRESS`, `CORRUPT`. */
  constructor(options: DerivedFileOptions) {
    const { path, mode, holds, schema, walPagesMax, bigInts = false, refuse } = options
    this.#options = options
    try {
      if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
      this.#database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, readBigInts: bigInts })
      this.#database.exec(settings(walPagesMax))
      this.#database.exec(schema)
      if (mode === 'reader') this.#database.exec('PRAGMA query_only = ON')
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw (
        this.#faultOf(error) ??
        refuse('BAD_ADDRESS', `The ${holds} at ${path} cannot be opened (${why}): check the path and its rights`)
      )
    }
  }

  /** Prepared once; the one used longest ago makes room. */
  statement(sql: string): StatementSync {
    const statement = this.#statements.get(sql) ?? this.guarded(() => this.#database.prepare(sql))
    this.#statements.delete(sql)
    this.#statements.set(sql, statement)
    if (this.#statements.size > STATEMENTS_MAX) {
      for (const oldest of this.#statements.keys()) {
        this.#statements.delete(oldest)
        break
      }
    }
    return statement
  }

  /** For statements that are run once. */
  exec(sql: string): void {
    this.#database.exec(sql)
  }

  /** One snapshot for everything that `work` reads. */
  read<Result>(work: () => Result): Result {
    return this.#transaction('BEGIN', work)
  }

  /** All or nothing. Fault: `BUSY` where another writer keeps the lock for more than 5 s. */
  write<Result>(work: () => Result): Result {
    return this.#transaction('BEGIN IMMEDIATE', work)
  }

  /** Runs work on the file; what SQLite says of it comes as a fault. */
  guarded<Result>(work: () => Result): Result {
    try {
      return work()
    } catch (error) {
      throw this.#faultOf(error) ?? error
    }
  }

  close(): void {
    this.#statements.clear()
    if (this.#database.isOpen) this.#database.close()
  }

  #transaction<Result>(begin: string, work: () => Result): Result {
    try {
      this.statement(begin).run()
      const result = work()
      this.statement('COMMIT').run()
      return result
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      throw this.#faultOf(error) ?? error
    }
  }

  /** What SQLite says of a file that is busy or damaged, or has no room; null for other errors. */
  #faultOf(error: unknown): Error | null {
    const { path, holds, refuse } = this.#options
    if (!(error instanceof Error) || !('errcode' in error)) return null
    switch (Number(error.errcode) & 0xff) {
      case SQLITE_BUSY:
      case SQLITE_LOCKED:
        return refuse('BUSY', `Another process is writing the ${holds}: try again`)
      case SQLITE_CORRUPT:
      case SQLITE_NOTADB:
        return refuse(
          'CORRUPT',
          `${path} is damaged: stop Huiying, delete it with its -wal and -shm files and start again; it is made anew from the events`,
        )
      case SQLITE_FULL:
      case SQLITE_IOERR:
        return refuse(
          'DISK_FULL',
          `${path} was not written (${error.message}): make room on the disk or check it, and start again`,
        )
      default:
        return null
    }
  }
}

function settings(walPagesMax: number): string {
  return `
    PRAGMA journal_mode = WAL;
    -- A power cut may lose the newest transactions, never their order: the checkpoint goes back with what it counts.
    PRAGMA synchronous = NORMAL;
    -- Personal data that was erased must not stay in free pages.
    PRAGMA secure_delete = ON;
    PRAGMA cache_size = -65536;
    PRAGMA wal_autocheckpoint = ${walPagesMax};
    PRAGMA journal_size_limit = 67108864;
  `
}
