import { setTimeout as sleep } from 'node:timers/promises'
import { MongoClient, MongoError, MongoServerError, MongoServerSelectionError, type Db } from 'mongodb'
import { ReadStoreError } from '../errors.ts'

/** Somebody waits for an answer. */
export const READER_PATIENCE_MS = 4_000
/** Long enough for a replica set to choose another leader. */
export const WRITER_PATIENCE_MS = 12_000
const CONNECT_MS = 3_000
const SOCKET_MS = 30_000
const POOL_WAIT_MS = 10_000
const POOL_CONNECTIONS_MAX = 20
const MAJORITY_MS = 10_000
const ATTEMPTS_MAX = 5
/** After which nothing is tried again. */
const TRYING_MS_MAX = 15_000
const PAUSE_FIRST_MS = 50
/** An index on a large collection takes longer than one answer may; asked for again, the server goes on making it. */
export const PATIENCE_FOR_AN_INDEX = { attemptsMax: 240, tryingMsMax: 2 * 3_600_000 }

const DUPLICATE_KEY = 11_000
const NAMESPACE_GONE = 26
const CURSOR_NOT_FOUND = 43
const QUERY_PLAN_KILLED = 175
const UNAUTHORIZED = 13
const AUTHENTICATION_FAILED = 18
const OUT_OF_DISK_SPACE = 14_031
/** The server stops, another of its replica set leads by now, or most of the set do not answer. */
const MOVED = new Set([6, 7, 64, 89, 91, 189, 262, 9_001, 10_107, 11_600, 11_602, 13_435, 13_436])
const TRANSIENT_NAMES = new Set([
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoServerSelectionError',
  'MongoPoolClearedError',
  'PoolClearedOnNetworkError',
  'MongoWaitQueueTimeoutError',
])

/** One database of a server, and everything that is said to it: bounded in time, tried again, its errors ours. */
export class Connection {
  readonly #client: MongoClient
  readonly #database: Db

  private constructor(client: MongoClient, database: Db) {
    this.#client = client
    this.#database = database
  }

  /**
   * Errors: `BAD_ADDRESS`, `BAD_CREDENTIALS`, `UNAVAILABLE`.
   * @param patienceMs how long a server is waited for that is not there.
   */
  static async open(address: string, { patienceMs }: { patienceMs: number }): Promise<Connection> {
    const client = clientOf(address, patienceMs)
    const name = client.options.dbName
    try {
      await client.connect()
    } catch (error) {
      await client.close()
      throw refusalOf(error) ?? error
    }
    return new Connection(client, client.db(name))
  }

  /**
   * Does something that may be done again: after a connection that broke, or a change of leader, it is. Errors:
   * `UNAVAILABLE` where it broke too often, `BAD_CREDENTIALS`, `DISK_FULL`.
   */
  async run<Result>(
    work: (database: Db) => Promise<Result>,
    { attemptsMax, tryingMsMax } = { attemptsMax: ATTEMPTS_MAX, tryingMsMax: TRYING_MS_MAX },
  ): Promise<Result> {
    const endMs = performance.now() + tryingMsMax
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work(this.#database)
      } catch (error) {
        // A server that is not there has been waited for by now.
        const isWorthAnother = isTransient(error) && !(error instanceof MongoServerSelectionError)
        if (!isWorthAnother || attempt >= attemptsMax || performance.now() >= endMs) throw refusalOf(error) ?? error
        await sleep(PAUSE_FIRST_MS * 2 ** Math.min(attempt - 1, 5))
      }
    }
  }

  async close(): Promise<void> {
    await this.#client.close()
  }
}

function clientOf(address: string, patienceMs: number): MongoClient {
  const bad = (why: string) =>
    new ReadStoreError(
      'BAD_ADDRESS',
      `Give an address such as mongodb://host:27017/huiying, not ${withoutPassword(address)} (${why})`,
    )
  if (!/^mongodb(\+srv)?:\/\/[^/]+\/[^/?]+/.test(address)) throw bad('it names no database')
  try {
    return new MongoClient(address, {
      appName: 'huiying',
      // The driver's own retries want a replica set; `run` does without.
      retryWrites: false,
      retryReads: false,
      writeConcern: { w: 'majority', journal: true, wtimeoutMS: MAJORITY_MS },
      // What another leader may not know of must not be built upon.
      readConcern: { level: 'majority' },
      readPreference: 'primary',
      serverSelectionTimeoutMS: patienceMs,
      connectTimeoutMS: CONNECT_MS,
      socketTimeoutMS: SOCKET_MS,
      waitQueueTimeoutMS: POOL_WAIT_MS,
      maxPoolSize: POOL_CONNECTIONS_MAX,
      ignoreUndefined: true,
    })
  } catch (error) {
    throw bad(error instanceof Error ? error.message : String(error))
  }
}

function withoutPassword(address: string): string {
  return address.replace(/\/\/[^/]*@/, '//…@')
}

function isTransient(error: unknown): boolean {
  if (!(error instanceof MongoError)) return false
  if (TRANSIENT_NAMES.has(error.name) || error.hasErrorLabel('RetryableWriteError')) return true
  // A bulk write says only in its cause that the connection broke.
  const cause = 'errorResponse' in error ? error.errorResponse : error.cause
  return MOVED.has(codeOf(error)) || (cause !== error && isTransient(cause))
}

function refusalOf(error: unknown): ReadStoreError | null {
  const why = error instanceof Error ? error.message : String(error)
  if (isTransient(error)) {
    return new ReadStoreError('UNAVAILABLE', `MongoDB does not answer (${why}): see that it runs, and try again`)
  }
  switch (codeOf(error)) {
    case UNAUTHORIZED:
    case AUTHENTICATION_FAILED:
      return new ReadStoreError(
        'BAD_CREDENTIALS',
        `MongoDB refuses the user (${why}): check the address and its rights`,
      )
    case OUT_OF_DISK_SPACE:
      return new ReadStoreError('DISK_FULL', `MongoDB has no room on its disk (${why}): make room`)
    default:
      return null
  }
}

function codeOf(error: unknown): number {
  return error instanceof MongoError ? Number(error.code ?? 0) : 0
}

/** Whether somebody else has written a document with this id before. */
export function isDuplicate(error: unknown): boolean {
  return codeOf(error) === DUPLICATE_KEY
}

/** Whether what was being read has been dropped in the middle of it. */
export function isDropped(error: unknown): boolean {
  return (
    error instanceof MongoServerError && [NAMESPACE_GONE, CURSOR_NOT_FOUND, QUERY_PLAN_KILLED].includes(codeOf(error))
  )
}
