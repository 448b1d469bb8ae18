import { checkConsumer, checkMessages, checkTopics } from './check.ts'
import { MessagingError } from './errors.ts'
import type { MessagingObserver } from './options.ts'
import type {
  ConsumeOptions,
  Consumption,
  MessageHandler,
  Messaging,
  OutgoingMessage,
  TopicDefinition,
} from './port.ts'
import { handleTraced, publishTraced } from './telemetry.ts'

/** What every adapter does alike: checks what it is given, traces it, tells whoever observes. */
export class CheckedMessaging implements Messaging {
  readonly #adapter: Messaging
  /** As OpenTelemetry names it. */
  readonly #system: string
  readonly #observer: Partial<MessagingObserver>

  constructor(adapter: Messaging, system: string, observer: Partial<MessagingObserver>) {
    this.#adapter = adapter
    this.#system = system
    this.#observer = observer
  }

  async ensureTopics(topics: readonly TopicDefinition[]): Promise<void> {
    checkTopics(topics)
    await this.#adapter.ensureTopics(topics)
  }

  async publish(topic: string, messages: readonly OutgoingMessage[], signal?: AbortSignal): Promise<void> {
    checkMessages(topic, messages)
    if (signal?.aborted === true) {
      throw new MessagingError(
        'PUBLISH_ABORTED',
        `Publishing into ${topic} was broken off before it began.`,
        signal.reason,
      )
    }
    if (messages.length === 0) return
    const begun = performance.now()
    try {
      await publishTraced(this.#system, topic, messages, (traced) => this.#adapter.publish(topic, traced, signal))
    } catch (error) {
      if (!(error instanceof MessagingError && error.code === 'PUBLISH_ABORTED')) this.#observer.failed?.(topic)
      throw error
    }
    this.#observer.published?.(topic, messages.length, secondsSince(begun))
  }

  async consume(options: ConsumeOptions): Promise<Consumption> {
    checkConsumer(options)
    const { topic, group } = options
    const handle = this.#observed(topic, handleTraced(this.#system, topic, group, options.handle))
    return await this.#adapter.consume({ ...options, handle })
  }

  close(): Promise<void> {
    return this.#adapter.close()
  }

  #observed(topic: string, handle: MessageHandler): MessageHandler {
    return async (messages, signal) => {
      const begun = performance.now()
      try {
        await handle(messages, signal)
      } catch (error) {
        if (!signal.aborted) this.#observer.failed?.(topic)
        throw error
      }
      this.#observer.handled?.(topic, messages.length, secondsSince(begun))
    }
  }
}

function secondsSince(begun: number): number {
  return (performance.now() - begun) / 1000
}
