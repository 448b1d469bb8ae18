import type { z } from 'zod'
import type { Role } from '../../kernel/actor.ts'
import type { CommandContext, CommandDefinition } from '../../kernel/command.ts'
import { refuse } from '../../kernel/decision.ts'
import type { Decision } from '../../kernel/decision.ts'
import { staffOf } from '../../kernel/staff.ts'
import type { Staff } from '../../kernel/staff.ts'
import { withinStream } from '../../kernel/stream-bound.ts'
import type { CommitmentEvent } from '../events.ts'
import type { Commitment, MadeCommitment } from '../state.ts'

export type CommitmentDecision = Decision<CommitmentEvent>
type Definition<Schema extends z.ZodType> = CommandDefinition<Schema, Commitment, CommitmentEvent, CommandContext>

interface Row<Schema extends z.ZodType, By, Decide> {
  schema: Schema
  by: readonly By[]
  decide: Decide
}

/** A command on a promise that was made, for people and policies. */
export function onPromise<Schema extends z.ZodType>(
  row: Row<
    Schema,
    Role | 'policy',
    (command: z.infer<Schema>, state: MadeCommitment, context: CommandContext) => CommitmentDecision
  >,
): Definition<Schema> {
  return {
    schema: row.schema,
    by: row.by,
    decide: (command, state, context) =>
      state.status === 'none'
        ? refuse('COMMITMENT_NOT_OPEN', state.status)
        : withinStream(state.events, context.actor, row.decide(command, state, context)),
  }
}

/** A command that only a person gives. */
export function byPerson<Schema extends z.ZodType>(
  row: Row<
    Schema,
    Role,
    (command: z.infer<Schema>, state: MadeCommitment, context: CommandContext, by: Staff) => CommitmentDecision
  >,
): Definition<Schema> {
  return onPromise({
    schema: row.schema,
    by: row.by,
    decide: (command, state, context) => {
      const by = staffOf(context.actor)
      return by === null ? refuse('ROLE_NOT_ALLOWED') : row.decide(command, state, context, by)
    },
  })
}
