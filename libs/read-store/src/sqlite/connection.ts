import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { ReadStoreError } from '../errors.ts'

const BUSY_TIMEOUT_MS = 5_000
const STATEMENTS_MAX = 256
const SQLITE_BUSY = 5
const SQLITE_LOCKED = 6
const SQLITE_IOERR = 10
const SQLITE_CORRUPT = 11
const SQLITE_FULL = 13
const SQLITE_NOTADB = 26

const PRAGMAS = `
  PRAGMA journal_mode = WAL;
  -- A power cut may lose the newest transactions, never their order: the checkpoint goes back with the documents.
  PRAGMA synchronous = NORMAL;
  -- Personal data that was erased must not stay in free pages.
  PRAGMA secure_delete = ON;
  PRAGMA cache_size = -65536;
  PRAGMA wal_autocheckpoint = 16000;
  PRAGMA journal_size_limit = 67108864;
`

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS epoch (only INTEGER PRIMARY KEY CHECK (only = 1), value INTEGER NOT NULL);
  INSERT OR IGNORE INTO epoch VALUES (1, 0);
  CREATE TABLE IF NOT EXISTS generation (
    projection TEXT NOT NULL,
    number INTEGER NOT NULL,
    version INTEGER NOT NULL,
    definitions TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('building', 'active', 'gone')),
    listed INTEGER NOT NULL,
    checkpoint TEXT NOT NULL,
    as_of TEXT,
    PRIMARY KEY (projection, number)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS audience (number INTEGER PRIMARY KEY, members TEXT NOT NULL UNIQUE);
  CREATE TABLE IF NOT EXISTS audience_member (
    token TEXT NOT NULL,
    audience INTEGER NOT NULL,
    PRIMARY KEY (token, audience)
  ) WITHOUT ROWID;
  CREATE UNIQUE INDEX IF NOT EXISTS one_of_a_status ON generation (projection, status) WHERE status <> 'gone';
`

/** One connection: its statements, kept prepared, and its transactions. */
export class Connection {
  readonly #database: DatabaseSync
  readonly #path: string
  readonly #statements = new Map<string, StatementSync>()

  constructor(database: DatabaseSync, path: string) {
    this.#database = database
    this.#path = path
  }

  /** Prepared once; the one used longest ago makes room. */
  statement(sql: string): StatementSync {
    const statement = this.#statements.get(sql) ?? this.#inOurWords(() => this.#database.prepare(sql))
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

  exec(sql: string): void {
    this.#database.exec(sql)
  }

  #inOurWords<Result>(work: () => Result): Result {
    try {
      return work()
    } catch (error) {
      throw inOurWords(error, this.#path)
    }
  }

  /** One snapshot for everything that `work` reads. */
  read<Result>(work: () => Result): Result {
    return this.#transaction('BEGIN', work)
  }

  /** All or nothing. Error: `BUSY` where another writer keeps the lock for more than 5 s. */
  write<Result>(work: () => Result): Result {
    return this.#transaction('BEGIN IMMEDIATE', work)
  }

  #transaction<Result>(begin: string, work: () => Result): Result {
    try {
      this.statement(begin).run()
      const result = work()
      this.statement('COMMIT').run()
      return result
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      throw inOurWords(error, this.#path)
    }
  }

  close(): void {
    this.#statements.clear()
    if (this.#database.isOpen) this.#database.close()
  }
}

/** What SQLite says of a file that is busy or damaged, or has no room; other errors as they are. */
function inOurWords(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : null
  if (code === SQLITE_BUSY || code === SQLITE_LOCKED) {
    return new ReadStoreError('BUSY', 'Another process is writing the read models: try again')
  }
  if (code === SQLITE_CORRUPT || code === SQLITE_NOTADB) {
    return new ReadStoreError(
      'CORRUPT',
      `${path} is damaged: stop Huiying, delete it with its -wal and -shm files and start again; it is made anew from the events`,
    )
  }
  if (code === SQLITE_FULL || code === SQLITE_IOERR) {
    const why = (error as Error).message
    return new ReadStoreError(
      'DISK_FULL',
      `${path} was not written (${why}): make room on the disk or check it, and start again`,
    )
  }
  return error
}

/** Opens the file, made if it is not there. Errors: `BAD_ADDRESS`, `CORRUPT`. */
export function connect(path: string, mode: 'reader' | 'writer'): Connection {
  try {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
    const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS })
    database.exec(PRAGMAS)
    database.exec(SCHEMA)
    if (mode === 'reader') database.exec('PRAGMA query_only = ON')
    return new Connection(database, path)
  } catch (caught) {
    const error = inOurWords(caught, path)
    if (error instanceof ReadStoreError) throw error
    const why = error instanceof Error ? error.message : String(error)
    throw new ReadStoreError(
      'BAD_ADDRESS',
      `The read models at ${path} cannot be opened (${why}): check the path and its rights`,
    )
  }
}
