import { BACKWARDS, END, FORWARDS, START, StreamNotFoundError, streamNameFilter } from '@kurrent/kurrentdb-client'
import type { KurrentDBClient, Position as LogPosition } from '@kurrent/kurrentdb-client'
import type { From } from '../envelope.ts'
import type { LogRow, PageLimit } from '../log.ts'
import type { Attempts } from './attempts.ts'
import { AnswerCutShort } from './failures.ts'
import { placeOf, positionOf } from './position.ts'
import { isOurs, rowOf } from './stored-event.ts'

/** What the server leaves out of reads and subscriptions for us: its own streams. */
export const OUR_STREAMS = '^[^$]'
const LINKS_AT_ONCE = 100

/**
 * Reads from the leader alone: another node may not have what was just written, or what a subscription just told of. And
 * takes nothing for the end that was not seen to be: a read may be cut short without a word (see `AnswerCutShort`), so
 * that a page that ends early is held against the newest event, which a read from the end must find.
 */
export class Reader {
  readonly #client: KurrentDBClient
  readonly #attempts: Attempts

  constructor(client: KurrentDBClient, attempts: Attempts) {
    this.#client = client
    this.#attempts = attempts
  }

  /** As `EventLog.readStream`; a stream that does not exist has no rows. */
  readStream(stream: string, fromRevision: number, limit: PageLimit): Promise<LogRow[]> {
    return this.#attempts.make(`Reading ${stream}`, async () => {
      const page = new Page(limit)
      const next = (): number => (page.rows.at(-1)?.revision ?? fromRevision - 1) + 1
      if (!(await this.#addStream(page, stream, fromRevision))) return []
      while (!page.isFull && next() <= (await this.#lastRevision(stream))) {
        const begin = next()
        await this.#addStream(page, stream, begin)
        if (next() === begin) throw new AnswerCutShort()
      }
      return page.rows
    })
  }

  /** False where the server says that there is no such stream. */
  async #addStream(page: Page, stream: string, fromRevision: number): Promise<boolean> {
    const events = this.#client.readStream(stream, {
      direction: FORWARDS,
      fromRevision: BigInt(fromRevision),
      maxCount: page.room,
      requiresLeader: true,
    })
    try {
      for await (const { event } of events) {
        if (event !== undefined) page.add(rowOf(event))
        if (page.isFull) break
      }
      return true
    } catch (error) {
      if (error instanceof StreamNotFoundError) return false
      throw error
    }
  }

  async #lastRevision(stream: string): Promise<number> {
    const options = { direction: BACKWARDS, fromRevision: END, maxCount: 1, requiresLeader: true } as const
    for await (const { event } of this.#client.readStream(stream, options)) {
      if (event !== undefined) return Number(event.revision)
    }
    throw new AnswerCutShort()
  }

  /**
   * As `EventLog.readAll`. Forwards the server counts a position in, so that one more is asked for. It leaves out its own
   * streams by our filter; links of its projections may stand in others, and are read past here.
   */
  readAll(from: From, limit: PageLimit): Promise<LogRow[]> {
    return this.#attempts.make('Reading all events', async () => {
      let place = from
      for (let hadNothing = false; ;) {
        const { page, last } = await this.#slice(place, limit)
        if (page.rows.length > 0) return page.rows
        if (last !== null) {
          place = last
          continue
        }
        const newest = await this.#lookBack(END, 1)
        const isEnd = newest.last === null ? place === 'start' : place !== 'start' && newest.last <= place
        if (isEnd) return []
        // What came in between is found at the second look.
        if (hadNothing) throw new AnswerCutShort()
        hadNothing = true
      }
    })
  }

  /** `last` is the place of the last event after `from`, ours or not; null where there was none. */
  async #slice(from: From, limit: PageLimit): Promise<Slice> {
    const page = new Page(limit)
    let last: From | null = null
    const events = this.#client.readAll({
      direction: FORWARDS,
      fromPosition: from === 'start' ? START : placeOf(from),
      maxCount: limit.rows + (from === 'start' ? 0 : 1),
      filter: streamNameFilter({ regex: OUR_STREAMS }),
      requiresLeader: true,
    })
    for await (const { event } of events) {
      const position = event === undefined ? null : positionOf(event.position)
      if (event === undefined || position === null || (from !== 'start' && position <= from)) continue
      last = position
      if (isOurs(event)) page.add(rowOf(event))
      if (page.isFull) break
    }
    return { page, last }
  }

  /**
   * The newest event of ours. The server looks for it from the end on, past its own streams; links of its projections may
   * stand in others, and are looked past here.
   */
  head(): Promise<From> {
    return this.#attempts.make('Looking for the newest event', async () => {
      let place: From = 'start'
      for (let count = 1; ; count = LINKS_AT_ONCE) {
        const { ours, last }: LookedBack = await this.#lookBack(place === 'start' ? END : placeOf(place), count)
        if (ours !== null) return ours
        if (last === null) return this.#seenToBeEmpty()
        place = last
      }
    })
  }

  async #seenToBeEmpty(): Promise<'start'> {
    for (let place: From = 'start'; ;) {
      const { page, last }: Slice = await this.#slice(place, { rows: LINKS_AT_ONCE, sizeBytes: 1 })
      if (page.rows.length > 0) throw new AnswerCutShort()
      if (last === null) return 'start'
      place = last
    }
  }

  /** Backwards, where the server counts a position out; `last` is the place of the last event seen, ours or not. */
  async #lookBack(fromPosition: LogPosition | typeof END, maxCount: number): Promise<LookedBack> {
    let last: From | null = null
    const events = this.#client.readAll({
      direction: BACKWARDS,
      fromPosition,
      maxCount,
      filter: streamNameFilter({ regex: OUR_STREAMS }),
      requiresLeader: true,
    })
    for await (const { event } of events) {
      if (event === undefined) continue
      last = positionOf(event.position)
      if (isOurs(event)) return { ours: last, last }
    }
    return { ours: null, last }
  }
}

interface Slice {
  page: Page
  last: From | null
}

interface LookedBack {
  ours: From | null
  last: From | null
}

/** Rows until there is no room. */
class Page {
  readonly rows: LogRow[] = []
  readonly #limit: PageLimit
  #sizeBytes = 0

  constructor(limit: PageLimit) {
    this.#limit = limit
  }

  get room(): number {
    return this.#limit.rows - this.rows.length
  }

  get isFull(): boolean {
    return this.room <= 0 || this.#sizeBytes >= this.#limit.sizeBytes
  }

  add(row: LogRow): void {
    this.rows.push(row)
    this.#sizeBytes += row.data.length + row.metadata.length
  }
}
