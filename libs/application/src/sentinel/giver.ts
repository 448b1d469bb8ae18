import type { ErrorCode } from '#domain'
import type { Position } from '#event-store'
import type { CommandOutcome, CommandRequest } from '../commands/request.ts'
import type { Consequence } from '../policies/policy.ts'
import type { Cause } from '../projections/casework/cause.ts'
import type { Tally } from './report.ts'

/** In whose name a command is given, and which refusals are answers, too. */
export interface Giving {
  name: string
  expectedRefusals: ReadonlySet<ErrorCode>
}

/** Gives commands in the name of a policy, because of a cause; remembers how far readers must see to see what it wrote. */
export class Giver {
  readonly #execute: (request: CommandRequest) => Promise<CommandOutcome>
  #token: Position | null = null

  constructor(execute: (request: CommandRequest) => Promise<CommandOutcome>) {
    this.#execute = execute
  }

  /** The last of what was written. */
  get token(): Position | null {
    return this.#token
  }

  /** Whether it is done, or need not be. What else comes of it goes into the tally. */
  async give(
    { name: policy, expectedRefusals }: Giving,
    cause: Cause,
    { about = '', ...consequence }: Consequence,
    tally: Tally,
  ): Promise<boolean> {
    const { command, target } = consequence
    const at = { policy, command, target }
    let outcome: CommandOutcome
    try {
      outcome = await this.#execute({ ...consequence, actor: { policy }, cause: { ...cause, about } })
    } catch (error) {
      tally.broke(at, error)
      return false
    }
    if (outcome.outcome === 'refused') {
      if (expectedRefusals.has(outcome.code)) return true
      tally.failedTo({ ...at, code: outcome.code, detail: outcome.detail })
      return false
    }
    if (outcome.outcome === 'accepted') {
      tally.wrote(command)
      if (outcome.token !== null && (this.#token === null || outcome.token > this.#token)) this.#token = outcome.token
    }
    return true
  }
}
