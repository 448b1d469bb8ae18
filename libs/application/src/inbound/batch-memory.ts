import { hash } from 'node:crypto'
import type { IncomingMessage } from '#messaging'

interface Remembered {
  /** Of its bytes: a topic that was made anew has other messages at the same offsets. */
  digest: string
  isDone: boolean
  failures: number
}

/**
 * What this process knows of the messages of a batch that comes again: which are done with, so that none of them is worked
 * on again after one that came later, and how often each failed. As many as the batches in hand hold.
 */
export class BatchMemory {
  readonly #partitions = new Map<string, Map<string, Remembered>>()

  /** Forgets what the partition has left behind. */
  begin(messages: readonly IncomingMessage[]): void {
    for (const partition of new Set(messages.map(partitionOf))) {
      const known = this.#partitions.get(partition)
      if (known === undefined) continue
      const offsets = new Set(messages.filter((each) => partitionOf(each) === partition).map(({ offset }) => offset))
      for (const offset of known.keys()) if (!offsets.has(offset)) known.delete(offset)
    }
  }

  isDone(message: IncomingMessage): boolean {
    return this.#find(message)?.isDone === true
  }

  done(message: IncomingMessage): void {
    this.#remember(message).isDone = true
  }

  /** How often it has failed, this time included. */
  failed(message: IncomingMessage): number {
    const remembered = this.#remember(message)
    remembered.failures += 1
    return remembered.failures
  }

  /** The batch is done with and does not come again. */
  end(messages: readonly IncomingMessage[]): void {
    for (const partition of messages.map(partitionOf)) this.#partitions.delete(partition)
  }

  #find(message: IncomingMessage): Remembered | undefined {
    const remembered = this.#partitions.get(partitionOf(message))?.get(message.offset)
    return remembered?.digest === digestOf(message) ? remembered : undefined
  }

  #remember(message: IncomingMessage): Remembered {
    const found = this.#find(message)
    if (found) return found
    const partition = partitionOf(message)
    const known = this.#partitions.get(partition) ?? new Map<string, Remembered>()
    this.#partitions.set(partition, known)
    const remembered = { digest: digestOf(message), isDone: false, failures: 0 }
    known.set(message.offset, remembered)
    return remembered
  }
}

function partitionOf({ topic, partition }: IncomingMessage): string {
  return `${topic} ${partition}`
}

function digestOf({ sentAtMs, value }: IncomingMessage): string {
  return `${sentAtMs} ${hash('sha256', value)}`
}
