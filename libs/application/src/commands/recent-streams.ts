import type { EventStore, StreamSlice } from '#event-store'
import type { Aggregate } from './aggregate.ts'

/** Over all streams kept. */
const EVENTS_MAX = 10_000
/** What was opened is forgotten so soon after, because its key may have been destroyed meanwhile (DESIGN §6). */
const AGE_MS_MAX = 60_000

/** A stream as it was read, and its state. */
export interface ReadStream {
  slice: StreamSlice
  state: unknown
  /** When the first of it was read. */
  readAtMs: number
}

/**
 * Streams that commands were lately given to. Each is read on from where it was left: what is decided on is always the
 * whole stream, and what was opened and folded once is not opened and folded again.
 */
export class RecentStreams {
  readonly #store: EventStore
  readonly #nowMs: () => number
  readonly #streams = new Map<string, ReadStream>()
  #events = 0

  /** `nowMs`: milliseconds that never run backwards. */
  constructor(store: EventStore, nowMs: () => number = () => performance.now()) {
    this.#store = store
    this.#nowMs = nowMs
  }

  async read(aggregate: Aggregate, stream: string): Promise<ReadStream> {
    const known = this.#fresh(stream)
    const slice = await this.#store.readStream(stream, known?.slice)
    return slice === known?.slice ? known : this.#keep(aggregate, stream, slice, known)
  }

  /** `slice`: what was appended to a stream, and its version since. */
  add(aggregate: Aggregate, stream: string, to: ReadStream, { events, version, position }: StreamSlice): void {
    this.#keep(aggregate, stream, { events: [...to.slice.events, ...events], version, position }, to)
  }

  #fresh(stream: string): ReadStream | null {
    const known = this.#streams.get(stream)
    return known !== undefined && this.#nowMs() - known.readAtMs < AGE_MS_MAX ? known : null
  }

  #keep(aggregate: Aggregate, stream: string, slice: StreamSlice, before: ReadStream | null): ReadStream {
    const state = slice.events
      .slice(before?.slice.events.length ?? 0)
      .reduce<unknown>((state, event) => aggregate.evolve(state, event), before?.state ?? aggregate.initial)
    const read = { slice, state, readAtMs: before?.readAtMs ?? this.#nowMs() }
    this.#forget(stream)
    if (slice.events.length === 0) return read
    this.#streams.set(stream, read)
    this.#events += slice.events.length
    if (this.#events > EVENTS_MAX) this.#makeRoom()
    return read
  }

  /** More than is needed at once: to find its first key, a map looks through all that was deleted before it. */
  #makeRoom(): void {
    for (const oldest of this.#streams.keys()) {
      if (this.#events <= EVENTS_MAX * 0.75) break
      this.#forget(oldest)
    }
  }

  #forget(stream: string): void {
    this.#events -= this.#streams.get(stream)?.slice.events.length ?? 0
    this.#streams.delete(stream)
  }
}
