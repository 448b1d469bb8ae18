import { inParallel } from '../sentinel/in-parallel.ts'
import type { IncomingMessage, MessageHandler } from '#messaging'
import { BatchMemory } from './batch-memory.ts'
import { InboundError, isInfrastructure } from './failures.ts'
import type { DeadLetter, LetterBox } from './letter-box.ts'
import { describe } from './message-intake.ts'
import type { MessageIntake, ReadMessage } from './message-intake.ts'
import { refusalOf } from './refusal.ts'

/** Items of a batch worked on at once; appends of that many are gathered by the store. */
const ITEMS_AT_ONCE_MAX = 100
/** How often a message may fail before it is put aside, where others get through. */
export const FAILURES_MAX = 5
/** Put aside one after the other without one getting through between: then it is not the messages. */
const POISONED_IN_A_ROW_MAX = 10

export interface InboundIntakeParts {
  messages: MessageIntake
  letters: Pick<LetterBox, 'post'>
  /** Asks the store something small; rejects where it is away. */
  probe: () => Promise<unknown>
}

/** Since the process started. */
export interface InboundCounts {
  taken: number
  unchanged: number
  revised: number
  /** Dead letters posted, those that were put aside for failing included. */
  refused: number
  poisoned: number
  /** Batches that come again. */
  failedBatches: number
}

type Item = Extract<ReadMessage, { outcome: 'read' }>

/** What goes on with one batch. */
interface Batch {
  signal: AbortSignal
  letters: DeadLetter[]
  /** Every message that failed, with what it failed by. */
  failures: { message: IncomingMessage; error: unknown }[]
  /** Whether any message reached the store and came to an end there. */
  hasPassed: boolean
}

/**
 * Takes in what a broker delivers. What can never be taken becomes a dead letter; what may pass makes the batch come again.
 * Nothing is held to be handled before it is durable, and nothing is dropped.
 */
export class InboundIntake {
  readonly #parts: InboundIntakeParts
  readonly #memory = new BatchMemory()
  readonly #counts: InboundCounts = { taken: 0, unchanged: 0, revised: 0, refused: 0, poisoned: 0, failedBatches: 0 }
  #poisonedInARow = 0

  constructor(parts: InboundIntakeParts) {
    this.#parts = parts
  }

  get counts(): Readonly<InboundCounts> {
    return this.#counts
  }

  /**
   * For `Messaging.consume`. Many items at once, messages of one item in their order. Rejects with `BATCH_NOT_TAKEN`, whose
   * cause says why, with the signal's reason, and with what publishing dead letters throws.
   */
  readonly take: MessageHandler = async (messages, signal) => {
    try {
      await this.#take(messages, signal)
      this.#memory.end(messages)
    } catch (error) {
      this.#counts.failedBatches += 1
      throw error
    }
  }

  async #take(messages: readonly IncomingMessage[], signal: AbortSignal): Promise<void> {
    this.#memory.begin(messages)
    const batch: Batch = { signal, letters: [], failures: [], hasPassed: false }
    const queues = await this.#queues(messages, batch)
    await inParallel(queues, ITEMS_AT_ONCE_MAX, (queue) => this.#takeInOrder(queue, batch))
    if (await this.#putAside(batch)) await this.#takeRest(queues, batch)
    await this.#post(batch)
    signal.throwIfAborted()
    if (batch.failures.length > 0) throw notTaken(messages, batch)
  }

  /** By item; what cannot be read goes to the letters at once. */
  async #queues(messages: readonly IncomingMessage[], batch: Batch): Promise<Item[][]> {
    const queues = new Map<string, Item[]>()
    for (const message of messages) {
      if (this.#memory.isDone(message)) continue
      const read = await this.#read(message, batch)
      if (read === null) continue
      const name = JSON.stringify([read.channel.id, read.record.externalId])
      const queue = queues.get(name)
      if (queue) queue.push(read)
      else queues.set(name, [read])
    }
    return [...queues.values()]
  }

  async #read(message: IncomingMessage, batch: Batch): Promise<Item | null> {
    try {
      const read = await this.#parts.messages.read(message)
      if (read.outcome === 'read') return read
      batch.letters.push({ message, refusal: read.refusal, attempts: 1 })
    } catch (error) {
      batch.failures.push({ message, error })
    }
    return null
  }

  /** Up to the first that fails: what comes after it must not overtake it. */
  async #takeInOrder(queue: Item[], batch: Batch): Promise<void> {
    for (let item = queue[0]; item !== undefined; item = queue[0]) {
      if (batch.signal.aborted) return
      const { message } = item
      try {
        const taken = await this.#parts.messages.take(item)
        if (taken.outcome === 'refused') batch.letters.push({ message, refusal: taken.refusal, attempts: 1 })
        else {
          this.#counts[taken.outcome] += 1
          this.#memory.done(message)
          batch.hasPassed = true
          this.#poisonedInARow = 0
        }
        queue.shift()
      } catch (error) {
        batch.failures.push({ message, error })
        return
      }
    }
  }

  /**
   * A message that fails again and again by an error that is not the infrastructure's, while the store answers and others
   * get through, becomes a dead letter. Gives whether there was one.
   */
  async #putAside(batch: Batch): Promise<boolean> {
    const poisonous = new Set<IncomingMessage>()
    for (const { message, error } of batch.failures) {
      if (isInfrastructure(error)) continue
      const failures = this.#memory.failed(message)
      const isAlone = batch.hasPassed || this.#poisonedInARow < POISONED_IN_A_ROW_MAX
      if (failures < FAILURES_MAX || !isAlone || !(await this.#storeAnswers(batch, message))) continue
      this.#poisonedInARow += 1
      this.#counts.poisoned += 1
      poisonous.add(message)
      batch.letters.push({ message, refusal: refusalOf('POISONED', null), attempts: failures })
    }
    batch.failures = batch.failures.filter(({ message }) => !poisonous.has(message))
    return poisonous.size > 0
  }

  async #storeAnswers(batch: Batch, message: IncomingMessage): Promise<boolean> {
    try {
      await this.#parts.probe()
      return true
    } catch (error) {
      batch.failures.push({ message, error })
      return false
    }
  }

  /** What waited behind a message that was put aside. */
  async #takeRest(queues: readonly Item[][], batch: Batch): Promise<void> {
    const put = new Set(batch.letters.map(({ message }) => message))
    const rest = queues.filter((queue) => queue.length > 1 && put.has(queue[0]!.message))
    for (const queue of rest) queue.shift()
    await inParallel(rest, ITEMS_AT_ONCE_MAX, (queue) => this.#takeInOrder(queue, batch))
  }

  async #post({ letters, signal }: Batch): Promise<void> {
    if (letters.length === 0) return
    await this.#parts.letters.post(letters, signal)
    for (const { message } of letters) this.#memory.done(message)
    this.#counts.refused += letters.length
  }
}

function notTaken(messages: readonly IncomingMessage[], { failures }: Batch): InboundError {
  const told = failures.find(({ error }) => isInfrastructure(error)) ?? failures[0]!
  const reason = told.error instanceof Error ? told.error.message : String(told.error)
  return new InboundError(
    'BATCH_NOT_TAKEN',
    `${failures.length} of ${messages.length} messages could not be taken in and come again. ${describe(told.message)} failed: ${reason}`,
    told.error,
  )
}
