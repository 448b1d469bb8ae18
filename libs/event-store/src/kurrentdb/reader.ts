import { BACKWARDS, END, FORWARDS, START, StreamNotFoundError, streamNameFilter } from '@kurrent/kurrentdb-client'
import type { KurrentDBClient, Position as LogPosition } from '@kurrent/kurrentdb-client'
import type { From } from '../envelope.ts'
import type { LogRow, PageLimit } from '../log.ts'
import type { Attempts } from './attempts.ts'
import { placeOf, positionOf } from './position.ts'
import { isOurs, rowOf } from './stored-event.ts'

/** What the server leaves out of reads and subscriptions for us: its own streams. */
export const OUR_STREAMS = '^[^$]'
const LINKS_AT_ONCE = 100

/** Reads from the leader alone: another node may not have what was just written, or what a subscription just told of. */
export class Reader {
  readonly #client: KurrentDBClient
  readonly #attempts: Attempts

  constructor(client: KurrentDBClient, attempts: Attempts) {
    this.#client = client
    this.#attempts = attempts
  }

  /** As `EventLog.readStream`; a stream that does not exist has no rows. */
  readStream(stream: string, fromRevision: number, { rows, sizeBytes }: PageLimit): Promise<LogRow[]> {
    return this.#attempts.make(`Reading ${stream}`, async () => {
      const page = new Page({ rows, sizeBytes })
      const events = this.#client.readStream(stream, {
        direction: FORWARDS,
        fromRevision: BigInt(fromRevision),
        maxCount: rows,
        requiresLeader: true,
      })
      try {
        for await (const { event } of events) {
          if (event !== undefined && !page.add(rowOf(event))) break
        }
      } catch (error) {
        if (error instanceof StreamNotFoundError) return []
        throw error
      }
      return page.rows
    })
  }

  /**
   * As `EventLog.readAll`. Forwards the server counts a position in, so that one more is asked for. It leaves out its own
   * streams by our filter; links of its projections may stand in others, and are read past here.
   */
  async readAll(from: From, limit: PageLimit): Promise<LogRow[]> {
    let place = from
    for (;;) {
      const begin = place
      const { page, last, seen, asked } = await this.#attempts.make('Reading all events', () =>
        this.#slice(begin, limit),
      )
      if (page.rows.length > 0 || seen < asked || last === null) return page.rows
      place = last
    }
  }

  async #slice(from: From, limit: PageLimit): Promise<{ page: Page; last: From | null; seen: number; asked: number }> {
    const page = new Page(limit)
    const asked = limit.rows + (from === 'start' ? 0 : 1)
    let last: From | null = null
    let seen = 0
    const events = this.#client.readAll({
      direction: FORWARDS,
      fromPosition: from === 'start' ? START : placeOf(from),
      maxCount: asked,
      filter: streamNameFilter({ regex: OUR_STREAMS }),
      requiresLeader: true,
    })
    for await (const { event } of events) {
      seen += 1
      const position = event === undefined ? null : positionOf(event.position)
      if (event === undefined || position === null || (from !== 'start' && position <= from)) continue
      last = position
      if (isOurs(event) && !page.add(rowOf(event))) break
    }
    return { page, last, seen, asked }
  }

  /**
   * The newest event of ours. The server looks for it from the end on, past its own streams; links of its projections may
   * stand in others, and are looked past here.
   */
  async head(): Promise<From> {
    let place: LogPosition | typeof END = END
    for (let count = 1; ; count = LINKS_AT_ONCE) {
      const begin: LogPosition | typeof END = place
      const { newest, last, seen }: LookedBack = await this.#attempts.make('Looking for the newest event', () =>
        this.#lookBack(begin, count),
      )
      if (newest !== null) return newest
      if (last === null || seen < count) return 'start'
      place = last
    }
  }

  /** Backwards the server counts a position out. */
  async #lookBack(fromPosition: LogPosition | typeof END, maxCount: number): Promise<LookedBack> {
    let last: LogPosition | null = null
    let seen = 0
    const events = this.#client.readAll({
      direction: BACKWARDS,
      fromPosition,
      maxCount,
      filter: streamNameFilter({ regex: OUR_STREAMS }),
      requiresLeader: true,
    })
    for await (const { event } of events) {
      seen += 1
      if (event === undefined) continue
      if (isOurs(event)) return { newest: rowOf(event).position, last, seen }
      last = event.position
    }
    return { newest: null, last, seen }
  }
}

interface LookedBack {
  newest: From | null
  last: LogPosition | null
  seen: number
}

class Page {
  readonly rows: LogRow[] = []
  readonly #limit: PageLimit
  #sizeBytes = 0

  constructor(limit: PageLimit) {
    this.#limit = limit
  }

  /** Whether there is room for more. */
  add(row: LogRow): boolean {
    this.rows.push(row)
    this.#sizeBytes += row.data.length + row.metadata.length
    return this.rows.length < this.#limit.rows && this.#sizeBytes < this.#limit.sizeBytes
  }
}
