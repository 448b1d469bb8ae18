import type { From, Position } from './envelope.ts'

/** An event fully formed: sealed, chained, as text. `data` and `metadata` are JCS and are stored byte for byte. */
export interface LogEvent {
  stream: string
  revision: number
  id: string
  type: string
  version: number
  data: string
  metadata: string
}

export interface NewLogEvent extends LogEvent {
  /** As in `metadata`: what the next event of the stream names as the one before it. */
  digest: string
}

export interface LogRow extends LogEvent {
  position: Position
}

/** The last event of a stream, as an append expects to find it; null where the stream must not exist. */
export type Tip = { revision: number; digest: string } | null

export type LogAppendResult =
  | { status: 'appended'; positions: Position[] }
  /** All of them, in this order, are in this stream already: the append is a retry, and these are its rows. */
  | { status: 'repeated'; rows: LogRow[] }
  | { status: 'conflict' }

/** The end of a page: at most so many rows, and no further row once so many bytes were read. */
export interface PageLimit {
  rows: number
  sizeBytes: number
}

/** How far a scan by stream has come. */
export interface StreamPlace {
  stream: string
  revision: number
}

/**
 * What an engine must do. It knows order, revisions and ids, and nothing of what events mean. Rows are as they were
 * stored; who reads them checks them.
 */
export interface EventLog {
  /**
   * Adds events, whose revisions follow `tip`, to one stream, all or none; durable when it returns. Throws
   * `EVENT_ID_USED` where some of the ids, or all in another order or stream, are taken.
   */
  append(stream: string, tip: Tip, events: readonly NewLogEvent[]): Promise<LogAppendResult>
  /** A page of one stream from a revision, inclusive. One that ends below both of its limits is the last. */
  readStream(stream: string, fromRevision: number, limit: PageLimit): Promise<LogRow[]>
  /** A page of everything after a position, in store order. Empty at the end. */
  readAll(from: From, limit: PageLimit): Promise<LogRow[]>
  /** A page of our streams' events after a place, by stream, then revision. Empty at the end. */
  readByStream(after: StreamPlace | null, limit: PageLimit): Promise<LogRow[]>
  /** The position of the newest event. */
  head(): Promise<From>
  /** Calls back after events were added, by this log or as told through `wake`. Returns how to stop. */
  onAppended(listener: () => void): () => void
  /** Tells a log that reads beside its writer that there may be more to read. */
  wake(): void
  close(): Promise<void>
}
