import { sizeOf } from '../check.ts'
import { partitionOf } from '../partition.ts'
import type { IncomingMessage, OutgoingMessage, TopicDefinition } from '../port.ts'

interface Log {
  /** Offset of the first message that is kept. */
  oldest: number
  messages: IncomingMessage[]
}

/** The messages of one topic, in memory: as many as its bounds and its retention let it keep. */
export class Topic {
  readonly definition: TopicDefinition
  readonly #logs: Log[]
  #bytes = 0

  constructor(definition: TopicDefinition) {
    this.definition = definition
    this.#logs = Array.from({ length: definition.partitions }, () => ({ oldest: 0, messages: [] }))
  }

  get bytes(): number {
    return this.#bytes
  }

  get partitions(): number {
    return this.#logs.length
  }

  oldest(partition: number): number {
    return this.#logs[partition]!.oldest
  }

  /** The offset that the next message will have. */
  end(partition: number): number {
    const { oldest, messages } = this.#logs[partition]!
    return oldest + messages.length
  }

  append(message: OutgoingMessage, sentAtMs: number): number {
    const partition = partitionOf(message.key, this.#logs.length)
    const { key, value, headers } = message
    this.#logs[partition]!.messages.push({
      topic: this.definition.name,
      partition,
      offset: String(this.end(partition)),
      key: key.toWellFormed(),
      // Whoever sent it may use the same memory again.
      value: Uint8Array.from(value),
      headers: { ...headers },
      sentAtMs,
    })
    this.#bytes += sizeOf(message)
    return partition
  }

  read(partition: number, from: number, count: number): IncomingMessage[] {
    const { oldest, messages } = this.#logs[partition]!
    const at = Math.max(from - oldest, 0)
    return messages.slice(at, at + count)
  }

  /** Forgets, from the oldest on, what `mayGo` lets go. */
  drop(mayGo: (message: IncomingMessage, partition: number) => boolean): void {
    for (const [partition, log] of this.#logs.entries()) {
      let count = 0
      while (count < log.messages.length && mayGo(log.messages[count]!, partition)) {
        this.#bytes -= sizeOf(log.messages[count]!)
        count += 1
      }
      if (count === 0) continue
      log.messages.splice(0, count)
      log.oldest += count
    }
  }
}
