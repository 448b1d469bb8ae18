/** What a broker must do, and no more. Every adapter passes `test/contracts/messaging.contract.ts`. */

/** Of a message with its headers; a broker's own limit is above it. */
export const MESSAGE_BYTES_MAX = 900 * 1024
/** Messages of one `publish`. */
export const PUBLISH_MESSAGES_MAX = 1_000
/** Messages given to a handler at once, at most; and where nothing is said. */
export const BATCH_MESSAGES_MAX = 1_000
export const DEFAULT_BATCH_MESSAGES = 200

export interface OutgoingMessage {
  /** Messages of one key keep their order. Not empty. */
  key: string
  value: Uint8Array
  /** Text, sent as UTF-8. Of one that somebody else gave several times, the last counts; bytes that are no UTF-8 are replaced. */
  headers: Readonly<Record<string, string>>
}

export interface IncomingMessage extends OutgoingMessage {
  topic: string
  partition: number
  /** Decimal digits; counts within the partition. */
  offset: string
  /** When the broker took it or its sender sent it: milliseconds since the epoch. */
  sentAtMs: number
}

export interface TopicDefinition {
  name: string
  partitions: number
  /** At most as many as there are brokers. */
  replicas: number
  /** How long messages are kept; null: for ever. */
  retentionMs: number | null
}

/**
 * Handles messages of one partition, in their order. When it resolves, everything that was to be done about them is durable,
 * and they never come again; when it rejects, or the process dies before, they come again, to whoever has the partition
 * then. `signal` aborts where the partition is somebody else's by now or the consumer is to stop; a handler that it tells
 * must come to an end, since nobody is given the partition in this process before.
 */
export type MessageHandler = (messages: readonly IncomingMessage[], signal: AbortSignal) => Promise<void>

export interface ConsumeOptions {
  topic: string
  /** Those of one group share the partitions; each group sees every message. */
  group: string
  handle: MessageHandler
  /** 1 to 1,000; 200 where nothing is said. Nothing further of a partition is held beside the messages in hand. */
  batchMax?: number
  /** A handler that rejected, or a broker that is away; it is tried again, later each time, for as long as it is not stopped. Must not throw. */
  onFailure: (error: unknown) => void
}

export interface Consumption {
  /** What is waiting in the topic for this group, over all partitions; null where the broker cannot be asked at the moment. */
  lag(): Promise<number | null>
  /** Whether the group counts on this consumer at the moment. */
  readonly joined: boolean
  /** Finishes what is in hand, commits it, hands its partitions back. */
  stop(): Promise<void>
}

export interface Messaging {
  /** Makes those that are missing; leaves others as they are. Waits a minute for a broker that is away, then `BROKER_AWAY`. */
  ensureTopics(topics: readonly TopicDefinition[]): Promise<void>
  /**
   * At most 1,000; when it resolves, all of them are durable. Where it rejects, some may be; whoever sends them again sends
   * them twice, in their order. Waits for a broker that is away, for as long as `signal` lets it.
   */
  publish(topic: string, messages: readonly OutgoingMessage[], signal?: AbortSignal): Promise<void>
  /** From the oldest message that its group has not handled. Resolves at once; `joined` says when it has its place. */
  consume(options: ConsumeOptions): Promise<Consumption>
  /** Stops what consumes; what waits to be published is given some seconds, then rejected with `CLOSED`. */
  close(): Promise<void>
}
