import { randomUUID } from 'node:crypto'
import { caseNumber } from '#domain'
import type { CommandOutcome, CommandRequest } from './request.ts'

/** Numbers reserved at once: a process that dies loses fewer than these, and gaps are fine. */
const BLOCK = 200

/** Gives out case numbers 受理编号 of a year, from blocks that the numbering stream says are ours. */
export class NumberAllocator {
  readonly #execute: (request: CommandRequest) => Promise<CommandOutcome>
  readonly #blocks = new Map<number, { next: number; to: number }>()
  readonly #reserving = new Map<number, Promise<void>>()

  constructor(execute: (request: CommandRequest) => Promise<CommandOutcome>) {
    this.#execute = execute
  }

  async next(year: number): Promise<string> {
    for (;;) {
      const block = this.#blocks.get(year)
      if (block && block.next <= block.to) return caseNumber(year, block.next++)
      let reserving = this.#reserving.get(year)
      if (!reserving) {
        reserving = this.#reserve(year).finally(() => this.#reserving.delete(year))
        this.#reserving.set(year, reserving)
      }
      await reserving
    }
  }

  async #reserve(year: number): Promise<void> {
    const outcome = await this.#execute({
      command: 'ReserveNumbers',
      target: String(year),
      payload: { size: BLOCK, reservation: randomUUID() },
      actor: { policy: 'numbering' },
    })
    if (outcome.outcome !== 'accepted')
      throw new Error(`numbers of ${year} could not be reserved: ${JSON.stringify(outcome)}`)
    const { from, to } = outcome.events[0]!.data as { from: number; to: number }
    this.#blocks.set(year, { next: from, to })
  }
}
