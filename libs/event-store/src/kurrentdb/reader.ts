import { BACKWARDS, END, FORWARDS, START, StreamNotFoundError, streamNameFilter } from '@kurrent/kurrentdb-client'
import type { KurrentDBClient } from '@kurrent/kurrentdb-client'
import type { From } from '../envelope.ts'
import type { LogRow, PageLimit } from '../log.ts'
import type { Attempts } from './attempts.ts'
import { placeOf, positionOf } from './position.ts'
import { isOurs, rowOf } from './stored-event.ts'

/** What the server leaves out of reads and subscriptions for us: its own streams. */
export const OUR_STREAMS = '^[^$]'

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
   * As `EventLog.readAll`. The server counts a position in, so that one more is asked for. It leaves out its own streams by
   * our filter; where it does not, we read past them.
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

  /** The newest event of ours. The server looks for it from the end on, past what is its own. */
  head(): Promise<From> {
    return this.#attempts.make('Looking for the newest event', async () => {
      const events = this.#client.readAll({
        direction: BACKWARDS,
        fromPosition: END,
        maxCount: 1,
        filter: streamNameFilter({ regex: OUR_STREAMS }),
        requiresLeader: true,
      })
      for await (const { event } of events) {
        if (event !== undefined && isOurs(event)) return rowOf(event).position
      }
      return 'start'
    })
  }
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
