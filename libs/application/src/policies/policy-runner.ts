import type { EventStore, From, Position, RecordedEvent } from '#event-store'
import { withEvent } from '#observability'
import type { Consequence, GatheringPolicy, Policy, PolicyTools } from './policy.ts'

const PAGE_SIZE = 500
/** Streams whose consequences are worked out at once. */
const CONCURRENCY_MAX = 64
/** Events worked out before their turn that are kept in mind until it comes; any more are worked out twice. */
const EARLY_MAX = 20_000

/** How a process that goes on serving tries again what failed, for as long as it runs. */
export interface PolicyRetry {
  /** The first pause; each one after it is twice as long. */
  pauseMs: number
  pauseMsMax: number
  /** Ends early where the signal aborts. */
  wait: (milliseconds: number, signal: AbortSignal) => Promise<void>
  /** `failures`: how often in a row. */
  onFailure: (error: unknown, failures: number) => void
}

export interface PolicyRunnerParts {
  store: EventStore
  tools: PolicyTools
  policies: readonly Policy[]
  gathering: readonly GatheringPolicy[]
  checkpoints: {
    load(): Promise<From>
    save(position: From): Promise<void>
  }
  /** Without it the first failure stops the runner until it is started again. */
  retry?: PolicyRetry
}

/**
 * Carries out what policies want, in store order for each case, many cases at a time. The checkpoint saves work only:
 * from any older one, or from none, the same consequences follow once.
 */
export class PolicyRunner {
  readonly #parts: PolicyRunnerParts
  /** By event id. */
  readonly #early = new Map<string, Promise<void>>()
  readonly #stopping = new AbortController()
  readonly #waiting = new Set<{ position: From; resolve: () => void; reject: (error: unknown) => void }>()
  #handled: From = 'start'
  #loop: Promise<void> | null = null
  #failure: { error: unknown; failures: number } | null = null

  constructor(parts: PolicyRunnerParts) {
    this.#parts = parts
  }

  async start(): Promise<void> {
    this.#handled = await this.#parts.checkpoints.load()
    const { retry } = this.#parts
    this.#loop = retry
      ? this.#persist(retry)
      : this.#run().catch((error: unknown) => {
          this.#fail(error)
        })
  }

  /** How far everything has been handled. */
  get handled(): From {
    return this.#handled
  }

  /** What keeps it from going on, and how often in a row that failed; null while it works. */
  get failure(): { error: unknown; failures: number } | null {
    return this.#failure
  }

  /** Resolves when everything that is stored, and everything that followed from it, has been handled. */
  async settled(): Promise<void> {
    for (;;) {
      const head = await this.#parts.store.head()
      if (head === 'start' || (this.#handled !== 'start' && this.#handled >= head)) return
      await new Promise<void>((resolve, reject) => {
        if (this.#failure) return reject(this.#failure.error)
        this.#waiting.add({ position: head, resolve, reject })
      })
    }
  }

  /** Finishes the page in hand. Throws what stopped it, if something did. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#loop
    if (this.#failure && !this.#parts.retry) throw this.#failure.error
  }

  /** Works out one event at once, before its turn comes; its turn here, if it has one, then only waits until this is done. */
  async handleEarly(event: RecordedEvent): Promise<void> {
    const handling = this.#handle(event)
    if (this.#loop && this.#early.size < EARLY_MAX) this.#early.set(event.id, handling)
    await handling
  }

  #fail(error: unknown): void {
    this.#failure = { error, failures: (this.#failure?.failures ?? 0) + 1 }
    for (const waiter of this.#waiting) waiter.reject(error)
    this.#waiting.clear()
  }

  /** Runs again from the checkpoint after every failure, later each time: what was done already is not done twice. */
  async #persist({ pauseMs, pauseMsMax, wait, onFailure }: PolicyRetry): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      try {
        await this.#run()
      } catch (error) {
        this.#fail(error)
        const { failures } = this.#failure!
        onFailure(error, failures)
        await wait(Math.min(pauseMsMax, pauseMs * 2 ** (failures - 1)), signal)
      }
    }
  }

  async #run(): Promise<void> {
    const signal = this.#stopping.signal
    const one = new Set(this.#parts.policies.flatMap(({ handles }) => [...handles]))
    const many = new Set(this.#parts.gathering.flatMap(({ handles }) => [...handles]))
    const underWay: Promise<void>[] = []
    const select = ({ id, type }: { id: string; type: string }): boolean => {
      const early = this.#early.get(id)
      if (early) underWay.push(early)
      this.#early.delete(id)
      return many.has(type) || (!early && one.has(type))
    }
    const messages = this.#parts.store.subscribe(this.#handled, { signal, pageSize: PAGE_SIZE, select })
    for await (const message of messages) {
      if (message.kind === 'events') await this.#handlePage(message.events)
      if (message.kind !== 'passed') continue
      await Promise.all(underWay.splice(0))
      await this.#pass(message.position)
    }
  }

  async #pass(position: Position): Promise<void> {
    await this.#parts.checkpoints.save(position)
    this.#handled = position
    this.#failure = null
    for (const waiter of this.#waiting) {
      if (waiter.position > position) continue
      this.#waiting.delete(waiter)
      waiter.resolve()
    }
  }

  async #handle(event: RecordedEvent): Promise<void> {
    for (const policy of this.#parts.policies) {
      if (policy.handles.has(event.type)) await this.#deliver(policy, event)
    }
  }

  async #handlePage(events: readonly RecordedEvent[]): Promise<void> {
    const queues = new Map<string, RecordedEvent[]>()
    for (const event of events) {
      const key = event.metadata.caseId ?? event.stream
      const queue = queues.get(key)
      if (queue) queue.push(event)
      else queues.set(key, [event])
    }
    const pending = queues.values()
    const worker = async () => {
      for (const queue of pending) {
        for (const event of queue) await this.#handle(event)
      }
    }
    await Promise.all(Array.from({ length: Math.min(CONCURRENCY_MAX, queues.size) }, worker))

    for (const policy of this.#parts.gathering) {
      const together = events.filter(({ type }) => policy.handles.has(type))
      for (const { cause, ...consequence } of policy.gather(together)) {
        await withEvent(cause, `policy ${policy.name}`, () => this.#give(policy, cause, consequence))
      }
    }
  }

  async #deliver(policy: Policy, event: RecordedEvent): Promise<void> {
    await withEvent(event, `policy ${policy.name}`, async () => {
      for (const consequence of await policy.consequences(event, this.#parts.tools)) {
        await this.#give(policy, event, consequence)
      }
    })
  }

  async #give(
    { name, expectedRefusals }: Pick<Policy, 'name' | 'expectedRefusals'>,
    { id, type, stream, metadata }: RecordedEvent,
    { about = '', ...consequence }: Consequence,
  ): Promise<void> {
    const outcome = await this.#parts.tools.execute({
      ...consequence,
      actor: { policy: name },
      cause: { eventId: id, correlationId: metadata.correlationId, about },
      origin: metadata.origin,
    })
    if (outcome.outcome !== 'refused' || expectedRefusals.has(outcome.code)) return
    const refusal = `${outcome.code} ${outcome.detail ?? ''}`
    throw new Error(`policy ${name}: ${consequence.command} after ${type} ${id} in ${stream} was refused: ${refusal}`)
  }
}
