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
  readonly #heldBack: Waiting<Item, Result>[] = []
  #queuedBytes = 0
  #isScheduled = false
  #isClosed = false

  constructor(limits: GroupCommitLimits, commit: (items: readonly Item[]) => Outcome<Result>[]) {
    this.#limits = limits
    this.#commit = commit
  }

  /** Settles when the item is written. Whoever comes while the queue is full waits outside it, in turn. */
  add(item: Item, sizeBytes: number): Promise<Result> {
    if (this.#isClosed) {
      return Promise.reject(new EventStoreError('STORE_CLOSED', 'The store is closed; nothing was written.'))
    }
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    const settle = (outcome: Outcome<Result>): void => {
      if ('error' in outcome) reject(outcome.error)
      else resolve(outcome.result)
    }
    this.#heldBack.push({ item, sizeBytes, settle })
    this.#admit()
    this.#schedule()
    return promise
  }

  /** Writes what waits and takes no more. */
  close(): void {
    this.#isClosed = true
    while (this.#queue.length > 0) this.#flush()
  }

  #admit(): void {
    while (this.#queue.length < this.#limits.queueItemsMax && this.#queuedBytes < this.#limits.queueBytesMax) {
      const next = this.#heldBack.shift()
      if (next === undefined) return
      this.#queue.push(next)
      this.#queuedBytes += next.sizeBytes
    }
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
    this.#admit()
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
