import type { RecordedEvent } from '#event-store'
import type { Change, Generation, ReadDocument } from '#read-store'
import type { Projection, ProjectionSession } from '../projections/projection.ts'

/** Documents of a collection kept from batch to batch, so that the next event of a case finds it without a read. */
const CACHED_DOCUMENTS_MAX = 2_000
/** A batch is written when so many documents have changed. */
const CHANGED_DOCUMENTS_MAX = 12_000

interface Entry {
  collection: string
  id: string
  document: ReadDocument | null
  /** The last event folded onto it; empty where there is none. */
  position: string
  changed: boolean
}

/**
 * One projection being written to one generation: events are folded onto documents in memory and written together with
 * the checkpoint. Several events on one document cost one write.
 */
export class ProjectionWriter implements ProjectionSession {
  readonly projection: Projection
  readonly generation: Generation
  #checkpoint: string
  #asOf: string | null = null
  #event: RecordedEvent | null = null
  /** By collection and id. */
  readonly #entries: ReadonlyMap<string, Map<string, Entry>>
  #changes: Entry[] = []
  #written: string
  #retired = false

  constructor(projection: Projection, generation: Generation, checkpoint: string) {
    this.projection = projection
    this.generation = generation
    this.#checkpoint = checkpoint
    this.#written = checkpoint
    this.#entries = new Map(projection.collections.map(({ name }) => [name, new Map<string, Entry>()]))
  }

  /** `start` or the last event seen, written or not. */
  get checkpoint(): string {
    return this.#checkpoint
  }

  /** `start` or the last event that readers can see. */
  get written(): string {
    return this.#written
  }

  /** Whether another generation has taken over from the one that this one writes. */
  get retired(): boolean {
    return this.#retired
  }

  retire(): void {
    this.#retired = true
  }

  /** Folds a page of events; `isCurrent`: and writes at once what has changed. A retired one does nothing. */
  async follow(events: readonly RecordedEvent[], isCurrent: boolean): Promise<void> {
    try {
      if (!this.#retired) await this.#loadExpected(events)
      for (const event of events) {
        if (this.#retired) return
        await this.#handle(event)
      }
      if (isCurrent) await this.flush()
    } catch (error) {
      // Its generation may have been dropped between two of its steps; what it did not write, its successor has.
      if (!this.#retired) throw error
    }
  }

  async #handle(event: RecordedEvent): Promise<void> {
    if (this.#checkpoint !== 'start' && event.position <= this.#checkpoint) return
    if (this.projection.handles.has(event.type)) {
      this.#event = event
      await this.projection.apply(event, this)
    }
    this.#checkpoint = event.position
    this.#asOf = event.metadata.recordedAt
    if (this.#changes.length >= CHANGED_DOCUMENTS_MAX) await this.flush()
  }

  /** Writes what has changed, and how far it has come. */
  async flush(): Promise<void> {
    if (this.#checkpoint === this.#written || this.#asOf === null) return
    const changes: Change[] = this.#changes
      .toSorted((a, b) => this.#rank(a) - this.#rank(b))
      .map(({ collection, id, position, document }) => ({
        collection,
        id,
        position,
        document,
      }))
    await this.generation.write({ changes, checkpoint: this.#checkpoint, asOf: this.#asOf })
    for (const entry of this.#changes) entry.changed = false
    this.#changes = []
    this.#written = this.#checkpoint
    this.#trim()
  }

  async get<Document extends ReadDocument>(collection: string, id: string): Promise<Document | null> {
    const entry = await this.#entry(collection, id)
    return entry.document as Document | null
  }

  async update<Document extends ReadDocument>(
    collection: string,
    id: string,
    change: (document: Document | null) => Document | null,
  ): Promise<void> {
    const entry = await this.#entry(collection, id)
    const position = this.#event!.position
    // The document may come back from an engine without transactions with this event in it already; one event may
    // touch a document more than once, though, and then it is already among the changes of this batch.
    if (entry.position > position || (entry.position === position && !entry.changed)) return
    const next = change(entry.document as Document | null)
    if (next === entry.document) return
    entry.document = next
    entry.position = position
    if (entry.changed) return
    entry.changed = true
    this.#changes.push(entry)
  }

  /** Collections are written in the order in which the projection names them; see there. */
  #rank({ collection }: Entry): number {
    return this.projection.collections.findIndex(({ name }) => name === collection)
  }

  /** What a page of events will ask for, a collection at a time. */
  async #loadExpected(events: readonly RecordedEvent[]): Promise<void> {
    const { handles, expects } = this.projection
    if (!expects) return
    const wanted = new Map<string, Set<string>>()
    for (const event of events) {
      if (!handles.has(event.type)) continue
      for (const [collection, id] of expects(event)) {
        if (this.#of(collection).has(id)) continue
        wanted.set(collection, (wanted.get(collection) ?? new Set()).add(id))
      }
    }
    for (const [collection, ids] of wanted) await this.#load(collection, [...ids])
  }

  /** At most so many as a page has events. */
  async #load(collection: string, ids: readonly string[]): Promise<void> {
    const found = new Map((await this.generation.load(collection, ids)).map((stored) => [stored.id, stored]))
    for (const id of ids) {
      const { document = null, position = '' } = found.get(id) ?? {}
      this.#of(collection).set(id, { collection, id, document, position, changed: false })
    }
  }

  async #entry(collection: string, id: string): Promise<Entry> {
    const entries = this.#of(collection)
    if (!entries.has(id)) await this.#load(collection, [id])
    return entries.get(id)!
  }

  #of(collection: string): Map<string, Entry> {
    const entries = this.#entries.get(collection)
    if (!entries) throw new Error(`${this.projection.name} has no collection ${collection}`)
    return entries
  }

  /** Forgets the documents that were met first; none of them is waiting to be written. */
  #trim(): void {
    for (const entries of this.#entries.values()) {
      let excess = entries.size - CACHED_DOCUMENTS_MAX
      for (const id of entries.keys()) {
        if (excess-- <= 0) break
        entries.delete(id)
      }
    }
  }
}
