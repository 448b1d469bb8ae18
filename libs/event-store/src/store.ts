import type { KeyStore } from '#key-store'
import type { Catalog } from './catalog.ts'
import { createCodec } from './codec.ts'
import type { From, RecordedEvent, StoredEvent } from './envelope.ts'
import { EventStoreError } from './errors.ts'
import type { EventLog, LogRow, PageLimit } from './log.ts'
import { APPEND_BYTES_MAX, APPEND_EVENTS_MAX, STREAM_EVENTS_MAX } from './port.ts'
import type { EventStore, ReadAllOptions, Selection, SubscribeOptions, SubscriptionMessage } from './port.ts'
import { SEALED } from './sealing-plan.ts'
import { StreamKeys } from './stream-keys.ts'
import { subscription } from './subscribe.ts'
import { parseVersion, versionAfter } from './version.ts'

export interface EventStoreParts {
  log: EventLog
  keys: KeyStore
  catalog: Catalog
  /** `now()`: an instant in UTC with milliseconds. */
  clock: { now(): string }
}

const PAGE_EVENTS = 500
const PAGE_EVENTS_MAX = 1_000
const PAGE_BYTES = 8 * 1024 * 1024
const STREAM_NAME_LENGTH_MAX = 255

/** The event store over an engine: checks, seals and chains what is written; opens, lifts and checks what is read. */
export function openEventStore({ log, keys, catalog, clock }: EventStoreParts): EventStore {
  const codec = createCodec(catalog)
  const streamKeys = new StreamKeys(keys, (stream) => firstBoxOf(log, stream))
  const findKey = (keyId: string): Promise<Uint8Array | null> => keys.find(keyId)

  const decodeAll = async (rows: readonly LogRow[]): Promise<RecordedEvent[]> => {
    const events: RecordedEvent[] = []
    for (const row of rows) events.push(await codec.decode(row, findKey))
    return events
  }

  const decodeAllStored = (rows: readonly LogRow[]): StoredEvent[] => rows.map((row) => codec.decodeStored(row))

  async function* pages<Event>(
    from: From,
    { pageSize, until, signal, select }: ReadAllOptions,
    decode: (rows: readonly LogRow[]) => Promise<Event[]> | Event[],
  ): AsyncGenerator<Event[], void, undefined> {
    const limit = pageLimit(pageSize)
    const isDone = (place: From): boolean =>
      signal?.aborted === true || (until !== undefined && place !== 'start' && place >= until)
    let place = from
    while (!isDone(place)) {
      const rows = await log.readAll(place, limit)
      const last = rows.at(-1)
      if (last === undefined) return
      place = last.position
      const events = await decode(
        rows.filter((row) => isWanted(row, select) && (until === undefined || row.position <= until)),
      )
      if (events.length > 0) yield events
    }
  }

  const follow = (
    from: From,
    { pageSize, signal, select }: SubscribeOptions,
    decode: (rows: readonly LogRow[]) => Promise<RecordedEvent[]> | StoredEvent[],
  ): AsyncIterable<SubscriptionMessage> => {
    const limit = pageLimit(pageSize)
    const read = async (place: From) => {
      const rows = await log.readAll(place, limit)
      return {
        events: await decode(rows.filter((row) => isWanted(row, select))),
        next: rows.at(-1)?.position ?? place,
      }
    }
    return subscription(log, from, { read, isSelective: select !== undefined, signal })
  }

  return {
    async append(stream, version, events) {
      checkStreamName(stream)
      const tip = parseVersion(version)
      if (events.length === 0) throw new EventStoreError('APPEND_EMPTY', 'An append holds at least one event.')
      if (events.length > APPEND_EVENTS_MAX) {
        throw new EventStoreError(
          'APPEND_TOO_MANY',
          `An append holds at most ${APPEND_EVENTS_MAX} events, not ${events.length}.`,
        )
      }
      if (events.length > 1 && new Set(events.map(({ id }) => id)).size < events.length) {
        throw new EventStoreError('EVENT_ID_USED', `An append to ${stream} uses one id for two events.`)
      }
      const firstRevision = tip === null ? 0 : tip.revision + 1
      if (firstRevision + events.length > STREAM_EVENTS_MAX) {
        throw new EventStoreError('STREAM_FULL', `${stream} would have more than ${STREAM_EVENTS_MAX} events.`)
      }
      const prepared = events.map((event) => codec.prepare(event))
      const isSealed = prepared.some(({ values }) => values.length > 0)
      const key = isSealed || streamKeys.mustBeNamed(stream) ? await streamKeys.forSealing(stream, tip === null) : null

      const recordedAt = clock.now()
      let previous = tip === null ? null : tip.digest
      let sizeBytes = 0
      const encoded = prepared.map((event, index) => {
        const box = event.values.length > 0 || (index === 0 && !isSealed) ? key : null
        const done = codec.encode(event, { stream, revision: firstRevision + index, previous, recordedAt }, box)
        previous = done.row.digest
        sizeBytes += done.sizeBytes
        return done
      })
      if (sizeBytes > APPEND_BYTES_MAX) {
        throw new EventStoreError(
          'APPEND_TOO_LARGE',
          `An append to ${stream} takes ${sizeBytes} bytes; at most ${APPEND_BYTES_MAX} are taken.`,
        )
      }

      const result = await log.append(
        stream,
        tip,
        encoded.map(({ row }) => row),
      )
      if (result.status === 'appended') {
        if (key !== null) streamKeys.named(stream, key.keyId)
        const recorded = encoded.map(({ row, metadata }, index) => {
          const { id, revision, type, version } = row
          const position = result.positions[index]!
          return { position, stream, revision, id, type, version, data: prepared[index]!.open, metadata }
        })
        const { position, revision, metadata } = recorded.at(-1)!
        return {
          status: 'appended',
          version: versionAfter(revision, metadata.integrity.digest),
          position,
          events: recorded,
        }
      }
      streamKeys.doubt(stream)
      if (result.status === 'conflict') return { status: 'conflict', stream }
      const recorded = await decodeAll(result.rows)
      const { position, revision, metadata } = recorded.at(-1)!
      return {
        status: 'appended',
        version: versionAfter(revision, metadata.integrity.digest),
        position,
        events: recorded,
      }
    },

    async readStream(stream, known) {
      checkStreamName(stream)
      const before = known?.events ?? []
      const added: RecordedEvent[] = []
      for await (const rows of streamPages(log, stream, PAGE_EVENTS_MAX, before.length)) {
        if (rows[0]!.revision === 0) noteKey(streamKeys, rows[0]!)
        added.push(...(await decodeAll(rows)))
      }
      if (known !== undefined && added.length === 0) return known
      const events = before.length === 0 ? added : [...before, ...added]
      const last = events.at(-1)
      if (last === undefined) return { events, version: 'no-stream', position: null }
      return { events, version: versionAfter(last.revision, last.metadata.integrity.digest), position: last.position }
    },

    async readStreamStored(stream) {
      checkStreamName(stream)
      const events: StoredEvent[] = []
      for await (const rows of streamPages(log, stream, PAGE_EVENTS)) events.push(...decodeAllStored(rows))
      return events
    },

    readAll(from, options = {}) {
      return pages(from, options, decodeAll)
    },

    readStored(from, options = {}) {
      return pages<StoredEvent>(from, options, decodeAllStored)
    },

    subscribe: (from, options = {}) => follow(from, options, decodeAll),
    subscribeStored: (from, options = {}) => follow(from, options, decodeAllStored),

    async fingerprinter(stream, isNew = false) {
      checkStreamName(stream)
      return streamKeys.fingerprinter(stream, isNew)
    },

    async eraseStream(stream) {
      checkStreamName(stream)
      const keyIds = new Set<string>()
      for await (const rows of streamPages(log, stream, PAGE_EVENTS_MAX)) {
        for (const row of rows) {
          const keyId = keyIdOf(row)
          if (keyId !== null) keyIds.add(keyId)
        }
      }
      for (const keyId of keyIds) await keys.destroy(keyId)
    },

    head: () => log.head(),
    close: () => log.close(),
  }
}

/** Streams whose name starts with `$` belong to the engine. */
function isOurs({ stream }: { stream: string }): boolean {
  return !stream.startsWith('$')
}

function isWanted(row: LogRow, select: Selection | undefined): boolean {
  return isOurs(row) && (select === undefined || select(row))
}

function checkStreamName(stream: string): void {
  const isGood =
    stream.length > 0 && stream.length <= STREAM_NAME_LENGTH_MAX && isOurs({ stream }) && /^[^\p{C}]+$/u.test(stream)
  if (!isGood) {
    throw new EventStoreError(
      'STREAM_NAME_INVALID',
      `A stream's name has 1 to ${STREAM_NAME_LENGTH_MAX} characters, no control characters, and does not start with "$".`,
    )
  }
}

function pageLimit(pageSize = PAGE_EVENTS): PageLimit {
  return { rows: Math.max(1, Math.min(pageSize, PAGE_EVENTS_MAX)), sizeBytes: PAGE_BYTES }
}

async function* streamPages(
  log: EventLog,
  stream: string,
  firstPage: number,
  fromRevision = 0,
): AsyncGenerator<LogRow[], void, undefined> {
  let revision = fromRevision
  for (let pageSize = firstPage; ; pageSize = PAGE_EVENTS_MAX) {
    const rows = await log.readStream(stream, revision, { rows: pageSize, sizeBytes: PAGE_BYTES })
    if (rows.length > 0) yield rows
    // Fewer than were asked for, and not because they were too large: that was the end.
    if (rows.length < pageSize && sizeOf(rows) < PAGE_BYTES) return
    revision = rows.at(-1)!.revision + 1
  }
}

/** As engines count a page. */
function sizeOf(rows: readonly LogRow[]): number {
  return rows.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0)
}

/** The name of the key that a stream uses: that of the first box in its events. */
async function firstBoxOf(log: EventLog, stream: string): Promise<string | null> {
  // As a rule the first event tells.
  for await (const rows of streamPages(log, stream, 1)) {
    for (const row of rows) {
      const keyId = keyIdOf(row)
      if (keyId !== null) return keyId
    }
  }
  return null
}

/** What was read tells the stream's key for nothing, as a rule in its first event. */
function noteKey(streamKeys: StreamKeys, row: LogRow): void {
  const keyId = keyIdOf(row)
  if (keyId !== null) streamKeys.named(row.stream, keyId)
}

const KEY_ID = new RegExp(`"${SEALED}":\\{"algorithm":"[^"]*","ciphertext":"[^"]*","iv":"[^"]*","keyId":"([^"]*)"`)

/** From the text: in JCS a box begins so, and inside a string the quotation marks would be escaped. */
function keyIdOf({ data }: LogRow): string | null {
  return KEY_ID.exec(data)?.[1] ?? null
}
