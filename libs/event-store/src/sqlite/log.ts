import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { From, Position } from '../envelope.ts'
import { EventStoreError } from '../errors.ts'
import type { EventLog, LogAppendResult, LogEvent, LogRow, NewLogEvent, PageLimit, StreamPlace, Tip } from '../log.ts'
import { makeRoom } from '../make-room.ts'
import { guarded, SQLITE_CONSTRAINT, sqliteCode } from './errors.ts'
import { GroupCommit } from './group-commit.ts'
import type { GroupCommitLimits, Outcome } from './group-commit.ts'
import { holdStoreLock } from './lock.ts'
import { makeFolderOf, openDatabase } from './open.ts'

export interface SqliteLogOptions {
  /** Reads beside the process that writes, without its lock; learns of new events through `wake`. */
  readOnly?: boolean
  limits?: Partial<GroupCommitLimits>
}

interface Append {
  stream: string
  tip: Tip
  events: readonly NewLogEvent[]
}

const LIMITS: GroupCommitLimits = {
  groupItemsMax: 256,
  groupBytesMax: 8 * 1024 * 1024,
  queueItemsMax: 1_024,
  queueBytesMax: 32 * 1024 * 1024,
}
/** Digits of a position: those of 2^53. */
const POSITION_LENGTH = 16
const TIPS_MAX = 20_000
/** Rows taken from the database at once; with events of 512 KiB no more than 32 MiB. */
const SLICE_ROWS = 64
const COLUMNS = 'position, stream, revision, id, type, version, data, metadata'

/**
 * An event log in one file of SQLite, on the thread that calls. `path` is a file's path. Throws `STORE_IN_USE` where
 * another process writes it, and what `fromSqlite` lists.
 */
export function openSqliteLog(path: string, { readOnly = false, limits = {} }: SqliteLogOptions = {}): EventLog {
  if (readOnly)
    return new SqliteLog(
      path,
      guarded(path, () => openDatabase(path, true)),
      null,
      LIMITS,
    )
  makeFolderOf(path)
  const lock = holdStoreLock(path)
  try {
    const database = guarded(path, () => openDatabase(path, false))
    return new SqliteLog(path, database, lock, { ...LIMITS, ...limits })
  } catch (error) {
    lock.release()
    throw error
  }
}

/** Over an open database; `lock` is released with it, and is null where the database may only be read. */
export class SqliteLog implements EventLog {
  readonly #path: string
  readonly #database: DatabaseSync
  readonly #lock: { release(): void } | null
  readonly #appends: GroupCommit<Append, LogAppendResult>
  readonly #statements: Statements
  readonly #listeners = new Set<() => void>()
  /**
   * The last events of streams lately read or written, null where there are none. Kept by the writer alone: nobody else can
   * write while it holds the lock.
   */
  readonly #tips = new Map<string, Tip>()

  constructor(path: string, database: DatabaseSync, lock: { release(): void } | null, limits = LIMITS) {
    this.#path = path
    this.#database = database
    this.#lock = lock
    this.#statements = prepareStatements(database)
    this.#appends = new GroupCommit(limits, (group) => this.#commit(group))
  }

  append(stream: string, tip: Tip, events: readonly NewLogEvent[]): Promise<LogAppendResult> {
    if (this.#lock === null) {
      return Promise.reject(new EventStoreError('STORE_READ_ONLY', `${this.#path} was opened for reading only.`))
    }
    const sizeBytes = events.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0)
    return this.#appends.add({ stream, tip, events }, sizeBytes)
  }

  async readStream(stream: string, fromRevision: number, limit: PageLimit): Promise<LogRow[]> {
    const tip = this.#tips.get(stream)
    // Most reads ask whether there is anything, or anything new.
    if (tip !== undefined && fromRevision > (tip?.revision ?? -1) && this.#database.isOpen) return []
    const page = this.#page(limit, (rows, last) =>
      this.#statements.stream.all(stream, last === undefined ? fromRevision : last.revision + 1, rows),
    )
    if (page.length === 0 && fromRevision === 0) this.#rememberTip(stream, null)
    return page
  }

  async readAll(from: From, limit: PageLimit): Promise<LogRow[]> {
    // A long read gives way to everything else between its pages.
    await new Promise((resolve) => setImmediate(resolve))
    const start = from === 'start' ? 0 : numberOf(from)
    return this.#page(limit, (rows, last) =>
      this.#statements.all.all(last === undefined ? start : Number(last.position), rows),
    )
  }

  async readByStream(after: StreamPlace | null, limit: PageLimit): Promise<LogRow[]> {
    await new Promise((resolve) => setImmediate(resolve))
    return this.#page(limit, (rows, last) => {
      const { stream, revision } = last ?? after ?? { stream: '', revision: -1 }
      return this.#statements.byStream.all(stream, revision, rows)
    })
  }

  async head(): Promise<From> {
    return this.#guarded(() => {
      const { position } = this.#statements.head.get() as { position: number | null }
      return position === null ? 'start' : positionOf(position)
    })
  }

  onAppended(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  wake(): void {
    for (const listener of this.#listeners) listener()
  }

  async close(): Promise<void> {
    if (!this.#database.isOpen) return
    this.#appends.close()
    this.#database.close()
    this.#lock?.release()
  }

  #guarded<Result>(work: () => Result): Result {
    if (!this.#database.isOpen) throw new EventStoreError('STORE_CLOSED', `${this.#path} is closed.`)
    return guarded(this.#path, work)
  }

  /** Rows are taken a slice at a time, so that a page of large events stops soon after its bytes. */
  #page(limit: PageLimit, slice: (rows: number, last: LogRow | undefined) => Record<string, unknown>[]): LogRow[] {
    return this.#guarded(() => {
      const page: LogRow[] = []
      let bytesRead = 0
      while (page.length < limit.rows && bytesRead < limit.sizeBytes) {
        const wanted = Math.min(SLICE_ROWS, limit.rows - page.length)
        const found = slice(wanted, page.at(-1))
        for (const one of found) {
          const row = rowOf(one)
          page.push(row)
          bytesRead += row.data.length + row.metadata.length
          if (bytesRead >= limit.sizeBytes) break
        }
        if (found.length < wanted) break
      }
      return page
    })
  }

  #commit(group: readonly Append[]): Outcome<LogAppendResult>[] {
    const outcomes = this.#guarded(() => {
      this.#database.exec('BEGIN IMMEDIATE')
      try {
        const outcomes = group.map((append) => this.#write(append))
        this.#database.exec('COMMIT')
        return outcomes
      } catch (error) {
        this.#tips.clear()
        if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
        throw error
      }
    })
    // Those who wait for the append hear of it first.
    if (outcomes.some((outcome) => 'result' in outcome && outcome.result.status === 'appended')) {
      queueMicrotask(() => this.wake())
    }
    return outcomes
  }

  /** One append within its group's transaction. What it may not do costs the group nothing; a failing disk fails all. */
  #write({ stream, tip, events }: Append): Outcome<LogAppendResult> {
    const { insert, undo } = this.#statements
    const found = this.#tipOf(stream)
    const isExpected = tip === null ? found === null : found?.revision === tip.revision && found.digest === tip.digest
    if (!isExpected) return this.#repeatOr({ status: 'conflict' }, stream, events)
    const written: number[] = []
    try {
      for (const { revision, id, type, version, data, metadata } of events) {
        written.push(Number(insert.run(stream, revision, id, type, version, data, metadata).lastInsertRowid))
      }
    } catch (error) {
      if (sqliteCode(error) !== SQLITE_CONSTRAINT) throw error
      for (const position of written) undo.run(position)
      return this.#repeatOr(null, stream, events)
    }
    const { revision, digest } = events.at(-1)!
    this.#rememberTip(stream, { revision, digest })
    return { result: { status: 'appended', positions: written.map(positionOf) } }
  }

  #tipOf(stream: string): Tip {
    const known = this.#tips.get(stream)
    if (known !== undefined) return known
    const found = this.#statements.tip.get(stream) as { revision: number; digest: string } | undefined
    return found ?? null
  }

  #rememberTip(stream: string, tip: Tip): void {
    if (this.#lock === null) return
    makeRoom(this.#tips, TIPS_MAX)
    this.#tips.set(stream, tip)
  }

  /** Whether the ids are those of an earlier append: then its rows; if none is taken, `otherwise`. */
  #repeatOr(
    otherwise: LogAppendResult | null,
    stream: string,
    events: readonly NewLogEvent[],
  ): Outcome<LogAppendResult> {
    const rows = events
      .map(({ id }) => this.#statements.byId.get(id))
      .map((row) => (row === undefined ? null : rowOf(row)))
    if (otherwise !== null && rows.every((row) => row === null)) return { result: otherwise }
    const first = rows[0]?.revision ?? 0
    const found = rows.filter((row, index) => row?.stream === stream && row.revision === first + index)
    if (found.length === events.length) return { result: { status: 'repeated', rows: found as LogRow[] } }
    const message = `An append to ${stream} uses ids of other events; a retry sends the same events in the same order.`
    return { error: new EventStoreError('EVENT_ID_USED', message) }
  }
}

type Statements = ReturnType<typeof prepareStatements>

function prepareStatements(database: DatabaseSync) {
  const prepare = (sql: string): StatementSync => database.prepare(sql)
  return {
    tip: prepare(
      `SELECT revision, metadata ->> '$.integrity.digest' AS digest FROM events WHERE stream = ? ORDER BY revision DESC LIMIT 1`,
    ),
    insert: prepare(
      'INSERT INTO events (stream, revision, id, type, version, data, metadata) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    undo: prepare('DELETE FROM events WHERE position = ?'),
    byId: prepare(`SELECT ${COLUMNS} FROM events WHERE id = ?`),
    stream: prepare(`SELECT ${COLUMNS} FROM events WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?`),
    all: prepare(`SELECT ${COLUMNS} FROM events WHERE position > ? ORDER BY position LIMIT ?`),
    byStream: prepare(
      `SELECT ${COLUMNS} FROM events WHERE (stream, revision) > (?, ?) ORDER BY stream, revision LIMIT ?`,
    ),
    head: prepare('SELECT max(position) AS position FROM events'),
  }
}

function rowOf(found: Record<string, unknown>): LogRow {
  const { position, stream, revision, id, type, version, data, metadata } = found as unknown as LogEvent & {
    position: number
  }
  return { position: positionOf(position), stream, revision, id, type, version, data, metadata }
}

function positionOf(row: number | bigint): Position {
  return String(row).padStart(POSITION_LENGTH, '0')
}

function numberOf(position: Position): number {
  if (!/^\d{16}$/.test(position)) {
    throw new EventStoreError('POSITION_INVALID', `"${position}" is no position of this store; read from the start.`)
  }
  return Number(position)
}
