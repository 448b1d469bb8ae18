import type { KafkaConfig } from 'kafkajs'
import { MessagingError } from '../errors.ts'
import { DEFAULT_PAUSES, DEFAULT_SESSION_TIMEOUT_MS } from '../options.ts'
import type { MessagingOptions, Pauses } from '../options.ts'
import { DEFAULT_BATCH_MESSAGES } from '../port.ts'
import type { ConsumeOptions, Consumption, Messaging, OutgoingMessage, TopicDefinition } from '../port.ts'
import { parseKafkaAddress } from './address.ts'
import { Administration } from './administration.ts'
import { kafkaConfig } from './connect.ts'
import { KafkaConsumption } from './consumption.ts'
import { Lane } from './lane.ts'

/** What was published and waits is given so long when messaging is closed. */
const CLOSE_GRACE_MS = 5_000

/** Messages are as durable as the broker's topics; at least once, in order per key. */
export class KafkaMessaging implements Messaging {
  readonly #config: KafkaConfig
  readonly #pauses: Pauses
  readonly #sessionTimeoutMs: number
  readonly #log: MessagingOptions['log']
  readonly #administration: Administration
  readonly #lanes = new Map<string, Lane>()
  readonly #consumptions = new Set<KafkaConsumption>()
  #closed = false

  /** Connects to nothing yet. Throws `BAD_ADDRESS`. */
  constructor(address: string, options: MessagingOptions) {
    this.#config = kafkaConfig(parseKafkaAddress(address), options)
    this.#pauses = { ...DEFAULT_PAUSES, ...options.pauses }
    this.#sessionTimeoutMs = options.sessionTimeoutMs ?? DEFAULT_SESSION_TIMEOUT_MS
    this.#log = options.log
    this.#administration = new Administration(this.#config, this.#pauses)
  }

  ensureTopics(topics: readonly TopicDefinition[]): Promise<void> {
    return this.#administration.ensureTopics(topics)
  }

  async publish(topic: string, messages: readonly OutgoingMessage[], signal?: AbortSignal): Promise<void> {
    this.#refuseWhenClosed()
    await this.#laneOf(topic).publish(messages, signal)
  }

  // oxlint-disable-next-line require-await
  async consume(options: ConsumeOptions): Promise<Consumption> {
    this.#refuseWhenClosed()
    const consumption: KafkaConsumption = new KafkaConsumption({
      config: this.#config,
      options,
      batchMax: options.batchMax ?? DEFAULT_BATCH_MESSAGES,
      pauses: this.#pauses,
      sessionTimeoutMs: this.#sessionTimeoutMs,
      lag: () => this.#administration.lag(options.topic, options.group),
      onStopped: () => this.#consumptions.delete(consumption),
    })
    this.#consumptions.add(consumption)
    return consumption
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([...this.#consumptions].map((consumption) => consumption.stop()))
    await Promise.all([...this.#lanes.values()].map((lane) => lane.close(CLOSE_GRACE_MS)))
    await this.#administration.close()
  }

  #laneOf(topic: string): Lane {
    let lane = this.#lanes.get(topic)
    if (lane === undefined) {
      lane = new Lane(topic, this.#config, this.#pauses, (error) =>
        this.#log?.('warn', error.message, { code: error.code, topic }),
      )
      this.#lanes.set(topic, lane)
    }
    return lane
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new MessagingError('CLOSED', 'Messaging is closed; open it again.')
  }
}
