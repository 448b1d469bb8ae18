import { createHash } from 'node:crypto'
import type { From } from './envelope.ts'
import { EventStoreError } from './errors.ts'
import { describeRow, parseRow } from './codec.ts'
import type { EventLog, LogRow, NewLogEvent, Tip } from './log.ts'
import { APPEND_BYTES_MAX, APPEND_EVENTS_MAX } from './port.ts'

/** Two logs read side by side, from their beginnings to where the shorter one ends. */
export interface LogComparison {
  /** Events that both hold, each the same to the byte. */
  events: number
  /** Of their data and metadata. */
  bytes: number
  /** SHA-256, hex, over all of them in store order. */
  digest: string
  /** Whether the target holds all that the source does. */
  isComplete: boolean
  /** The source's position of the last event that both hold. */
  place: From
}

export interface LogPair {
  source: EventLog
  target: EventLog
  /** Told after each page, with how many events are done. */
  onProgress?: (events: number) => void
}

const PAGE = { rows: 500, sizeBytes: 8 * 1024 * 1024 }

/**
 * That what a target holds is what a source begins with: the same events in the same order, byte for byte. Throws
 * `TARGET_DIFFERS`, which names the first event that differs, also where the target goes on after the source's end.
 */
export async function compareLogs({ source, target, onProgress }: LogPair): Promise<LogComparison> {
  const hash = createHash('sha256')
  let events = 0
  let bytes = 0
  let place: From = 'start'
  const expected = rowsOf(source, 'start')
  for await (const found of rowsOf(target, 'start')) {
    const { value: row, done } = await expected.next()
    if (done) throw differs(`${describeRow(found)} stands in it after everything that there is to copy`)
    const text = textOf(row)
    if (textOf(found) !== text) throw differs(`${describeRow(found)} stands in it in the place of ${describeRow(row)}`)
    hash.update(text)
    events += 1
    bytes += Buffer.byteLength(row.data) + Buffer.byteLength(row.metadata)
    place = row.position
    if (events % PAGE.rows === 0) onProgress?.(events)
  }
  const { done } = await expected.next()
  return { events, bytes, digest: hash.digest('hex'), isComplete: done === true, place }
}

/**
 * Adds to a target what a source holds after a place, in store order, byte for byte. Only what follows one another in one
 * stream is added together, and one append waits for the one before it: engines order by arrival. Broken off anywhere, it
 * goes on from where `compareLogs` says that the target ends. Throws `TARGET_DIFFERS` where somebody else writes there.
 * Gives how many events were added.
 */
export async function copyLog({ source, target, onProgress }: LogPair, place: From): Promise<number> {
  let events = 0
  let batch = new Batch()
  const flush = async (): Promise<void> => {
    if (batch.events.length === 0) return
    const { stream, tip, events: added } = batch
    batch = new Batch()
    const result = await target.append(stream, tip, added)
    if (result.status === 'conflict') throw differs(`${stream} does not end before event ${added[0]!.revision} in it`)
    events += added.length
    onProgress?.(events)
  }
  for await (const row of rowsOf(source, place)) {
    if (!batch.takes(row)) await flush()
    batch.add(row)
  }
  await flush()
  return events
}

/** Events of one stream that are added together. */
class Batch {
  readonly events: NewLogEvent[] = []
  stream = ''
  tip: Tip = null
  #sizeBytes = 0

  takes(row: LogRow): boolean {
    if (this.events.length === 0) return true
    return (
      row.stream === this.stream &&
      this.events.length < APPEND_EVENTS_MAX &&
      this.#sizeBytes + sizeOf(row) <= APPEND_BYTES_MAX
    )
  }

  add(row: LogRow): void {
    const { previous, digest } = parseRow(row).metadata.integrity
    const { stream, revision, id, type, version, data, metadata } = row
    if (this.events.length === 0) {
      this.stream = stream
      this.tip = previous === null ? null : { revision: revision - 1, digest: previous }
    }
    this.events.push({ stream, revision, id, type, version, data, metadata, digest })
    this.#sizeBytes += sizeOf(row)
  }
}

/** Our streams' events after a place, in store order, a page at a time. */
async function* rowsOf(log: EventLog, from: From): AsyncGenerator<LogRow, undefined, undefined> {
  for (let place = from; ;) {
    const page = await log.readAll(place, PAGE)
    const last = page.at(-1)
    if (last === undefined) return
    for (const row of page) if (!row.stream.startsWith('$')) yield row
    place = last.position
  }
}

/** All of an event but its position, which is its store's. No two events have the same. */
function textOf({ stream, revision, id, type, version, data, metadata }: LogRow): string {
  return `${JSON.stringify([stream, revision, id, type, version, data, metadata])}\n`
}

function sizeOf({ data, metadata }: LogRow): number {
  return Buffer.byteLength(data) + Buffer.byteLength(metadata)
}

function differs(what: string): EventStoreError {
  return new EventStoreError(
    'TARGET_DIFFERS',
    `The target is no beginning of a copy of this store: ${what}. Choose an empty target, or empty this one if nothing else uses it.`,
  )
}
