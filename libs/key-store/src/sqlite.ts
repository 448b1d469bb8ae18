import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fromSqlite, KeyStoreError } from './errors.ts'
import { MASTER_KEY_BYTES } from './master-key.ts'
import { KEY_BATCH_MAX, KEY_CACHE_AGE_MS_MAX, KEY_CACHE_KEYS_MAX } from './port.ts'
import type { DataKey, KeyStore } from './port.ts'
import { IV_BYTES, unwrap, wrap } from './wrap.ts'

export interface SqliteKeyStoreOptions {
  /** A file's path, or its address: `sqlite:./data/keys.db`. */
  path: string
  masterKey: Uint8Array
  /** Finds keys only; for a worker beside the process that writes. */
  readOnly?: boolean
  /** Makes none where there is none: there are events already, which the keys of a new one would not open. */
  mustExist?: boolean
  /** Milliseconds that never run backwards; for the age of cached keys. */
  nowMs?: () => number
}

const LAYOUT = 1
const APPLICATION = 0x4875_794b // "HuyK"
const SECRET_NAME = 'store-secret'
const FIRST_BATCH = 16
const KEY_BYTES = 32
/** Keys read together. */
const NEIGHBOURS = 64
const NOT_KEPT = new Uint8Array()
/** For each key: the key, the iv of its wrapping, and what is random in its id. */
const RANDOM_BYTES = KEY_BYTES + IV_BYTES + 8
const BUSY_MS_MAX = 5_000

/**
 * Rows are only ever added at the end and overwritten in place with as many bytes, so that no page is split and no old
 * copy of a key stays behind in one; secure_delete covers the rest. A key's id is its row's number and something random:
 * found without an index, and never another key's, also where the store was set back to an older copy.
 */
const SCHEMA = `
  CREATE TABLE keys (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, wrapped BLOB NOT NULL) STRICT;
  CREATE TABLE secrets (name TEXT PRIMARY KEY, wrapped BLOB NOT NULL) STRICT;`

interface CachedKey {
  wrapped: Uint8Array
  /** Null until it was unwrapped. */
  key: Uint8Array | null
  /** When it was read. */
  at: number
}

/**
 * Opens, or makes, a key store in one file. Throws `KEY_STORE_WRONG_MASTER_KEY`, `KEY_STORE_MISSING` and what `fromSqlite`
 * lists.
 */
export function openSqliteKeyStore(options: SqliteKeyStoreOptions): KeyStore {
  const { masterKey, readOnly = false, mustExist = false, nowMs = () => performance.now() } = options
  const path = options.path.replace(/^sqlite:/, '')
  if (masterKey.length !== MASTER_KEY_BYTES) {
    throw new KeyStoreError('MASTER_KEY_INVALID', `The master key must be ${MASTER_KEY_BYTES} bytes.`)
  }
  let isClosed = false
  const guarded = <Result>(work: () => Result): Result => {
    if (isClosed) throw new KeyStoreError('KEY_STORE_CLOSED', `${path} is closed.`)
    try {
      return work()
    } catch (error) {
      throw fromSqlite(error, path)
    }
  }
  const database = guarded(() => open(path, masterKey, { readOnly, mustExist }))
  const storeSecret = guarded(() => {
    try {
      return openSecret(database, path, masterKey)
    } catch (error) {
      database.close()
      throw error
    }
  })
  const select = database.prepare('SELECT number, id, wrapped FROM keys WHERE number BETWEEN ? AND ? ORDER BY number')
  const nextNumber = database.prepare('SELECT coalesce(max(number), 0) + 1 AS next FROM keys')
  const insert = readOnly ? null : database.prepare('INSERT INTO keys (number, id, wrapped) VALUES (?, ?, ?)')
  const overwrite = readOnly
    ? null
    : database.prepare('UPDATE keys SET wrapped = zeroblob(length(wrapped)) WHERE number = ? AND id = ?')

  const pool: DataKey[] = []
  let batchSize = FIRST_BATCH
  /** By id; still wrapped until it is asked for. */
  const cache = new Map<string, CachedKey>()

  const makeRoom = (): void => {
    // Many at once: to find its first key, a map looks through all that was deleted before it.
    let excess = cache.size < KEY_CACHE_KEYS_MAX ? 0 : KEY_CACHE_KEYS_MAX / 8
    for (const oldest of cache.keys()) {
      if (excess-- <= 0) break
      cache.delete(oldest)
    }
  }

  const makeBatch = (): void => {
    if (insert === null) throw new KeyStoreError('KEY_STORE_READ_ONLY', `${path} was opened for reading only.`)
    const random = randomBytes(batchSize * RANDOM_BYTES)
    const made: DataKey[] = []
    transaction(database, () => {
      const { next } = nextNumber.get() as { next: number }
      for (let index = 0; index < batchSize; index += 1) {
        const bytes = random.subarray(index * RANDOM_BYTES, (index + 1) * RANDOM_BYTES)
        const key = bytes.subarray(0, KEY_BYTES)
        const keyId = `${next + index}-${bytes.toString('hex', KEY_BYTES + IV_BYTES)}`
        insert.run(next + index, keyId, wrap(masterKey, keyId, key, bytes.subarray(KEY_BYTES, KEY_BYTES + IV_BYTES)))
        made.push({ keyId, key })
      }
    })
    pool.push(...made.toReversed())
    batchSize = Math.min(batchSize * 2, KEY_BATCH_MAX)
  }

  /** Keys are asked for in the order in which they were given out, as a rule: a query for one brings its neighbours along. */
  const look = (keyId: string): CachedKey | null => {
    const number = numberOf(keyId)
    const first = number - (number % NEIGHBOURS)
    let found: CachedKey | null = null
    makeRoom()
    const at = nowMs()
    for (const row of select.all(first, first + NEIGHBOURS - 1) as { id: string; wrapped: Uint8Array }[]) {
      if (row.id !== keyId && cache.has(row.id)) continue
      const cached = { wrapped: row.wrapped, key: null, at }
      cache.set(row.id, cached)
      if (row.id === keyId) found = cached
    }
    return found
  }

  const find = (keyId: string): Uint8Array | null => {
    const known = cache.get(keyId)
    const isFresh = known !== undefined && nowMs() - known.at < KEY_CACHE_AGE_MS_MAX
    const cached = isFresh ? known : look(keyId)
    if (cached === null) {
      throw new KeyStoreError(
        'KEY_UNKNOWN',
        `${path} does not hold the key ${keyId}; is it the key store of this event store, and not older than it?`,
      )
    }
    if (cached.key !== null) return cached.key
    if (cached.wrapped.every((byte) => byte === 0)) return null
    cached.key = unwrap(masterKey, keyId, cached.wrapped)
    if (cached.key === null) throw new KeyStoreError('KEY_STORE_CORRUPT', `${path}: the key ${keyId} was changed.`)
    return cached.key
  }

  const destroy = (keyId: string): void => {
    if (overwrite === null) throw new KeyStoreError('KEY_STORE_READ_ONLY', `${path} was opened for reading only.`)
    cache.delete(keyId)
    if (overwrite.run(numberOf(keyId), keyId).changes === 0) {
      throw new KeyStoreError('KEY_UNKNOWN', `${path} does not hold the key ${keyId}; nothing was destroyed.`)
    }
    // The write-ahead log still holds the page as it was; only cutting it off finishes the deed.
    const { busy } = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number }
    if (busy !== 0) {
      throw new KeyStoreError('KEY_STORE_LOCKED', `${path}: a reader keeps the old log open; destroy the key again.`)
    }
  }

  return {
    storeSecret,
    async allot() {
      if (pool.length === 0) guarded(makeBatch)
      const key = pool.pop()!
      makeRoom()
      cache.set(key.keyId, { wrapped: NOT_KEPT, key: key.key, at: nowMs() })
      return key
    },
    async find(keyId) {
      return guarded(() => find(keyId))
    },
    async destroy(keyId) {
      guarded(() => destroy(keyId))
    },
    async close() {
      cache.clear()
      pool.length = 0
      isClosed = true
      if (database.isOpen) database.close()
    },
  }
}

function open(
  path: string,
  masterKey: Uint8Array,
  { readOnly, mustExist }: { readOnly: boolean; mustExist: boolean },
): DatabaseSync {
  // SQLite would make an empty file.
  if (mustExist && !existsSync(path)) throw lost(path)
  if (!readOnly) mkdirSync(dirname(path), { recursive: true })
  const database = new DatabaseSync(path, { readOnly, timeout: BUSY_MS_MAX })
  try {
    const layout = layoutOf(database)
    if (layout > LAYOUT) {
      throw new KeyStoreError('KEY_STORE_TOO_NEW', `${path} was written by a newer version; update Huiying.`)
    }
    if (layout === 0 && mustExist) throw lost(path)
    if (!readOnly) {
      database.exec('PRAGMA secure_delete = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
      transaction(database, () => create(database, masterKey))
    } else if (layout === 0) {
      throw new KeyStoreError('KEY_STORE_MISSING', `${path} holds no key store yet.`)
    }
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function lost(path: string): KeyStoreError {
  return new KeyStoreError(
    'KEY_STORE_MISSING',
    `${path} is missing or empty, and nothing else opens the events beside it. Restore it from a backup, not older than they are; no new one was made.`,
  )
}

/** 0, which no row has, where the id is none of ours. */
function numberOf(keyId: string): number {
  return Number(/^(\d{1,15})-/.exec(keyId)?.[1] ?? 0)
}

function layoutOf(database: DatabaseSync): number {
  return (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version
}

/** Tables and secret together, once. */
function create(database: DatabaseSync, masterKey: Uint8Array): void {
  if (layoutOf(database) !== 0) return
  database.exec(SCHEMA)
  const wrapped = wrap(masterKey, SECRET_NAME, randomBytes(32))
  database.prepare('INSERT INTO secrets (name, wrapped) VALUES (?, ?)').run(SECRET_NAME, wrapped)
  database.exec(`PRAGMA application_id = ${APPLICATION}; PRAGMA user_version = ${LAYOUT}`)
}

/** That the secret opens is also how a wrong master key is told from a right one. */
function openSecret(database: DatabaseSync, path: string, masterKey: Uint8Array): Uint8Array {
  const row = database.prepare('SELECT wrapped FROM secrets WHERE name = ?').get(SECRET_NAME)
  if (!(row?.wrapped instanceof Uint8Array)) {
    throw new KeyStoreError('KEY_STORE_CORRUPT', `${path} has lost its secret; restore it from a backup.`)
  }
  const secret = unwrap(masterKey, SECRET_NAME, row.wrapped)
  if (secret === null) {
    throw new KeyStoreError(
      'KEY_STORE_WRONG_MASTER_KEY',
      `${path} was made with another master key. Restore the master key file, or set HUIYING_MASTER_KEY to it.`,
    )
  }
  return secret
}

function transaction(database: DatabaseSync, work: () => void): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    work()
    database.exec('COMMIT')
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}
