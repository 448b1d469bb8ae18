import { EventStoreError } from '../errors.ts'

export interface GroupCommitLimits {
  /** Items written in one transaction. */
  groupItemsMax: number
  groupBytesMax: number
  /** What may wait; whoever comes later is held back until there is room. */
  queueItemsMax: number
  queueBytesMax: number
}

export type Outcome<Result> = { result: Result } | { error: unknown }

interface Waiting<Item, Result> {
  item: Item
  sizeBytes: number
  settle: (outcome: Outcome<Result>) => void
}

/**
 * Gathers what arrives in one turn of the event loop into one transaction, because the disk takes as long for one as for
 * sixty-four. `commit` gives an outcome for each item, or throws for all.
 */
export class GroupCommit<Item, Result> {
  readonly #limits: GroupCommitLimits
  readonly #commit: (items: readonly Item[]) => Outcome<Result>[]
  readonly #queue: Waiting<Item, Result>[] = []
  readonly #heldBack: (() => void)[] = []
  #queuedBytes = 0
  #isScheduled = false
  #isClosed = false

  constructor(limits: GroupCommitLimits, commit: (items: readonly Item[]) => Outcome<Result>[]) {
    this.#limits = limits
    this.#commit = commit
  }

  add(item: Item, sizeBytes: number): Promise<Result> {
    // Whoever is held back goes before whoever comes now, so that nobody waits for ever.
    if (this.#heldBack.length > 0 || !this.#hasRoom()) return this.#room().then(() => this.#enqueue(item, sizeBytes))
    return this.#enqueue(item, sizeBytes)
  }

  #enqueue(item: Item, sizeBytes: number): Promise<Result> {
    if (this.#isClosed) {
      return Promise.reject(new EventStoreError('STORE_CLOSED', 'The store is closed; nothing was written.'))
    }
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    const settle = (outcome: Outcome<Result>): void => {
      if ('error' in outcome) reject(outcome.error)
      else resolve(outcome.result)
    }
    this.#queue.push({ item, sizeBytes, settle })
    this.#queuedBytes += sizeBytes
    this.#schedule()
    return promise
  }

  /** Writes what waits and takes no more. */
  close(): void {
    this.#isClosed = true
    while (this.#queue.length > 0) this.#flush()
    for (const release of this.#heldBack.splice(0)) release()
  }

  #hasRoom(): boolean {
    return this.#queue.length < this.#limits.queueItemsMax && this.#queuedBytes < this.#limits.queueBytesMax
  }

  #room(): Promise<void> {
    return new Promise((resolve) => this.#heldBack.push(resolve))
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      this.#flush()
      if (this.#queue.length > 0) this.#schedule()
    })
  }

  #flush(): void {
    const group = this.#takeGroup()
    if (group.length === 0) return
    let outcomes: Outcome<Result>[]
    try {
      outcomes = this.#commit(group.map(({ item }) => item))
    } catch (error) {
      outcomes = group.map(() => ({ error }))
    }
    group.forEach(({ settle }, index) => settle(outcomes[index]!))
    const room = this.#limits.queueItemsMax - this.#queue.length
    if (this.#hasRoom()) for (const release of this.#heldBack.splice(0, room)) release()
  }

  #takeGroup(): Waiting<Item, Result>[] {
    let sizeBytes = 0
    let count = 0
    for (const waiting of this.#queue) {
      if (
        count === this.#limits.groupItemsMax ||
        (count > 0 && sizeBytes + waiting.sizeBytes > this.#limits.groupBytesMax)
      )
        break
      sizeBytes += waiting.sizeBytes
      count += 1
    }
    this.#queuedBytes -= sizeBytes
    return this.#queue.splice(0, count)
  }
}
