/**
 * How far a feed has been read. It saves work and spares sites: where it is lost, every entry is delivered once more, and
 * those that are known change nothing. It holds no words of a feed, only HMACs of them.
 */
export type FeedState = {
  /** What it was read from: another address is another document. */
  address: string
  etag: string | null
  lastModified: string | null
  /** In a row. */
  failures: number
  /** Instant. */
  failingSince: string | null
  /** Milliseconds since the epoch. */
  dueAtMs: number
  /** The entries last seen, by what they are known by; the newest first. */
  entries: Record<string, SeenEntry>
}

export type SeenEntry = {
  /** Of its address; null where it has none. */
  link: string | null
  /** Of what it said when it was last delivered. */
  content: string
  deliveredAtMs: number
}

/** Where the state of each feed is kept between polls and processes. */
export interface FeedProgress {
  load(feedId: string): Promise<FeedState | null>
  save(feedId: string, state: FeedState): Promise<void>
}

export function firstState(address: string, dueAtMs: number): FeedState {
  return { address, etag: null, lastModified: null, failures: 0, failingSince: null, dueAtMs, entries: {} }
}
