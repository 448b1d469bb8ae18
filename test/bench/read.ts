import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { EventStore, From } from '#event-store'
import { say } from './measure.ts'
import { atLeast, rounded } from './row.ts'
import type { BenchRow } from './row.ts'

const PAGE = 500
/** Events read by the one, then by the other. */
const SLICE = 10_000

/** Both read every event of the store in order, taking turns. */
export async function readRow(folder: string, store: EventStore): Promise<BenchRow> {
  say('ordered read')
  const database = new DatabaseSync(join(folder, 'events.db'), { readOnly: true })
  database.exec('PRAGMA cache_size = -65536')
  const last = Number(database.prepare('SELECT max(position) AS last FROM events').get()!['last'])
  const positionOf = (row: number) => String(row).padStart(16, '0')
  let [stored, opened, bare] = [0, 0, 0]
  let events = 0
  let from: From = 'start'
  for (let row = 0; row < last; row += SLICE) {
    const until = positionOf(Math.min(row + SLICE, last))
    let start = performance.now()
    for await (const page of store.readStored(from, { pageSize: PAGE, until })) events += page.length
    stored += performance.now() - start
    start = performance.now()
    readBare(database, row, row + SLICE)
    bare += performance.now() - start
    start = performance.now()
    for await (const page of store.readAll(from, { pageSize: PAGE, until })) void page
    opened += performance.now() - start
    from = until
  }
  database.close()
  const rate = (milliseconds: number) => (events * 1_000) / milliseconds
  return atLeast({
    name: 'ordered read of the whole store, parsed and checked against its schema',
    value: bare / stored,
    target: 0.5,
    unit: 'of a bare paged read with JSON.parse',
    details: {
      eventsASecond: rounded(rate(stored)),
      bareEventsASecond: rounded(rate(bare)),
      openedEventsASecond: rounded(rate(opened)),
      events,
      turns: `slices of ${SLICE} events, interleaved`,
    },
  })
}

function readBare(database: DatabaseSync, after: number, until: number): void {
  const page = database.prepare(
    `SELECT position, stream, revision, id, type, version, data, metadata FROM events
     WHERE position > ? AND position <= ? ORDER BY position LIMIT ${PAGE}`,
  )
  for (let place = after; ;) {
    const rows = page.all(place, until)
    if (rows.length === 0) return
    for (const { data, metadata } of rows) {
      JSON.parse(data as string)
      JSON.parse(metadata as string)
    }
    place = Number(rows.at(-1)!['position'])
  }
}
