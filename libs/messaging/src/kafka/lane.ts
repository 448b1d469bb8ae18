import type { KafkaConfig, PartitionerArgs, Producer } from 'kafkajs'
import { sizeOf } from '../check.ts'
import { MessagingError } from '../errors.ts'
import type { Pauses } from '../options.ts'
import { partitionOf } from '../partition.ts'
import { pause, pauseAfter, settledWithin } from '../pause.ts'
import type { OutgoingMessage } from '../port.ts'
import { LIBRARY_RETRY } from './connect.ts'
import { judge, translate } from './failures.ts'
import type { Verdict } from './failures.ts'
import { toKafka } from './messages.ts'
import { loadKafkajs } from './load.ts'

/** A producer makes one record batch of what a partition gets at once; a broker takes 1,048,588 bytes by default. */
const CHUNK_BYTES_MAX = 1_000_000
const CHUNK_MESSAGES_MAX = 1_000
/** Of all publishes that wait in one lane; a single one may be larger. */
const WAITING_BYTES_MAX = 64 * 1024 * 1024
const WAITING_MESSAGES_MAX = 100_000
/** A topic that was just made is not known to every broker at once. */
const TOPIC_PATIENCE_MS = 5_000
/** The library's own faults, not the broker's: so many in a row are a fault that a new client does not mend. */
const FAULTS_MAX = 5
/** Rounds without success after which a new client is tried beside the old one. */
const ROUNDS_BEFORE_ANOTHER = 5
const DISCONNECT_MS = 5_000
/** The library tries a little, where a leader has moved; then we decide. It cannot be told to stop while it tries. */
const SEND_RETRIES = 2

/** One call of `publish`, until all its messages are written. */
interface Publish {
  unwritten: number
  over: boolean
  /** Settles it and forgets its signal. */
  end(error?: MessagingError): void
}

interface Waiting {
  publish: Publish
  message: OutgoingMessage
  bytes: number
}

/**
 * What is published into one topic, in its order: one chunk at a time, the next one only when the fate of the last is known.
 * The library numbers what it sends, and numbers it anew where a send fails; with two sends under way, or another one
 * after a failed one, a broker would take new messages for a repetition and drop them. So a chunk that failed is sent
 * again just as it was, by the same client, or the client is thrown away.
 */
export class Lane {
  readonly #topic: string
  readonly #config: KafkaConfig
  readonly #pauses: Pauses
  readonly #onTrouble: (error: MessagingError) => void
  readonly #closed = new AbortController()
  readonly #publishes = new Set<Publish>()
  #waiting: Waiting[] = []
  #waitingBytes = 0
  #chunkBytesMax = CHUNK_BYTES_MAX
  #producer: Producer | null = null
  #draining: Promise<void> | null = null
  #wake = new AbortController()

  constructor(topic: string, config: KafkaConfig, pauses: Pauses, onTrouble: (error: MessagingError) => void) {
    this.#topic = topic
    this.#config = config
    this.#pauses = pauses
    this.#onTrouble = onTrouble
  }

  publish(messages: readonly OutgoingMessage[], signal?: AbortSignal): Promise<void> {
    const sized = messages.map((message) => ({ message, bytes: sizeOf(message) }))
    const bytes = sized.reduce((sum, each) => sum + each.bytes, 0)
    const tooMany = this.#waiting.length + messages.length > WAITING_MESSAGES_MAX
    const tooLarge = this.#waitingBytes + bytes > WAITING_BYTES_MAX
    if (this.#waiting.length > 0 && (tooMany || tooLarge)) {
      const words = `Too much waits to be published into ${this.#topic} already. Publish less at once, or wait for what was published before.`
      return Promise.reject(new MessagingError('PUBLISH_QUEUE_FULL', words))
    }
    return new Promise((resolve, reject) => {
      const aborted = () => publish.end(this.#aborted(signal))
      const publish: Publish = {
        unwritten: messages.length,
        over: false,
        end: (error) => {
          if (publish.over) return
          publish.over = true
          this.#publishes.delete(publish)
          signal?.removeEventListener('abort', aborted)
          // Whoever waits for the next try looks anew at who still wants it.
          this.#wake.abort()
          if (error === undefined) resolve()
          else reject(error)
        },
      }
      this.#publishes.add(publish)
      signal?.addEventListener('abort', aborted)
      for (const { message, bytes: size } of sized) this.#waiting.push({ publish, message, bytes: size })
      this.#waitingBytes += bytes
      this.#draining ??= this.#drain()
    })
  }

  /** Writes what waits for so long at most; rejects the rest with `CLOSED`. */
  async close(graceMs: number): Promise<void> {
    if (this.#draining !== null) await settledWithin(graceMs, this.#draining)
    this.#closed.abort()
    const closed = new MessagingError(
      'CLOSED',
      `Messaging was closed before all was published into ${this.#topic}; publish it again.`,
    )
    for (const publish of this.#publishes) publish.end(closed)
    if (this.#draining !== null) await settledWithin(graceMs, this.#draining)
    await this.#discard()
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) await this.#send(this.#take())
    this.#draining = null
  }

  /** From the front, whoever published it, as much as goes into one chunk; without what nobody wants any more. */
  #take(): Waiting[] {
    const chunk: Waiting[] = []
    let chunkBytes = 0
    let taken = 0
    for (const waiting of this.#waiting) {
      if (!waiting.publish.over) {
        const tooLarge = chunk.length > 0 && chunkBytes + waiting.bytes > this.#chunkBytesMax
        if (tooLarge || chunk.length === CHUNK_MESSAGES_MAX) break
        chunk.push(waiting)
        chunkBytes += waiting.bytes
      }
      this.#waitingBytes -= waiting.bytes
      taken += 1
    }
    this.#waiting.splice(0, taken)
    return chunk
  }

  /** Until it is written, or refused, or nobody wants it any more. Never rejects. */
  async #send(chunk: Waiting[]): Promise<void> {
    const messages = chunk.map(({ message }) => toKafka(message))
    const wanted = () => !this.#closed.signal.aborted && chunk.some(({ publish }) => !publish.over)
    const patience = new Patience()
    let another: Producer | null = null
    let tried = false
    try {
      for (let round = 1; wanted(); round += 1) {
        try {
          this.#producer ??= await this.#connected()
          tried = true
          await this.#producer.send({ topic: this.#topic, acks: -1, messages })
          return this.#written(chunk)
        } catch (error) {
          const verdict = judge(error)
          if (verdict === 'too large' && chunk.length > 1) return await this.#takeSmaller(chunk)
          const trouble = translate(error, `Publishing into ${this.#topic}`)
          if (!patience.has(verdict)) return await this.#refused(chunk, trouble)
          this.#onTrouble(trouble)
          if (verdict === 'anew' || another !== null) {
            await this.#discard()
            this.#producer = another
            another = null
          } else if (round % ROUNDS_BEFORE_ANOTHER === 0 && this.#producer !== null) {
            another = await this.#connectedOrNull()
          }
          await this.#pauseWhileWanted(pauseAfter(round, this.#pauses), wanted)
        }
      }
      // Its fate is unknown, and what comes next must not take its numbers.
      if (tried) await this.#discard()
    } finally {
      if (another !== null) await disconnect(another)
    }
  }

  #written(chunk: Waiting[]): void {
    for (const { publish } of chunk) {
      publish.unwritten -= 1
      if (publish.unwritten === 0) publish.end()
    }
  }

  /** A part of it may have been written, to another partition; that part comes twice. */
  async #takeSmaller(chunk: Waiting[]): Promise<void> {
    await this.#discard()
    const bytes = chunk.reduce((sum, each) => sum + each.bytes, 0)
    this.#chunkBytesMax = Math.floor(Math.min(bytes, this.#chunkBytesMax) / 2)
    this.#waiting.unshift(...chunk)
    this.#waitingBytes += bytes
  }

  async #refused(chunk: Waiting[], error: MessagingError): Promise<void> {
    await this.#discard()
    for (const { publish } of chunk) publish.end(error)
  }

  async #pauseWhileWanted(milliseconds: number, wanted: () => boolean): Promise<void> {
    const until = performance.now() + milliseconds
    for (let left = milliseconds; left > 0 && wanted(); left = until - performance.now()) {
      if (this.#wake.signal.aborted) this.#wake = new AbortController()
      if (wanted()) await pause(left, this.#wake.signal)
    }
  }

  async #connected(): Promise<Producer> {
    const producer = new (loadKafkajs().Kafka)(this.#config).producer({
      idempotent: true,
      allowAutoTopicCreation: false,
      retry: { ...LIBRARY_RETRY, retries: SEND_RETRIES },
      createPartitioner: () => choosePartition,
    })
    try {
      await producer.connect()
      return producer
    } catch (error) {
      await disconnect(producer)
      throw error
    }
  }

  /**
   * Whether the broker is away or the client is stuck, a second client tells: where it gets through and the old one fails
   * once more, it takes the old one's place. If the old one's last chunk was written all the same, that comes twice.
   */
  async #connectedOrNull(): Promise<Producer | null> {
    try {
      return await this.#connected()
    } catch (error) {
      this.#onTrouble(translate(error, `Connecting anew for ${this.#topic}`))
      return null
    }
  }

  async #discard(): Promise<void> {
    const producer = this.#producer
    this.#producer = null
    if (producer !== null) await disconnect(producer)
  }

  #aborted(signal: AbortSignal | undefined): MessagingError {
    const words = `Publishing into ${this.#topic} was broken off before the broker confirmed it; some of it may be written. Publish it again.`
    return new MessagingError('PUBLISH_ABORTED', words, signal?.reason)
  }
}

function choosePartition({ message, partitionMetadata }: PartitionerArgs): number {
  return partitionOf(String(message.key), partitionMetadata.length)
}

/** A client that cannot even take its leave is of no interest any more. */
async function disconnect(producer: Producer): Promise<void> {
  await settledWithin(DISCONNECT_MS, producer.disconnect())
}

/** Whether a failure is to be borne: for ever where the broker is away, for a while where it may still come right. */
class Patience {
  #unknownSince: number | null = null
  #faults = 0

  has(verdict: Verdict): boolean {
    this.#faults = verdict === 'anew' ? this.#faults + 1 : 0
    this.#unknownSince = verdict === 'topic unknown' ? (this.#unknownSince ?? performance.now()) : null
    if (this.#unknownSince !== null) return performance.now() - this.#unknownSince < TOPIC_PATIENCE_MS
    return verdict === 'again' || (verdict === 'anew' && this.#faults < FAULTS_MAX)
  }
}
