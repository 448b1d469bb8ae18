import type { EventStore, From, Position, StoredEvent } from '#event-store'
import { PUBLISH_MESSAGES_MAX } from '#messaging'
import type { Messaging, OutgoingMessage, TopicDefinition } from '#messaging'
import { withEvents } from '#observability'
import type { PolicyCheckpoints } from '../application.ts'
import type { PolicyRetry } from '../policies/policy-runner.ts'
import { Announcer, concernsOthers } from './announcer.ts'

const PAGE_SIZE = 500
/** How long what is in hand may take when the relay is to stop. */
const STOP_MS_MAX = 10_000

export interface RelayParts {
  store: Pick<EventStore, 'subscribeStored' | 'readStreamStored'>
  messaging: Pick<Messaging, 'ensureTopics' | 'publish'>
  topic: TopicDefinition
  /** Names this installation in every event: a URI reference, such as `urn:huiying:qingshan`. */
  source: string
  checkpoints: PolicyCheckpoints
  retry: PolicyRetry
}

/**
 * Tells other systems what happened, in the order of the store: at least once, and without a gap, because how far it has
 * come is said only when the broker has everything up to there. Needs no keys: nothing sealed is told.
 */
export class Relay {
  readonly #parts: RelayParts
  readonly #stopping = new AbortController()
  /** Ends what stopping waits for. */
  readonly #giveUp = new AbortController()
  #handled: From = 'start'
  #published = 0
  #failure: { error: unknown; failures: number } | null = null
  #loop: Promise<void> = Promise.resolve()

  constructor(parts: RelayParts) {
    this.#parts = parts
  }

  /** How far everything has been told. */
  get handled(): From {
    return this.#handled
  }

  /** Messages since the process started, those that were told again included. */
  get published(): number {
    return this.#published
  }

  /** What keeps it from going on, and how often in a row that failed; null while it works. */
  get failure(): { error: unknown; failures: number } | null {
    return this.#failure
  }

  /** Throws where the checkpoint cannot be read. */
  async start(): Promise<void> {
    this.#handled = await this.#parts.checkpoints.load()
    this.#loop = this.#persist()
  }

  /** Finishes what is in hand and says how far it has come; gives up on a broker that does not answer for ten seconds. */
  async stop(timeout: AbortSignal = AbortSignal.timeout(STOP_MS_MAX)): Promise<void> {
    const giveUp = () => this.#giveUp.abort()
    timeout.addEventListener('abort', giveUp)
    if (timeout.aborted) giveUp()
    this.#stopping.abort()
    await this.#loop
    timeout.removeEventListener('abort', giveUp)
  }

  /** Runs again from the checkpoint after every failure, later each time. */
  async #persist(): Promise<void> {
    const { pauseMs, pauseMsMax, wait, onFailure } = this.#parts.retry
    const { signal } = this.#stopping
    while (!signal.aborted) {
      try {
        await this.#run()
      } catch (error) {
        const failures = (this.#failure?.failures ?? 0) + 1
        this.#failure = { error, failures }
        onFailure(error, failures)
        await wait(Math.min(pauseMsMax, pauseMs * 2 ** (failures - 1)), signal)
      }
    }
  }

  async #run(): Promise<void> {
    const { store, messaging, topic, source } = this.#parts
    await messaging.ensureTopics([topic])
    // Of its own: what an earlier run came to know may lie ahead of the checkpoint.
    const announcer = new Announcer(store, source)
    const messages = store.subscribeStored(this.#handled, {
      signal: this.#stopping.signal,
      pageSize: PAGE_SIZE,
      select: concernsOthers,
    })
    for await (const message of messages) {
      if (message.kind === 'passed') await this.#pass(message.position)
      if (message.kind !== 'events') continue
      await withEvents('relay', message.events, () => this.#tell(announcer, message.events))
    }
  }

  async #tell(announcer: Announcer, events: readonly StoredEvent[]): Promise<void> {
    await announcer.prepare(events)
    let batch: OutgoingMessage[] = []
    for (const event of events) {
      batch.push(...(await announcer.announce(event)))
      if (batch.length < PUBLISH_MESSAGES_MAX) continue
      await this.#publish(batch)
      batch = []
    }
    await this.#publish(batch)
  }

  async #publish(messages: readonly OutgoingMessage[]): Promise<void> {
    for (let from = 0; from < messages.length; from += PUBLISH_MESSAGES_MAX) {
      const some = messages.slice(from, from + PUBLISH_MESSAGES_MAX)
      await this.#parts.messaging.publish(this.#parts.topic.name, some, this.#giveUp.signal)
      this.#published += some.length
    }
  }

  async #pass(position: Position): Promise<void> {
    await this.#parts.checkpoints.save(position)
    this.#handled = position
    this.#failure = null
  }
}
