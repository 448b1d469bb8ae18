import { pause, pauseAfter } from '../pause.ts'
import type { ConsumeOptions, IncomingMessage } from '../port.ts'
import { DEFAULT_BATCH_MESSAGES } from '../port.ts'
import type { Pauses } from '../options.ts'
import type { Topic } from './topic.ts'

/** One consumer of a group. */
export class Member {
  readonly options: ConsumeOptions
  readonly pauses: Pauses
  readonly stopping = new AbortController()
  /** What it has in hand, by partition; each resolves when its handler has settled. */
  readonly inHand = new Map<number, Promise<void>>()

  constructor(options: ConsumeOptions, pauses: Pauses) {
    this.options = options
    this.pauses = pauses
  }
}

/** What one group has handled of a topic, and who of it handles what. A partition goes to another when nothing of it is in hand. */
export class Group {
  readonly #topic: Topic
  readonly #onHandled: () => void
  readonly #members: Member[] = []
  readonly #next: number[]
  readonly #working = new Set<number>()

  constructor(topic: Topic, onHandled: () => void) {
    this.#topic = topic
    this.#onHandled = onHandled
    this.#next = Array.from({ length: topic.partitions }, () => 0)
  }

  next(partition: number): number {
    return Math.max(this.#next[partition]!, this.#topic.oldest(partition))
  }

  lag(): number {
    return this.#next.reduce((sum, _, partition) => sum + this.#topic.end(partition) - this.next(partition), 0)
  }

  join(member: Member): void {
    this.#members.push(member)
    this.wakeAll()
  }

  async leave(member: Member): Promise<void> {
    member.stopping.abort(new DOMException('The consumer is to stop.', 'AbortError'))
    const at = this.#members.indexOf(member)
    if (at >= 0) this.#members.splice(at, 1)
    await Promise.all(member.inHand.values())
    this.wakeAll()
  }

  wakeAll(): void {
    for (let partition = 0; partition < this.#topic.partitions; partition += 1) this.wake(partition)
  }

  /** Something may be there to be handled, by somebody. */
  wake(partition: number): void {
    if (this.#working.has(partition)) return
    this.#working.add(partition)
    void this.#work(partition)
  }

  #ownerOf(partition: number): Member | undefined {
    return this.#members[partition % Math.max(this.#members.length, 1)]
  }

  async #work(partition: number): Promise<void> {
    // Not within the call of whoever publishes.
    await Promise.resolve()
    let failures = 0
    for (;;) {
      const owner = this.#ownerOf(partition)
      const messages = this.#topic.read(
        partition,
        this.next(partition),
        owner?.options.batchMax ?? DEFAULT_BATCH_MESSAGES,
      )
      if (owner === undefined || messages.length === 0) break
      const { promise, resolve } = Promise.withResolvers<void>()
      owner.inHand.set(partition, promise)
      const handled = await handle(owner, messages)
      if (handled) {
        this.#next[partition] = Number(messages.at(-1)!.offset) + 1
        this.#onHandled()
      }
      owner.inHand.delete(partition)
      resolve()
      failures = handled ? 0 : failures + 1
      if (!handled) await pause(pauseAfter(failures, owner.pauses), owner.stopping.signal)
    }
    this.#working.delete(partition)
  }
}

async function handle(member: Member, messages: IncomingMessage[]): Promise<boolean> {
  const { signal } = member.stopping
  try {
    await member.options.handle(messages, signal)
    return true
  } catch (error) {
    // A handler that gives up since it was told to has not failed.
    if (!(signal.aborted && error instanceof Error && error.name === 'AbortError')) member.options.onFailure(error)
    return false
  }
}
