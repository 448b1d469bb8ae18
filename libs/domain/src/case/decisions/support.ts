import type { z } from 'zod'
import type { Actor, Role } from '../../kernel/actor.ts'
import type { CommandContext, CommandDefinition } from '../../kernel/command.ts'
import { refuse } from '../../kernel/decision.ts'
import type { Decision } from '../../kernel/decision.ts'
import type { CaseEvent } from '../events.ts'
import { evolveCase } from '../state.ts'
import type { Case, OpenedCase } from '../state.ts'
import { followersOf } from '../state/joining.ts'
import type { Accused } from '../values.ts'

export type CaseDecision = Decision<CaseEvent>
export type Person = Exclude<Actor, { policy: string }>
export type PersonContext = CommandContext & { actor: Person }

/** From here on people may add nothing, so that what policies must still write finds room below 5,000. */
export const PEOPLE_EVENTS_MAX = 4_500

interface Row<Schema extends z.ZodType, Context extends CommandContext> {
  schema: Schema
  by: readonly (Role | 'policy')[]
  /** Work on the case: refused while it follows another, whose department does it. */
  work?: boolean
  decide: (command: z.infer<Schema>, state: OpenedCase, context: Context) => CaseDecision
}
type Command<Schema extends z.ZodType> = CommandDefinition<Schema, Case, CaseEvent, CommandContext>

/** A command on an opened case that people and policies may give. */
export function command<Schema extends z.ZodType>(row: Row<Schema, CommandContext>): Command<Schema> {
  return {
    schema: row.schema,
    by: row.by,
    decide: (command, state, context) => {
      if (state.status === 'none') return refuse('NOT_FOUND')
      const decision = row.decide(command, state, context)
      // "Already so" comes before what stands in the way.
      if (decision.outcome === 'nothing') return decision
      return hindrance(row.work ?? false, state, context) ?? decision
    },
  }
}

/** A command on an opened case that only people give. */
export function peoplesCommand<Schema extends z.ZodType>(row: Row<Schema, PersonContext>): Command<Schema> {
  return command({
    ...row,
    decide: (command, state, context) => {
      const { actor } = context
      return 'policy' in actor ? refuse('ROLE_NOT_ALLOWED') : row.decide(command, state, { ...context, actor })
    },
  })
}

function hindrance(work: boolean, state: OpenedCase, { actor }: CommandContext): CaseDecision | null {
  if (!('policy' in actor)) {
    const accused = accusedOf(state)
    if (accused.departments.includes(actor.department) || accused.persons.includes(actor.person)) {
      return refuse('ACTOR_IS_ACCUSED')
    }
    if (state.events >= PEOPLE_EVENTS_MAX) return refuse('STREAM_NEARLY_FULL', `${state.events} events`)
  }
  if (work && state.joining.following !== null) return refuse('CASE_FOLLOWS_ANOTHER', state.joining.following.lead)
  return null
}

/** Several decisions as one, each on what the ones before it led to; refused where one of them is. */
export function inSequence(state: OpenedCase, ...steps: ((state: OpenedCase) => CaseDecision)[]): CaseDecision {
  const events: CaseEvent[] = []
  let current = state
  for (const step of steps) {
    const decision = step(current)
    if (decision.outcome === 'refused') return decision
    if (decision.outcome === 'nothing') continue
    events.push(...decision.events)
    const next = decision.events.reduce<Case>(evolveCase, current)
    if (next.status !== 'none') current = next
  }
  return events.length === 0 ? { outcome: 'nothing' } : { outcome: 'accepted', events }
}

/** Everyone from whom the case is kept: whom it accuses, if it is a 举报, and whom its followers accuse. */
export function accusedOf(state: OpenedCase): Accused {
  const departments = new Set<string>()
  const persons = new Set<string>()
  const add = (accused: Accused) => {
    for (const department of accused.departments) departments.add(department)
    for (const person of accused.persons) persons.add(person)
  }
  if (state.triage?.type === 'report') add(state.triage.accused)
  for (const follower of followersOf(state.joining).values()) if (follower.follows) add(follower.barred)
  return { departments: [...departments], persons: [...persons] }
}

/** The department that works on the case and answers for it now: who signed, or who coordinates until somebody has. */
export function holderOf({ hands }: OpenedCase): string | null {
  return hands.routing.status === 'signed' ? hands.routing.lead : hands.coordinating
}

/** Every department that has the case before it: lead, assisting, coordinating, asked for assistance. */
export function departmentsHolding({ hands }: OpenedCase): string[] {
  const { routing, coordinating, assists } = hands
  const all = [
    ...(routing.status === 'unrouted' ? [] : [routing.lead, ...routing.assisting]),
    ...(coordinating === null ? [] : [coordinating]),
    ...assists.filter(({ open }) => open).map(({ department }) => department),
  ]
  return [...new Set(all)]
}

export function isClosed(state: OpenedCase): boolean {
  return state.closing.ending !== null
}

/** Why there is nothing left to work on; null while there is. */
export function workEnded(state: OpenedCase): CaseDecision | null {
  if (isClosed(state)) return refuse('CASE_CLOSED', state.status)
  return state.status === 'answered' ? refuse('CASE_ANSWERED') : null
}

/** The first of these departments that may be given no work: unknown to the settings or no longer active. */
export function unknownDepartment(departments: readonly string[], context: CommandContext): Decision<never> | null {
  const unknown = departments.find((id) => context.settings.departments.get(id)?.active !== true)
  return unknown === undefined ? null : refuse('UNKNOWN_DEPARTMENT', unknown)
}

/** Refuses to let the case reach whom it accuses. */
export function routedToAccused(departments: readonly string[], state: OpenedCase): CaseDecision | null {
  const accused = accusedOf(state).departments
  const found = departments.find((department) => accused.includes(department))
  return found === undefined ? null : refuse('ROUTE_TO_ACCUSED', found)
}
