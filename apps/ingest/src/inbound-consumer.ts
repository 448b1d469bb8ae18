import type { InboundIntake } from '#application'
import type { Consumption, Messaging, TopicDefinition } from '#messaging'
import { pause } from '#processes'
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common'

export interface InboundTopics {
  inbound: TopicDefinition
  deadLetters: TopicDefinition
}

export interface InboundConsumerParts {
  messaging: Pick<Messaging, 'ensureTopics' | 'consume'>
  intake: Pick<InboundIntake, 'take'>
  topics: InboundTopics
  /** Ingesters of one group share the work. */
  group: string
  /** Messages taken in at once, 1 to 1,000. */
  batchMax?: number
  /** Whatever keeps messages from being taken in at the moment; they come again. */
  onFailure: (error: unknown) => void
  /** Ends early where the signal aborts. */
  wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

const PAUSE_MS = 1_000
const PAUSE_MS_MAX = 30_000

/** Takes in what a broker delivers, from the start of the process to its end, also where the broker comes later than we. */
export class InboundConsumer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #parts: InboundConsumerParts
  readonly #stopping = new AbortController()
  #consumption: Consumption | null = null

  constructor(parts: InboundConsumerParts) {
    this.#parts = parts
  }

  /** Whether the group counts on this process at the moment. */
  get joined(): boolean {
    return this.#consumption?.joined ?? false
  }

  /** Messages that wait for the group; null where the broker cannot be asked at the moment. */
  async lag(): Promise<number | null> {
    return (await this.#consumption?.lag()) ?? null
  }

  onApplicationBootstrap(): void {
    void this.#start()
  }

  /** Finishes the batch in hand, says that it is done with, hands the partitions back. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping.abort()
    await this.#consumption?.stop()
  }

  async #start(): Promise<void> {
    const { messaging, intake, topics, group, batchMax, onFailure, wait = pause } = this.#parts
    const { signal } = this.#stopping
    for (let pauseMs = PAUSE_MS; !signal.aborted; pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX)) {
      try {
        await messaging.ensureTopics([topics.inbound, topics.deadLetters])
        const consumption = await messaging.consume({
          topic: topics.inbound.name,
          group,
          handle: intake.take,
          onFailure,
          ...(batchMax !== undefined && { batchMax }),
        })
        this.#consumption = consumption
        // Stopped while it joined: whoever stopped it found nothing to stop.
        if (signal.aborted) await consumption.stop()
        return
      } catch (error) {
        onFailure(error)
        await wait(pauseMs, signal)
      }
    }
  }
}
