import type {
  ExpectedVersion,
  From,
  Json,
  NewEvent,
  Position,
  RecordedEvent,
  StoredEvent,
  StreamVersion,
} from './envelope.ts'

export const APPEND_EVENTS_MAX = 100
export const APPEND_BYTES_MAX = 512 * 1024
export const STREAM_EVENTS_MAX = 5_000

export type AppendResult =
  | { status: 'appended'; version: StreamVersion; position: Position; events: RecordedEvent[] }
  | { status: 'conflict'; stream: string }

export interface StreamSlice {
  events: RecordedEvent[]
  /** What an append that builds on this read must name. `no-stream` where there is nothing. */
  version: ExpectedVersion
  /** The store's position of the last event read, null where there is none. */
  position: Position | null
}

export type SubscriptionMessage =
  | { kind: 'events'; events: RecordedEvent[] }
  /** Everything up to here has been delivered or was not selected. Sent after each page where there is a `select`. */
  | { kind: 'passed'; position: Position }
  /** Everything that was stored when the subscription began has been delivered. Sent once per subscription. */
  | { kind: 'caught-up'; position: From }

/** Which events are wanted; others are neither opened, checked nor delivered. */
export type Selection = (event: Pick<StoredEvent, 'id' | 'type' | 'stream'>) => boolean

export interface ReadAllOptions {
  /** Events a page; at most 1,000. */
  pageSize?: number
  /** Stop after this position, inclusive. */
  until?: Position
  signal?: AbortSignal
  select?: Selection
}

export interface SubscribeOptions {
  pageSize?: number
  signal?: AbortSignal
  select?: Selection
}

/** The store as the application sees it: open events in, open events out. */
export interface EventStore {
  /** One stream, at most 100 events and 512 KiB. Durable when it returns. */
  append(stream: string, version: ExpectedVersion, events: readonly NewEvent[]): Promise<AppendResult>
  /** A whole stream in order. `known`: what an earlier call gave; only what came since is read and opened. */
  readStream(stream: string, known?: StreamSlice): Promise<StreamSlice>
  /** A whole stream in order, as `readStored` gives its events. Needs no keys. */
  readStreamStored(stream: string): Promise<StoredEvent[]>
  /** Every event of ours after `from`, in store order, in pages. */
  readAll(from: From, options?: ReadAllOptions): AsyncIterable<RecordedEvent[]>
  /**
   * As `readAll`, as stored: sealed, in the version that was written, checked against the stored form of its schema.
   * Needs no keys.
   */
  readStored(from: From, options?: ReadAllOptions): AsyncIterable<StoredEvent[]>
  /** As `readAll`, then live, without gap or repeat at the hand-over; ends when its signal aborts. A slow reader holds back only itself. */
  subscribe(from: From, options?: SubscribeOptions): AsyncIterable<SubscriptionMessage>
  /** As `subscribe`, as stored. Needs no keys. */
  subscribeStored(from: From, options?: SubscribeOptions): AsyncIterable<SubscriptionMessage>
  /**
   * Makes HMAC-SHA-256, hex, over the JCS of a value under the stream's key; a stream that does not exist yet is given
   * its key here. Null where that key was destroyed. `isNew` saves looking for events where there are known to be none.
   */
  fingerprinter(stream: string, isNew?: boolean): Promise<((value: Json) => string) | null>
  /**
   * Destroys every key that the stream's events name, for good: what they sealed reads as `ERASED` from then on, the chain
   * stays as it is. Done twice changes nothing. Other processes forget the key within `KEY_CACHE_AGE_MS_MAX`.
   */
  eraseStream(stream: string): Promise<void>
  /** The position of the newest event. */
  head(): Promise<From>
  close(): Promise<void>
}
