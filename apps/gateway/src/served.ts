import type { CommandOutcome, CommandRequest } from '#application'
import type { Query } from '@nestjs/cqrs'

/** What the gateway serves. Whoever puts the parts together gives it. */
export interface Served {
  command(request: CommandRequest): Promise<CommandOutcome>
  query<Result>(query: Query<Result>): Promise<Result>
}
