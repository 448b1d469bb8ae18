import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { SearchError } from '../errors.ts'

const BUSY_TIMEOUT_MS = 5_000
const SQLITE_BUSY = 5
const SQLITE_LOCKED = 6
const SQLITE_IOERR = 10
const SQLITE_CORRUPT = 11
const SQLITE_FULL = 13
const SQLITE_NOTADB = 26

const SETUP = `
  PRAGMA journal_mode = WAL;
  -- A power cut may lose the newest transactions, never their order: the checkpoint goes back with the documents.
  PRAGMA synchronous = NORMAL;
  -- Personal data that was erased must not stay in free pages.
  PRAGMA secure_delete = ON;
  PRAGMA cache_size = -65536;
  PRAGMA wal_autocheckpoint = 4000;
  PRAGMA journal_size_limit = 67108864;
  CREATE TABLE IF NOT EXISTS generation (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('building', 'active', 'gone')),
    checkpoint TEXT NOT NULL
  );
  CREATE UNIQUE INDEX IF NOT EXISTS one_of_a_status ON generation (status) WHERE status <> 'gone';
`

/** A row of the table `generation`. */
export interface GenerationRow {
  number: number
  version: number
  status: 'building' | 'active' | 'gone'
  checkpoint: string
}

/** One connection: its statements, kept prepared, and its transactions. Integers are read as bigints: row ids are larger than numbers reach. */
export class Connection {
  readonly #database: DatabaseSync
  readonly #path: string
  /** A dozen for each generation written or read. */
  readonly #statements = new Map<string, StatementSync>()

  constructor(database: DatabaseSync, path: string) {
    this.#database = database
    this.#path = path
  }

  statement(sql: string): StatementSync {
    const statement = this.#statements.get(sql) ?? this.#inOurWords(() => this.#database.prepare(sql))
    this.#statements.set(sql, statement)
    return statement
  }

  /** For statements that are run once. */
  exec(sql: string): void {
    this.#database.exec(sql)
  }

  /** The generation that has this status, of which there is one at most. */
  generation(status: 'building' | 'active'): GenerationRow | null {
    const found = this.statement('SELECT * FROM generation WHERE status = ?')
    return asRow(this.#inOurWords(() => found.get(status)))
  }

  /** Begins a building generation. Inside a transaction. */
  addGeneration(version: number): number {
    const row = this.statement(
      `INSERT INTO generation (version, status, checkpoint) VALUES (?, 'building', 'start') RETURNING number`,
    ).get(version)
    return Number(row?.['number'])
  }

  generationByNumber(number: number): GenerationRow | null {
    const found = this.statement('SELECT * FROM generation WHERE number = ?')
    return asRow(this.#inOurWords(() => found.get(number)))
  }

  goneGenerations(): GenerationRow[] {
    const gone = this.statement(`SELECT * FROM generation WHERE status = 'gone'`)
    return this.#inOurWords(() => gone.all()).flatMap((row) => asRow(row) ?? [])
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

function asRow(row: Record<string, unknown> | undefined): GenerationRow | null {
  if (row === undefined) return null
  return { ...(row as unknown as GenerationRow), number: Number(row['number']), version: Number(row['version']) }
}

/** What SQLite says of a file that is busy or damaged, or has no room; other errors as they are. */
function inOurWords(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : null
  if (code === SQLITE_BUSY || code === SQLITE_LOCKED) {
    return new SearchError('BUSY', 'Another process is writing the search index: try again')
  }
  if (code === SQLITE_CORRUPT || code === SQLITE_NOTADB) {
    return new SearchError(
      'CORRUPT',
      `${path} is damaged: stop Huiying, delete it with its -wal and -shm files and start again; it is made anew from the events`,
    )
  }
  if (code === SQLITE_FULL || code === SQLITE_IOERR) {
    const why = (error as Error).message
    return new SearchError(
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
    const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, readBigInts: true })
    database.exec(SETUP)
    if (mode === 'reader') database.exec('PRAGMA query_only = ON')
    return new Connection(database, path)
  } catch (caught) {
    const error = inOurWords(caught, path)
    if (error instanceof SearchError) throw error
    const why = error instanceof Error ? error.message : String(error)
    throw new SearchError(
      'BAD_ADDRESS',
      `The search index at ${path} cannot be opened (${why}): check the path and its rights`,
    )
  }
}
