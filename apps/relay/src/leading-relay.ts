import { Relay, RELAY, storedCheckpoint } from '#application'
import type { Messaging, TopicDefinition } from '#messaging'
import type { HealthHindrance, Log, SubscriptionLag } from '#observability'
import { errorFields } from '#observability'
import { aborted, Leadership, pause } from '#processes'
import type { Stores } from '#processes'

const PAUSE_MS = 1_000
const PAUSE_MS_MAX = 30_000
/** Other systems are told a little later than lists are, and nobody waits for it. */
const BEHIND_SECONDS_MAX = 60

export interface LeadingRelayParts {
  stores: Stores
  leaseMs: number
  messaging: Messaging
  topic: TopicDefinition
  source: string
  /** Is told how far it is, while it runs here. */
  lag: Pick<SubscriptionLag, 'watch'>
  log: Log
}

/** The relay among several: one tells other systems what happened, another goes on where it stopped. */
export class LeadingRelay {
  readonly leadership: Leadership
  readonly #parts: LeadingRelayParts
  #relay: Relay | null = null

  constructor(parts: LeadingRelayParts) {
    this.#parts = parts
    this.leadership = new Leadership({ ...parts.stores, leaseMs: parts.leaseMs, log: parts.log, name: 'relay' })
  }

  /** What keeps it from telling; nothing while it does, or while another leads. */
  hindrances(): HealthHindrance[] {
    const failure = this.#relay?.failure
    if (!failure) return []
    const reason = failure.error instanceof Error ? failure.error.message : String(failure.error)
    return [{ code: 'RELAY_FAILING', detail: `${failure.failures} times in a row: ${reason}` }]
  }

  /** Until the signal aborts: then it finishes the messages in hand and lets another lead. */
  run(signal: AbortSignal): Promise<void> {
    return this.leadership.run(signal, ({ signal: held }) => this.#lead(held))
  }

  async #lead(held: AbortSignal): Promise<void> {
    const { stores, messaging, topic, source, lag, log } = this.#parts
    const relay = new Relay({
      store: stores.store,
      messaging,
      topic,
      source,
      checkpoints: await storedCheckpoint(RELAY, { ...stores, writer: stores.views }),
      retry: {
        pauseMs: PAUSE_MS,
        pauseMsMax: PAUSE_MS_MAX,
        wait: pause,
        onFailure: (error, failures) =>
          log('error', 'telling other systems fails and will be tried again', { failures, ...errorFields(error) }),
      },
    })
    await relay.start()
    this.#relay = relay
    const unwatch = lag.watch({ name: RELAY, position: () => relay.handled, boundSeconds: BEHIND_SECONDS_MAX })
    try {
      await aborted(held)
    } finally {
      this.#relay = null
      unwatch()
      await relay.stop()
    }
  }
}
