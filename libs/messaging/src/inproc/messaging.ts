import { sizeOf } from '../check.ts'
import { MessagingError } from '../errors.ts'
import { DEFAULT_PAUSES } from '../options.ts'
import type { MessagingOptions, Pauses } from '../options.ts'
import type { ConsumeOptions, Consumption, Messaging, OutgoingMessage, TopicDefinition } from '../port.ts'
import { brokerOf } from './broker.ts'
import type { Broker } from './broker.ts'
import { Member } from './group.ts'

/** Messaging within one process. It is not durable: what is not handled is gone with the process. */
export class InprocMessaging implements Messaging {
  readonly #broker: Broker
  readonly #pauses: Pauses
  readonly #consumptions = new Set<Consumption>()
  readonly #closed = new AbortController()
  /** Of each topic what was published last: whoever comes later waits for it, so that the order stays where there is no room. */
  readonly #last = new Map<string, Promise<void>>()

  constructor(name: string, options: MessagingOptions) {
    this.#broker = brokerOf(name)
    this.#pauses = { ...DEFAULT_PAUSES, ...options.pauses }
  }

  // oxlint-disable-next-line require-await
  async ensureTopics(topics: readonly TopicDefinition[]): Promise<void> {
    this.#refuseWhenClosed()
    for (const topic of topics) this.#broker.ensure(topic)
  }

  publish(topic: string, messages: readonly OutgoingMessage[], signal?: AbortSignal): Promise<void> {
    const before = this.#last.get(topic)
    const published = this.#publishAfter(before, topic, messages, signal)
    const settled = published.then(
      () => undefined,
      () => undefined,
    )
    this.#last.set(topic, settled)
    void settled.then(() => {
      if (this.#last.get(topic) === settled) this.#last.delete(topic)
    })
    return published
  }

  // oxlint-disable-next-line require-await
  async consume(options: ConsumeOptions): Promise<Consumption> {
    this.#refuseWhenClosed()
    const { topic, group } = options
    const member = new Member(options, this.#pauses)
    const broker = this.#broker
    if (!broker.has(topic)) {
      options.onFailure(
        new MessagingError('TOPIC_UNKNOWN', `Consuming ${topic} for ${group}: the topic is not there. Make it first.`),
      )
    }
    broker.join(topic, group, member)
    let stopped: Promise<void> | null = null
    const consumption: Consumption = {
      lag: () => Promise.resolve(broker.groupOf(topic, group)?.lag() ?? null),
      get joined() {
        return stopped === null && broker.has(topic)
      },
      stop: () =>
        (stopped ??= broker.leave(topic, group, member).then(() => void this.#consumptions.delete(consumption))),
    }
    this.#consumptions.add(consumption)
    return consumption
  }

  async close(): Promise<void> {
    this.#closed.abort()
    await Promise.all([...this.#consumptions].map((consumption) => consumption.stop()))
  }

  async #publishAfter(
    before: Promise<void> | undefined,
    topic: string,
    messages: readonly OutgoingMessage[],
    signal?: AbortSignal,
  ): Promise<void> {
    await before
    const bytes = messages.reduce((sum, message) => sum + sizeOf(message), 0)
    const brokenOff = signal === undefined ? this.#closed.signal : AbortSignal.any([signal, this.#closed.signal])
    for (;;) {
      this.#refuseWhenClosed()
      if (signal?.aborted === true) {
        throw new MessagingError(
          'PUBLISH_ABORTED',
          `Publishing into ${topic} was broken off while there was no room. Publish it again.`,
          signal.reason,
        )
      }
      const room = this.#broker.roomMade()
      if (this.#broker.append(topic, messages, bytes, Date.now())) return
      await Promise.race([room, aborted(brokenOff)])
    }
  }

  #refuseWhenClosed(): void {
    if (this.#closed.signal.aborted) throw new MessagingError('CLOSED', 'Messaging is closed; open it again.')
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
