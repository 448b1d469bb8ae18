import type { Batch, Change, Generation, ReadDocument, StoredDocument } from '#read-store'

/**
 * A generation of documents in memory that, like an engine without transactions, may lose the rest of a batch: what a
 * crash leaves is the first `crashAfter` changes and no checkpoint.
 */
export class MemoryGeneration implements Generation {
  readonly projection = 'casework'
  readonly number = 1
  readonly version = 1
  crashAfter: number | null = null
  readonly #documents = new Map<string, StoredDocument & { collection: string }>()
  #checkpoint = 'start'

  async status(): Promise<'active'> {
    return 'active'
  }

  async checkpoint(): Promise<string> {
    return this.#checkpoint
  }

  async load(collection: string, ids: readonly string[]): Promise<StoredDocument[]> {
    return ids.flatMap((id) => this.#documents.get(`${collection} ${id}`) ?? [])
  }

  async write({ changes, checkpoint }: Batch): Promise<void> {
    for (const [index, change] of changes.entries()) {
      if (this.crashAfter === index) throw new Error('crashed')
      this.#put(change)
    }
    if (this.crashAfter !== null) throw new Error('crashed')
    this.#checkpoint = checkpoint
  }

  async switchOver(): Promise<void> {}
  async discard(): Promise<void> {}
  async scan(): Promise<StoredDocument[]> {
    return []
  }

  /** Every document, by collection and id. */
  all(): Record<string, ReadDocument | null> {
    return Object.fromEntries([...this.#documents].map(([key, { document }]) => [key, document]))
  }

  of<Document>(collection: string): Document[] {
    return [...this.#documents.values()].flatMap((stored) =>
      stored.collection === collection && stored.document ? [stored.document as Document] : [],
    )
  }

  #put({ collection, id, position, document }: Change): void {
    const key = `${collection} ${id}`
    const before = this.#documents.get(key)
    if (before && before.position >= position) return
    // As a store would: what was written does not change when the writer's copy does.
    this.#documents.set(key, { collection, id, position, document: structuredClone(document) })
  }
}
