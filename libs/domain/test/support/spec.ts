import { roleOf } from '#domain'
import type { CommandContext, Decision, ErrorCode, EventFormats, Role } from '#domain'
import { expect } from 'vitest'
import type { z } from 'zod'
import { contextOf } from './context.ts'

interface Row {
  schema: z.ZodType
  by: readonly (Role | 'policy')[]
}

/** An aggregate as its specifications need it: the same parts that the application runs. */
export interface Specified<State, Event, Commands extends Record<string, Row>> {
  initial: State
  evolve: (state: State, event: Event) => State
  formats: EventFormats
  commands: Commands
}

type Body<Commands extends Record<string, Row>, Name extends keyof Commands> = z.input<Commands[Name]['schema']>

/**
 * Given / when / then:
 * `given(opened).when('RouteCase', { … }, { actor }).thenEvents({ type: 'CaseRouted', data: … })`,
 * `….thenNothing()`, `….thenRefused('CASE_NOT_OPEN')`. `when` checks the command against its schema and roles, and every
 * event that comes of it against its storage format.
 */
export function specification<
  State,
  Event extends { type: string; data: unknown },
  Commands extends Record<string, Row>,
>(aggregate: Specified<State, Event, Commands>) {
  const stateAfter = (events: readonly Event[]): State => events.reduce(aggregate.evolve, aggregate.initial)

  function decide<Name extends keyof Commands & string>(
    name: Name,
    body: Body<Commands, Name>,
    state: State,
    given: Partial<CommandContext> = {},
  ): Decision<Event> {
    const row = aggregate.commands[name]
    if (row === undefined) throw new Error(`No command ${name}`)
    const context = contextOf(given)
    if (!row.by.includes(roleOf(context.actor))) throw new Error(`${roleOf(context.actor)} may not give ${name}`)
    const decision = (row as unknown as Decider<State, Event>).decide(row.schema.parse(body), state, context)
    if (decision.outcome === 'accepted') for (const event of decision.events) checkFormat(aggregate.formats, event)
    return decision
  }

  return {
    stateAfter,
    decide,
    given: (...events: Event[]) => ({
      when: <Name extends keyof Commands & string>(
        name: Name,
        body: Body<Commands, Name>,
        context: Partial<CommandContext> = {},
      ) => {
        const decision = decide(name, body, stateAfter(events), context)
        return {
          decision,
          /** Exactly these events. Data may be given in part with `expect.objectContaining`. */
          thenEvents: (...expected: { type: Event['type']; data: unknown }[]) =>
            expect(decision).toEqual({ outcome: 'accepted', events: expected }),
          thenNothing: () => expect(decision).toEqual({ outcome: 'nothing' }),
          thenRefused: (code: ErrorCode) => expect(decision).toMatchObject({ outcome: 'refused', code }),
        }
      },
    }),
  }
}

interface Decider<State, Event> {
  decide: (command: unknown, state: State, context: CommandContext) => Decision<Event>
}

/** Fails where an event would not pass its own storage format. */
export function checkFormat(formats: EventFormats, event: { type: string; data: unknown }): void {
  const format = formats[event.type]
  if (format === undefined) throw new Error(`No format for ${event.type}`)
  expect(format.schema.parse(event.data)).toEqual(event.data)
}
