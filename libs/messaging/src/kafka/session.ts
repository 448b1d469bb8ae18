import type { Consumer, EachBatchPayload, KafkaConfig, PartitionAssigner } from 'kafkajs'
import { MessagingError } from '../errors.ts'
import type { Pauses } from '../options.ts'
import { pause, settledWithin } from '../pause.ts'
import type { ConsumeOptions, IncomingMessage } from '../port.ts'
import { LIBRARY_RETRY } from './connect.ts'
import { rootOf, translate } from './failures.ts'
import { Hand } from './hand.ts'
import { fromKafka } from './messages.ts'
import { loadKafkajs } from './load.ts'

/** How long the fetch loop waits for what it gave before it goes on without that partition. */
const HOLD_MS = 500
/** How long a broker holds a fetch that finds nothing. */
const FETCH_WAIT_MS = 500
/** Of one partition and of all that one fetch gives; a single larger message comes all the same. */
const PARTITION_BYTES_MAX = 1024 * 1024
const FETCH_BYTES_MAX = 10 * 1024 * 1024
/** Partitions handled at once by one consumer; more wait for each other within a fetch. */
const PARTITIONS_AT_ONCE = 64
const DISCONNECT_MS = 10_000

export interface SessionParts {
  config: KafkaConfig
  options: ConsumeOptions
  batchMax: number
  pauses: Pauses
  sessionTimeoutMs: number
  /** What is in hand, by partition; it outlives a session, since a handler may. */
  hands: Map<number, Hand>
}

/**
 * One life of a consumer of the library, from connecting until it is stopped or has crashed; another session follows then.
 *
 * The fetch loop of the library waits for whoever handles what it fetched, and sends heartbeats only in between. Here it
 * waits for a moment; what takes longer goes on by itself, its partition paused, while heartbeats and other partitions go
 * on. Before the group shares out anew, what is in hand is finished and committed, or else abandoned.
 */
export class Session {
  readonly #parts: SessionParts
  readonly #consumer: Consumer
  readonly #over = Promise.withResolvers<unknown>()
  #assigned: ReadonlySet<number> = new Set()
  #member = false
  #everJoined = false
  #stopping = false
  #ended = false
  #placeLost: unknown = null
  #heardAt = 0
  #movedAt = performance.now()
  /** Resolves when the sharing out that is under way is over. */
  #joining = Promise.withResolvers<void>()

  constructor(parts: SessionParts) {
    this.#parts = parts
    const { sessionTimeoutMs } = parts
    this.#consumer = new (loadKafkajs().Kafka)(parts.config).consumer({
      groupId: parts.options.group,
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: sessionTimeoutMs * 2,
      heartbeatInterval: Math.floor(sessionTimeoutMs / 10),
      maxWaitTimeInMs: FETCH_WAIT_MS,
      maxBytesPerPartition: PARTITION_BYTES_MAX,
      maxBytes: FETCH_BYTES_MAX,
      allowAutoTopicCreation: false,
      partitionAssigners: [this.#handingBackFirst()],
      // It is always we who begin anew: the library does so only after some failures, and without end to its pauses.
      retry: { ...LIBRARY_RETRY, restartOnFailure: () => Promise.resolve(false) },
    })
  }

  /** Whether the group counts on it: it joined, and was heard of since. */
  get joined(): boolean {
    return this.#member && performance.now() - this.#heardAt < this.#parts.sessionTimeoutMs
  }

  get everJoined(): boolean {
    return this.#everJoined
  }

  /** Until it is over: null where it was stopped, else why. Never rejects. */
  async run(): Promise<unknown> {
    const stopListening = this.#listen()
    const watch = this.#watch()
    const begun = this.#begin().catch((error: unknown) => this.#over.resolve(error))
    try {
      return await this.#over.promise
    } finally {
      clearInterval(watch)
      stopListening()
      this.#ended = true
      this.#member = false
      this.#joining.resolve()
      for (const hand of this.#parts.hands.values()) hand.abandon()
      await settledWithin(DISCONNECT_MS, this.#consumer.disconnect())
      // It may have been connecting yet, and have come through after it took its leave.
      void begun.then(() => settledWithin(DISCONNECT_MS, this.#consumer.disconnect()))
    }
  }

  /** Finishes and commits what is in hand, leaves the group. */
  async stop(): Promise<void> {
    this.#stopping = true
    for (const hand of this.#parts.hands.values()) hand.interrupt()
    await Promise.all([...this.#parts.hands.values()].map((hand) => hand.settled))
    this.#over.resolve(null)
  }

  async #begin(): Promise<void> {
    await this.#consumer.connect()
    await this.#consumer.subscribe({ topics: [this.#parts.options.topic], fromBeginning: true })
    if (this.#stopping || this.#ended) return
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
      eachBatch: (payload) => this.#take(payload),
    })
  }

  #listen(): () => void {
    const { events } = this.#consumer
    const heard = () => {
      this.#heardAt = performance.now()
      this.#movedAt = this.#heardAt
    }
    const stopListening = [
      this.#consumer.on(events.GROUP_JOIN, ({ payload }) => {
        heard()
        this.#placeLost = null
        this.#assigned = new Set(payload.memberAssignment[this.#parts.options.topic])
        this.#member = true
        this.#everJoined = true
        this.#joining.resolve()
      }),
      this.#consumer.on(events.HEARTBEAT, heard),
      this.#consumer.on(events.FETCH, () => {
        this.#movedAt = performance.now()
      }),
      this.#consumer.on(events.CRASH, ({ payload }) => this.#over.resolve(payload.error)),
    ]
    return () => {
      for (const stop of stopListening) stop()
    }
  }

  /** A consumer of the library that does nothing at all, and says nothing, is not unheard of. */
  #watch(): NodeJS.Timeout {
    const silentMs = this.#parts.sessionTimeoutMs * 2 + (this.#parts.config.requestTimeout ?? 0)
    return setInterval(() => {
      if (performance.now() - this.#movedAt < silentMs) return
      const { topic } = this.#parts.options
      const words = `The consumer of ${topic} did nothing for ${Math.round(silentMs / 1000)} s; another takes its place.`
      this.#over.resolve(new MessagingError('CONSUMER_SILENT', words))
    }, this.#parts.sessionTimeoutMs / 2).unref()
  }

  /** What the library fetched of one partition. */
  async #take(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload
    if (this.#stopping || this.#ended) {
      // Nothing is taken any more; unless it is paused, the library fetches the same over and over.
      payload.pause()
      return
    }
    // The library joins again when it sees this.
    if (this.#placeLost !== null) throw this.#placeLost
    if (!this.#member) {
      // Fetched from another broker while the group shares out: it is fetched again when that is over.
      const waited = new AbortController()
      await Promise.race([this.#joining.promise, pause(HOLD_MS, waited.signal)])
      return waited.abort()
    }
    if (!this.#assigned.has(batch.partition)) return
    const hand = this.#handOf(payload)
    if (await settledWithin(HOLD_MS, hand.settled)) {
      if (this.#placeLost !== null) throw this.#placeLost
      return
    }
    const resume = payload.pause()
    void hand.settled.then(resume)
  }

  #handOf(payload: EachBatchPayload): Hand {
    const { batch } = payload
    const { topic, partition } = batch
    const { hands, options, batchMax, pauses } = this.#parts
    const last = batch.messages.at(-1)?.offset
    const hand = new Hand(
      batch.messages.map((message) => fromKafka(topic, partition, message)),
      {
        handle: options.handle,
        batchMax,
        pauses,
        onFailure: options.onFailure,
        onPlaceLost: (error) => {
          // As the library threw it, or it would not know what to do.
          this.#placeLost = rootOf(error)
        },
        commit: async (message: IncomingMessage) => {
          // What ends a transaction has an offset of its own, and nobody is shown it.
          const handled = message.offset === last ? batch.lastOffset() : message.offset
          const offset = (BigInt(handled) + 1n).toString()
          try {
            await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset }] }] })
          } catch (error) {
            throw translate(error, `Committing what ${options.group} has handled of ${topic}`)
          }
          this.#heardAt = performance.now()
          // While the group shares out there is no place to go on from; it begins at what is committed.
          if (this.#member) payload.resolveOffset(message.offset)
        },
      },
    )
    const before = hands.get(partition)?.settled ?? Promise.resolve()
    hands.set(partition, hand)
    hand.start(before)
    void hand.settled.then(() => {
      if (hands.get(partition) === hand) hands.delete(partition)
    })
    return hand
  }

  /**
   * The library says that the group shares out anew only when it is on its way to join, and waits for nobody. The first
   * thing that it does then is to look for the group's coordinator; so that is where it has to wait.
   */
  #handingBackFirst(): PartitionAssigner {
    return (config) => {
      const { cluster } = config
      const find = cluster.findGroupCoordinator.bind(cluster)
      cluster.findGroupCoordinator = async (group) => {
        await this.#handBack()
        return find(group)
      }
      return loadKafkajs().PartitionAssigners.roundRobin(config)
    }
  }

  /** The place in the group is kept meanwhile, for as long as the group can do without a heartbeat. */
  async #handBack(): Promise<void> {
    if (this.#member) {
      this.#member = false
      this.#joining = Promise.withResolvers<void>()
    }
    // What was abandoned before comes to its end some time; the group need not wait for it.
    const hands = [...this.#parts.hands.values()].filter((hand) => !hand.abandoned)
    for (const hand of hands) hand.finish()
    const settled = Promise.all(hands.map((hand) => hand.settled))
    if (await settledWithin((this.#parts.sessionTimeoutMs * 2) / 3, settled)) return
    for (const hand of hands) hand.abandon()
  }
}
