import type { FeedProgress, FeedState } from '#application'
import type { From } from '#event-store'
import type { Generation, ReadDocument, ReadStoreWriter } from '#read-store'

const FEEDS = 'feed-progress'

export interface FeedProgressParts {
  writer: ReadStoreWriter
  /** The newest event there is. */
  head: () => Promise<From>
  /** The present instant. */
  now: () => string
}

/** How far each feed has been read, beside the checkpoint of the policies: what may be lost, and is then done again. */
export async function storedFeedProgress({ writer, head, now }: FeedProgressParts): Promise<FeedProgress> {
  const generation = await writer.prepare(FEEDS, 1, [
    { name: FEEDS, projection: FEEDS, fields: { visibleTo: 'set' }, lists: [] },
  ])
  await generation.switchOver()
  return new StoredFeedProgress(generation, head, now)
}

type FeedDocument = ReadDocument & { id: string; state: FeedState; head: From }

class StoredFeedProgress implements FeedProgress {
  readonly #generation: Generation
  readonly #head: () => Promise<From>
  readonly #now: () => string

  constructor(generation: Generation, head: () => Promise<From>, now: () => string) {
    this.#generation = generation
    this.#head = head
    this.#now = now
  }

  async load(feedId: string): Promise<FeedState | null> {
    const [stored] = await this.#generation.load(FEEDS, [feedId])
    const document = stored?.document as FeedDocument | null | undefined
    if (document == null) return null
    // Of a store that was set back, items may be gone that this says were delivered.
    const head = await this.#head()
    const isAhead = document.head !== 'start' && (head === 'start' || document.head > head)
    return isAhead ? null : document.state
  }

  /** Counts its writes itself: looking at a feed that has not changed writes no event whose position could count them. */
  async save(feedId: string, state: FeedState): Promise<void> {
    const [stored] = await this.#generation.load(FEEDS, [feedId])
    const position = String(Number(stored?.position ?? 0) + 1).padStart(16, '0')
    const document: FeedDocument = { id: feedId, state, head: await this.#head(), visibleTo: [] }
    await this.#generation.write({
      changes: [{ collection: FEEDS, id: feedId, position, document }],
      checkpoint: position,
      asOf: this.#now(),
    })
  }
}
