import { NO_STREAM, WrongExpectedVersionError } from '@kurrent/kurrentdb-client'
import type { AppendStreamState, KurrentDBClient } from '@kurrent/kurrentdb-client'
import type { Position } from '../envelope.ts'
import { EventStoreError } from '../errors.ts'
import type { LogAppendResult, LogRow, NewLogEvent, Tip } from '../log.ts'
import type { Attempts } from './attempts.ts'
import { positionOf } from './position.ts'
import type { Reader } from './reader.ts'
import { eventDataOf } from './stored-event.ts'
import { isAt } from './stream-memory.ts'
import type { KnownStream, StreamMemory } from './stream-memory.ts'

export interface WriterParts {
  client: KurrentDBClient
  reader: Reader
  memory: StreamMemory
  attempts: Attempts
}

/** Events read at once to learn what a stream holds. */
const PAGE = { rows: 1_000, sizeBytes: 8 * 1024 * 1024 }

/**
 * Appends to one stream at a time. The server knows revisions and keeps them exactly; digests and our ids are checked here,
 * against what is known of the stream up to the revision that the append must find.
 */
export class Writer {
  readonly #parts: WriterParts
  /** Whether the position that an append answers was seen to be that of its event. */
  #isAnswerTrusted = false

  constructor(parts: WriterParts) {
    this.#parts = parts
  }

  async append(stream: string, tip: Tip, events: readonly NewLogEvent[]): Promise<LogAppendResult> {
    const { memory } = this.#parts
    let known = memory.find(stream)
    if (tip !== null && (known === undefined || known.revision < tip.revision)) known = await this.#catchUp(stream)
    // A server may have been restored from a backup: before anybody is refused for what is in mind, it is read again.
    if (!isAt(known, tip) || hasSome(known, events)) {
      known = await this.#readAgain(stream)
      if (!isAt(known, tip) || hasSome(known, events)) return this.#repeatOrConflict(stream, known, events)
    }
    const written = await this.#write(stream, tip, events)
    if (written === null) return this.#repeatOrConflict(stream, await this.#readAgain(stream), events)
    memory.note(stream, events)
    return { status: 'appended', positions: written }
  }

  /** The positions, or null where the stream stands at another revision. */
  async #write(stream: string, tip: Tip, events: readonly NewLogEvent[]): Promise<Position[] | null> {
    const { client, attempts } = this.#parts
    const proposed = events.map(eventDataOf)
    const streamState: AppendStreamState = tip === null ? NO_STREAM : BigInt(tip.revision)
    const answer = await attempts.make(`Appending to ${stream}`, async ({ durationMs, number }) => {
      try {
        const deadline = Math.ceil(durationMs)
        const result = await client.appendToStream(stream, proposed, { streamState, requiresLeader: true, deadline })
        if (!result.success) return null
        return { position: result.position === undefined ? null : positionOf(result.position), isFirst: number === 1 }
      } catch (error) {
        if (error instanceof WrongExpectedVersionError) return null
        throw error
      }
    })
    if (answer === null) return null
    // The server answers with one place alone, and what it says of an append repeated is not written down anywhere.
    if (this.#isAnswerTrusted && answer.isFirst && answer.position !== null && events.length === 1)
      return [answer.position]
    const positions = (await this.#readBack(stream, events)).map(({ position }) => position)
    this.#isAnswerTrusted ||= answer.isFirst && events.length === 1 && positions[0] === answer.position
    return positions
  }

  async #readBack(stream: string, events: readonly NewLogEvent[]): Promise<LogRow[]> {
    const rows = await this.#rows(stream, events[0]!.revision, events.length)
    if (rows.length === events.length && rows.every(({ id }, index) => id === events[index]!.id)) return rows
    throw new EventStoreError(
      'STORE_FAILED',
      `${stream} does not hold what the server said it had written; check the server's log, then run \`huiying verify\`.`,
    )
  }

  /** Why an append was refused: its ids are in the stream already, in this order; or somebody else was faster. */
  async #repeatOrConflict(
    stream: string,
    known: KnownStream | undefined,
    events: readonly NewLogEvent[],
  ): Promise<LogAppendResult> {
    const places = events.map(({ id }) => known?.revisions.get(id))
    if (places.every((place) => place === undefined)) return { status: 'conflict' }
    const first = places[0]
    if (first !== undefined && places.every((place, index) => place === first + index)) {
      return { status: 'repeated', rows: await this.#rows(stream, first, events.length) }
    }
    const message = `An append to ${stream} uses ids of other events; a retry sends the same events in the same order.`
    throw new EventStoreError('EVENT_ID_USED', message)
  }

  #readAgain(stream: string): Promise<KnownStream | undefined> {
    this.#parts.memory.forget(stream)
    return this.#catchUp(stream)
  }

  /** Reads what came to the stream since it was last read. */
  async #catchUp(stream: string): Promise<KnownStream | undefined> {
    const { reader, memory } = this.#parts
    for (;;) {
      const from = (memory.find(stream)?.revision ?? -1) + 1
      const rows = await reader.readStream(stream, from, PAGE)
      if (rows.length === 0) return memory.find(stream)
      memory.note(stream, rows)
      // What cannot be joined to the rest has a gap before it: what is known ends there.
      if ((memory.find(stream)?.revision ?? -1) < from) return memory.find(stream)
    }
  }

  async #rows(stream: string, fromRevision: number, count: number): Promise<LogRow[]> {
    const rows: LogRow[] = []
    while (rows.length < count) {
      const page = await this.#parts.reader.readStream(stream, fromRevision + rows.length, {
        ...PAGE,
        rows: count - rows.length,
      })
      if (page.length === 0) return rows
      rows.push(...page)
    }
    return rows
  }
}

function hasSome(known: KnownStream | undefined, events: readonly NewLogEvent[]): boolean {
  return known !== undefined && events.some(({ id }) => known.revisions.has(id))
}
