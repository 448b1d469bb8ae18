import type { KafkaConfig } from 'kafkajs'
import type { Pauses } from '../options.ts'
import { pause, pauseAfter } from '../pause.ts'
import type { ConsumeOptions, Consumption } from '../port.ts'
import { translate } from './failures.ts'
import type { Hand } from './hand.ts'
import { Session } from './session.ts'

export interface ConsumptionParts {
  config: KafkaConfig
  options: ConsumeOptions
  batchMax: number
  pauses: Pauses
  sessionTimeoutMs: number
  lag(): Promise<number | null>
  onStopped(): void
}

/** Consumes for as long as it is not stopped: where a session is over, another begins, after a pause that grows and is bounded. */
export class KafkaConsumption implements Consumption {
  readonly #parts: ConsumptionParts
  readonly #stopping = new AbortController()
  readonly #hands = new Map<number, Hand>()
  #session: Session | null = null
  readonly #running: Promise<void>

  constructor(parts: ConsumptionParts) {
    this.#parts = parts
    this.#running = this.#run()
  }

  lag(): Promise<number | null> {
    return this.#parts.lag()
  }

  get joined(): boolean {
    return this.#session?.joined ?? false
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#session?.stop()
    await this.#running
    // Of a session before: its handler may run yet.
    await Promise.all([...this.#hands.values()].map((hand) => hand.settled))
    this.#parts.onStopped()
  }

  async #run(): Promise<void> {
    const { options, pauses } = this.#parts
    let failures = 0
    while (!this.#stopping.signal.aborted) {
      const session = new Session({ ...this.#parts, hands: this.#hands })
      this.#session = session
      const why = await session.run()
      if (why === null) return
      failures = session.everJoined ? 1 : failures + 1
      options.onFailure(translate(why, `Consuming ${options.topic} for ${options.group}`))
      await pause(pauseAfter(failures, pauses), this.#stopping.signal)
    }
  }
}
