import type { From } from '../envelope.ts'
import type { LogRow, PageLimit, StreamPlace } from '../log.ts'
import type { Reader } from './reader.ts'
import { StreamIndex } from './stream-index.ts'
import { Turns } from './turns.ts'

const NAMES_PAGE = { rows: 1_000, sizeBytes: 8 * 1024 * 1024 }
/** Streams that are read at once; their events are held until the page is full. */
const STREAMS_AT_ONCE = 8
/** What one of them may hold of it at most, and is read on from later. */
const STREAM_BYTES_MAX = 1024 * 1024

const PAGES = 'pages'

/** Everything by stream, which the server has no order for: first all names are gathered, then stream after stream is read. */
export class Scan {
  readonly #reader: Reader
  readonly #turns = new Turns(1)
  #index: StreamIndex | null = null

  constructor(reader: Reader) {
    this.#reader = reader
  }

  /** As `EventLog.readByStream`. Names are gathered where a scan begins and forgotten where it ends. */
  page(after: StreamPlace | null, limit: PageLimit): Promise<LogRow[]> {
    return this.#turns.take(PAGES, () => this.#page(after, limit))
  }

  close(): Promise<void> {
    return this.#turns.take(PAGES, async () => this.#forget())
  }

  async #page(after: StreamPlace | null, limit: PageLimit): Promise<LogRow[]> {
    if (after === null) this.#forget()
    this.#index ??= await this.#gather()
    const rows: LogRow[] = []
    let sizeBytes = 0
    const isFull = (): boolean => rows.length >= limit.rows || sizeBytes >= limit.sizeBytes
    const take = (found: readonly LogRow[]): void => {
      for (const row of found) {
        if (isFull()) return
        rows.push(row)
        sizeBytes += row.data.length + row.metadata.length
      }
    }
    let name = ''
    if (after !== null) {
      name = after.stream
      await this.#readOn(name, after.revision + 1, limit, take, isFull)
    }
    while (!isFull()) {
      const names: string[] = this.#index.after(name, STREAMS_AT_ONCE)
      if (names.length === 0) break
      const begun = await Promise.all(names.map((one) => this.#begin(one, limit)))
      for (const [index, { found, isWhole }] of begun.entries()) {
        if (isFull()) break
        name = names[index]!
        take(found)
        if (!isWhole) await this.#readOn(name, found.at(-1)!.revision + 1, limit, take, isFull)
      }
    }
    if (rows.length === 0) this.#forget()
    return rows
  }

  #forget(): void {
    this.#index?.remove()
    this.#index = null
  }

  async #gather(): Promise<StreamIndex> {
    const index = new StreamIndex()
    try {
      let place: From = 'start'
      for (;;) {
        const rows: LogRow[] = await this.#reader.readAll(place, NAMES_PAGE)
        const last = rows.at(-1)
        if (last === undefined) return index
        index.add(new Set(rows.map(({ stream }) => stream)))
        place = last.position
      }
    } catch (error) {
      index.remove()
      throw error
    }
  }

  async #begin(stream: string, { rows }: PageLimit): Promise<{ found: LogRow[]; isWhole: boolean }> {
    const found = await this.#reader.readStream(stream, 0, { rows, sizeBytes: STREAM_BYTES_MAX })
    const bytes = found.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0)
    return { found, isWhole: found.length < rows && bytes < STREAM_BYTES_MAX }
  }

  async #readOn(
    stream: string,
    fromRevision: number,
    limit: PageLimit,
    take: (rows: readonly LogRow[]) => void,
    isFull: () => boolean,
  ): Promise<void> {
    for (let revision = fromRevision; !isFull();) {
      const found = await this.#reader.readStream(stream, revision, limit)
      if (found.length === 0) return
      take(found)
      revision = found.at(-1)!.revision + 1
    }
  }
}
