import type { ConsumeOptions, Consumption, IncomingMessage, Messaging, OutgoingMessage } from '#messaging'

/** A broker in memory, with partitions by key and groups; what a handler rejects comes again at once. */
export class MemoryBroker implements Messaging {
  /** Thrown by whatever is asked of it while it is set. */
  away: Error | null = null
  /** Called before messages become durable. */
  onPublish: (topic: string) => Promise<void> | void = () => {}
  readonly #partitions: number
  readonly #topics = new Map<string, IncomingMessage[][]>()
  readonly #committed = new Map<string, number>()
  readonly #stopping = new Set<() => Promise<void>>()
  #more = Promise.withResolvers<void>()
  #timeMs = Date.UTC(2026, 2, 2, 6)

  constructor(partitions = 2) {
    this.#partitions = partitions
  }

  /** What is in a topic, by partition, then offset. */
  messages(topic: string): IncomingMessage[] {
    return this.#topic(topic).flat()
  }

  ensureTopics(): Promise<void> {
    return this.away ? Promise.reject(this.away) : Promise.resolve()
  }

  async publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void> {
    await this.onPublish(topic)
    if (this.away) throw this.away
    for (const message of messages) {
      const partition = Buffer.from(message.key).reduce((sum, each) => sum + each, 0) % this.#partitions
      const log = this.#topic(topic)[partition]!
      this.#timeMs += 1_000
      log.push({ ...message, topic, partition, offset: String(log.length), sentAtMs: this.#timeMs })
    }
    this.#more.resolve()
    this.#more = Promise.withResolvers()
  }

  consume({ topic, group, handle, batchMax = 200, onFailure }: ConsumeOptions): Promise<Consumption> {
    if (this.away) return Promise.reject(this.away)
    const ending = new AbortController()
    const name = (partition: number) => `${group} ${topic} ${partition}`
    const loops = this.#topic(topic).map(async (log, partition) => {
      while (!ending.signal.aborted) {
        const more = this.#more.promise
        const from = this.#committed.get(name(partition)) ?? 0
        const batch = log.slice(from, from + batchMax)
        if (batch.length === 0) {
          await Promise.race([more, aborted(ending.signal)])
          continue
        }
        try {
          await handle(batch, ending.signal)
          this.#committed.set(name(partition), from + batch.length)
        } catch (error) {
          onFailure(error)
          await new Promise((resolve) => setImmediate(resolve))
        }
      }
    })
    const stop = async () => {
      ending.abort()
      await Promise.all(loops)
    }
    this.#stopping.add(stop)
    return Promise.resolve({
      joined: true,
      lag: () =>
        Promise.resolve(
          this.#topic(topic).reduce((sum, log, at) => sum + log.length - (this.#committed.get(name(at)) ?? 0), 0),
        ),
      stop,
    })
  }

  async close(): Promise<void> {
    await Promise.all([...this.#stopping].map((stop) => stop()))
  }

  #topic(topic: string): IncomingMessage[][] {
    const known = this.#topics.get(topic)
    if (known) return known
    const made = Array.from({ length: this.#partitions }, (): IncomingMessage[] => [])
    this.#topics.set(topic, made)
    return made
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
