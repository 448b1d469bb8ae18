import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { catalog, instantAt } from '#application'
import { openEventLog, openEventStore } from '#event-store'
import type { EventStore, NewEvent } from '#event-store'
import { openSqliteKeyStore } from '#key-store'
import { inventedMessages } from '../../apps/cli/src/demo/invented-county.ts'
import type { InventedMessage } from '../../apps/cli/src/demo/invented-county.ts'
import { median, say, syncRate } from './measure.ts'
import { atLeast, rounded } from './row.ts'
import type { BenchRow } from './row.ts'

const WRITERS = 64
const STREAMS_EACH = 8
const EVENTS_A_STREAM = 5
const EVENTS_A_ROUND = WRITERS * STREAMS_EACH * EVENTS_A_STREAM
const ROUNDS = 7

/** Sixty-four writers, each waiting for its own append, against a loop that does nothing but insert the same rows. */
export async function appendRow(folder: string): Promise<BenchRow> {
  say('durable append')
  const path = join(folder, 'append.db')
  const log = await openEventLog(`sqlite:${path}`)
  const keys = openSqliteKeyStore({ path: join(folder, 'append-keys.db'), masterKey: Buffer.alloc(32, 1) })
  const store = openEventStore({ log, keys, catalog, clock: { now: () => instantAt(Date.now()) } })
  const schema = new DatabaseSync(path, { readOnly: true })
  const bare = openBare(schema, join(folder, 'append-bare.db'))

  const messages = [...inventedMessages(EVENTS_A_ROUND, 3)]
  const ours: number[] = []
  const theirs: number[] = []
  // The first round of each warms up.
  for (let round = 0; round <= ROUNDS; round++) {
    const before = Number(schema.prepare('SELECT coalesce(max(position), 0) AS last FROM events').get()!['last'])
    ours.push(await appendRound(store, messages))
    const rows = schema.prepare(`${COLUMNS_OF_EVENTS} WHERE position > ? ORDER BY position`).all(before)
    theirs.push(bare.write(rows as Row[]))
  }
  schema.close()
  bare.close()
  await store.close()
  await keys.close()

  const rate = (times: readonly number[]) => (EVENTS_A_ROUND * 1_000) / median(times.slice(1))
  const [eventsASecond, bareRowsASecond] = [rate(ours), rate(theirs)]
  return atLeast({
    name: 'durable append, sealed and chained, 64 writers at once',
    value: eventsASecond / bareRowsASecond,
    target: 0.5,
    unit: 'of a bare node:sqlite loop',
    details: {
      eventsASecond: rounded(eventsASecond),
      bareRowsASecond: rounded(bareRowsASecond),
      rounds: `${ROUNDS} of ${EVENTS_A_ROUND} events each, interleaved, medians`,
      diskSyncsASecond: rounded(syncRate(folder)),
    },
  })
}

type Row = Record<'stream' | 'revision' | 'id' | 'type' | 'version' | 'data' | 'metadata', string | number>
const COLUMNS_OF_EVENTS = 'SELECT stream, revision, id, type, version, data, metadata FROM events'

/** The same table, indexes and settings, and a loop around one statement. */
function openBare(of: DatabaseSync, path: string): { write(rows: readonly Row[]): number; close(): void } {
  const { sql } = of.prepare(`SELECT sql FROM sqlite_schema WHERE name = 'events'`).get() as { sql: string }
  const database = new DatabaseSync(path)
  database.exec(
    `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 8000; ${sql}`,
  )
  const insert = database.prepare(
    'INSERT INTO events (stream, revision, id, type, version, data, metadata) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  return {
    write(rows) {
      const start = performance.now()
      for (let at = 0; at < rows.length; at += WRITERS) {
        database.exec('BEGIN IMMEDIATE')
        for (const row of rows.slice(at, at + WRITERS)) {
          insert.run(row.stream, row.revision, row.id, row.type, row.version, row.data, row.metadata)
        }
        database.exec('COMMIT')
      }
      return performance.now() - start
    },
    close: () => database.close(),
  }
}

/** Milliseconds. */
async function appendRound(store: EventStore, messages: readonly InventedMessage[]): Promise<number> {
  const events = messages.map((message, index) => itemEvent(message, index % EVENTS_A_STREAM))
  const start = performance.now()
  const writer = async (_: unknown, writer: number) => {
    for (let stream = 0; stream < STREAMS_EACH; stream++) {
      const name = `item-${randomUUID()}`
      let version = 'no-stream'
      for (let revision = 0; revision < EVENTS_A_STREAM; revision++) {
        const event = events[(writer * STREAMS_EACH + stream) * EVENTS_A_STREAM + revision]!
        const result = await store.append(name, version, [event])
        if (result.status === 'conflict') throw new Error('a stream of one writer was written by another')
        version = result.version
      }
    }
  }
  await Promise.all(Array.from({ length: WRITERS }, writer))
  return performance.now() - start
}

/** A message as it came in, or as it was delivered anew with other words. */
export function itemEvent({ id, user, subject, body, time }: InventedMessage, revision: number): NewEvent {
  const fingerprint = '0'.repeat(64)
  const content = {
    kind: 'message',
    receivedAt: instantAt(Date.parse(time)),
    title: subject,
    content: body,
    author: { name: user, contact: null },
    wish: 'public',
    place: null,
    address: null,
    attachments: [],
    workOrder: null,
    sourceDepartment: null,
    sourceType: null,
  }
  const arrival = { kind: 'import', run: 'bench', row: revision + 1 }
  return {
    id: randomUUID(),
    type: revision === 0 ? 'ItemReceived' : 'ItemRevised',
    data:
      revision === 0
        ? { channelId: 'window', externalId: id, origin: 'live', ...content, reach: null, arrival, fingerprint }
        : { contentRevision: revision + 1, ...content, arrival, previousFingerprint: fingerprint, fingerprint },
    metadata: {
      occurredAt: content.receivedAt,
      actor: { policy: 'import' },
      commandId: randomUUID(),
      commandFingerprint: fingerprint,
      correlationId: randomUUID(),
      causationId: null,
      origin: 'live',
      caseId: randomUUID(),
    },
  }
}
