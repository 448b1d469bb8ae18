import type { KurrentDBClient } from '@kurrent/kurrentdb-client'
import type { From } from '../envelope.ts'
import { EventStoreError } from '../errors.ts'
import type { EventLog, LogAppendResult, LogRow, NewLogEvent, PageLimit, StreamPlace, Tip } from '../log.ts'
import { Attempts } from './attempts.ts'
import { connect } from './client.ts'
import { Follower } from './follower.ts'
import { LIMITS } from './limits.ts'
import type { KurrentDbLimits } from './limits.ts'
import { placeOf } from './position.ts'
import { Reader } from './reader.ts'
import { Scan } from './scan.ts'
import { StreamMemory } from './stream-memory.ts'
import { Turns } from './turns.ts'
import { Writer } from './writer.ts'

export interface KurrentDbLogOptions {
  readOnly?: boolean
  limits?: Partial<KurrentDbLimits>
}

/**
 * An event log on KurrentDB, which any number of processes write at once. `address` is a connection string of its client.
 * Nothing is asked of the server yet; one that is not there makes the first call fail with `STORE_UNAVAILABLE`. Throws
 * `STORE_ADDRESS_UNKNOWN` where the client cannot read the address.
 */
export function openKurrentDbLog(
  address: string,
  { readOnly = false, limits = {} }: KurrentDbLogOptions = {},
): EventLog {
  return new KurrentDbLog(connect(address), readOnly, { ...LIMITS, ...limits })
}

export class KurrentDbLog implements EventLog {
  readonly #client: KurrentDBClient
  readonly #isReadOnly: boolean
  readonly #attempts: Attempts
  readonly #reader: Reader
  readonly #writer: Writer
  readonly #memory = new StreamMemory()
  readonly #turns: Turns
  readonly #follower: Follower
  readonly #scan: Scan
  readonly #listeners = new Set<() => void>()
  #closed: Promise<void> | null = null

  constructor(client: KurrentDBClient, isReadOnly: boolean, limits: KurrentDbLimits) {
    this.#client = client
    this.#isReadOnly = isReadOnly
    this.#attempts = new Attempts(limits)
    this.#reader = new Reader(client, this.#attempts)
    this.#writer = new Writer({ client, reader: this.#reader, memory: this.#memory, attempts: this.#attempts })
    this.#turns = new Turns(limits.appendsAtOnceMax)
    this.#follower = new Follower(client, limits, () => this.wake())
    this.#scan = new Scan(this.#reader)
  }

  async append(stream: string, tip: Tip, events: readonly NewLogEvent[]): Promise<LogAppendResult> {
    if (this.#isReadOnly) throw new EventStoreError('STORE_READ_ONLY', 'The event store was opened for reading only.')
    this.#checkOpen()
    const result = await this.#turns.take(stream, () => this.#writer.append(stream, tip, events))
    // Those who wait for the append hear of it first.
    if (result.status === 'appended') queueMicrotask(() => this.wake())
    return result
  }

  async readStream(stream: string, fromRevision: number, limit: PageLimit): Promise<LogRow[]> {
    this.#checkOpen()
    const rows = await this.#reader.readStream(stream, fromRevision, limit)
    if (!this.#isReadOnly) this.#memory.note(stream, rows)
    return rows
  }

  async readAll(from: From, limit: PageLimit): Promise<LogRow[]> {
    this.#checkOpen()
    if (from !== 'start') placeOf(from)
    return this.#reader.readAll(from, limit)
  }

  async readByStream(after: StreamPlace | null, limit: PageLimit): Promise<LogRow[]> {
    this.#checkOpen()
    return this.#scan.page(after, limit)
  }

  async head(): Promise<From> {
    this.#checkOpen()
    return this.#reader.head()
  }

  onAppended(listener: () => void): () => void {
    this.#listeners.add(listener)
    this.#follower.start()
    return () => this.#listeners.delete(listener)
  }

  wake(): void {
    for (const listener of this.#listeners) listener()
  }

  /** What was begun is ended, but not tried again. */
  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    this.#attempts.close()
    await this.#follower.stop()
    await this.#turns.settled()
    await this.#scan.close()
    await this.#client.dispose()
  }

  #checkOpen(): void {
    if (this.#closed !== null) throw new EventStoreError('STORE_CLOSED', 'The event store is closed.')
  }
}
