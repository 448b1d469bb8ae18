import type { CommandContext, CommandDefinition, Decision } from '#domain'
import type { z } from 'zod'

/** An event as the domain knows it: the envelope is the application's. */
export interface DomainEvent {
  type: string
  data: unknown
}

/** A kind of stream and how to decide on it, with its own types closed over. */
export interface Aggregate {
  name: string
  /** What an id looks like. */
  idShape: RegExp
  /** `case-` and the like; the id follows. */
  streamOf: (id: string) => string
  initial: unknown
  evolve: (state: unknown, event: DomainEvent) => unknown
  /** The case that its events belong to, for the envelope. */
  caseIdOf: (id: string, state: unknown, payload: unknown) => string | null
}

export interface AggregateParts<State, Event> {
  name: string
  idShape: RegExp
  streamOf: (id: string) => string
  initial: State
  evolve: (state: State, event: Event) => State
  caseIdOf: (id: string, state: State, payload: never) => string | null
}

/** The one place where an aggregate's own types are widened, so that one executor serves them all. */
export function aggregate<State, Event>(parts: AggregateParts<State, Event>): Aggregate {
  return parts as unknown as Aggregate
}

/** One row of the table of all commands. */
export interface CommandRow {
  name: string
  aggregate: Aggregate
  /** Whether it may be the first of its stream. */
  creates: boolean
  /** The one stream that it is for, where there is only one: the area of a settings command. */
  area: string | null
  schema: z.ZodType
  by: CommandDefinition<z.ZodType, unknown, DomainEvent, CommandContext>['by']
  decide: (payload: unknown, state: unknown, context: CommandContext) => Decision<DomainEvent>
}
