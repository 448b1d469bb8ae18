import type { INestApplicationContext } from '@nestjs/common'
import { CommandBus, QueryBus } from '@nestjs/cqrs'
import type { Query } from '@nestjs/cqrs'
import { commandOf } from './commands/cqrs.ts'
import type { CommandOutcome, CommandRequest } from './commands/request.ts'
import { asQueryRefused } from './queries/reading.ts'

/** Commands and queries, as whoever has the application in a Nest context gives them. */
export class Buses {
  readonly #nest: INestApplicationContext

  constructor(nest: INestApplicationContext) {
    this.#nest = nest
  }

  async command(request: CommandRequest): Promise<CommandOutcome> {
    const command = commandOf(request)
    if (!command) return { outcome: 'refused', code: 'UNKNOWN_COMMAND', detail: request.command }
    return await this.#nest.get(CommandBus).execute<typeof command, CommandOutcome>(command)
  }

  /** Throws `QueryRefused` where the question cannot be answered. */
  async query<Answer>(query: Query<Answer>): Promise<Answer> {
    try {
      return await this.#nest.get(QueryBus).execute(query)
    } catch (error) {
      throw asQueryRefused(error)
    }
  }
}
