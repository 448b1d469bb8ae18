import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { EventStoreError } from '../errors.ts'

const LAYOUT = 1
const APPLICATION = 0x4875_7945 // "HuyE"
const BUSY_MS_MAX = 5_000
const CACHE_KIB = 64 * 1024
/** Pages written before they are moved into the file, 32 MiB: pages of the indexes change again and again until then. */
const WAL_PAGES = 8_000
const WAL_BYTES_KEPT_MAX = 64 * 1024 * 1024

/** Positions are made of row ids; AUTOINCREMENT never gives one out twice. */
export const EVENTS_TABLE = `
  CREATE TABLE events (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    stream TEXT NOT NULL,
    revision INTEGER NOT NULL,
    id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    version INTEGER NOT NULL,
    data TEXT NOT NULL,
    metadata TEXT NOT NULL,
    UNIQUE (stream, revision)
  ) STRICT;`

/** Opens, or makes, the file. Every committed transaction is on the disk (WAL, synchronous=FULL). */
export function openDatabase(path: string, readOnly: boolean): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly, timeout: BUSY_MS_MAX })
  try {
    const layout = pragma(database, 'user_version')
    const tables = database.prepare('SELECT count(*) AS count FROM sqlite_schema').get() as { count: number }
    if (tables.count > 0 && pragma(database, 'application_id') !== APPLICATION) {
      throw new EventStoreError('STORE_FOREIGN', `${path} is a database of something else; choose another path.`)
    }
    if (layout > LAYOUT) {
      throw new EventStoreError('STORE_TOO_NEW', `${path} was written by a newer version of Huiying; update this one.`)
    }
    database.exec(`PRAGMA cache_size = -${CACHE_KIB}`)
    if (!readOnly) prepareForWriting(database, layout)
    else if (layout === 0) throw new EventStoreError('STORE_MISSING', `${path} holds no event store yet.`)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function prepareForWriting(database: DatabaseSync, layout: number): void {
  database.exec(
    `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = ${WAL_PAGES}; PRAGMA journal_size_limit = ${WAL_BYTES_KEPT_MAX}`,
  )
  if (layout > 0) return
  database.exec(
    `BEGIN IMMEDIATE; ${EVENTS_TABLE} PRAGMA application_id = ${APPLICATION}; PRAGMA user_version = ${LAYOUT}; COMMIT`,
  )
}

function pragma(database: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return (database.prepare(`PRAGMA ${name}`).get() as Record<string, number>)[name]!
}

/** The folder of a file that is to be made. */
export function makeFolderOf(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
  } catch (error) {
    throw new EventStoreError('STORE_READ_ONLY', `The folder of ${path} cannot be made; check its permissions.`, error)
  }
}
