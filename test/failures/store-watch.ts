import type { EventStore, StoredEvent } from '#event-store'

/** Follows the event store from outside and counts, so that tests wait for what happens and for nothing else. */
export class StoreWatch {
  readonly #counts = new Map<string, number>()
  readonly #waiting = new Set<() => void>()
  readonly #stopping = new AbortController()
  readonly #running: Promise<void>
  #failure: unknown = null

  constructor(store: Pick<EventStore, 'subscribeStored'>) {
    this.#running = this.#follow(store).catch((error: unknown) => {
      this.#failure = error
      this.#wake()
    })
  }

  /** Events of a type; of any where none is named. */
  count(type = ''): number {
    return this.#counts.get(type) ?? 0
  }

  /** Resolves when there are so many of a type. */
  async reached(type: string, count: number, patienceMs = 90_000): Promise<void> {
    const deadline = performance.now() + patienceMs
    while (this.count(type) < count) {
      if (this.#failure !== null) throw this.#failure
      const leftMs = deadline - performance.now()
      if (leftMs <= 0) throw new Error(`there are ${this.count(type)} of ${count} ${type || 'events'}`)
      const { promise, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, leftMs)
      this.#waiting.add(resolve)
      await promise
      clearTimeout(timer)
      this.#waiting.delete(resolve)
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  async #follow(store: Pick<EventStore, 'subscribeStored'>): Promise<void> {
    for await (const message of store.subscribeStored('start', { signal: this.#stopping.signal })) {
      if (message.kind !== 'events') continue
      for (const { type } of message.events as readonly Pick<StoredEvent, 'type'>[]) {
        for (const name of [type, '']) this.#counts.set(name, this.count(name) + 1)
      }
      this.#wake()
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve()
  }
}
