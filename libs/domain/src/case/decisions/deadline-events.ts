import { computeDeadline, isInTime } from '#calendar'
import type { ClockStart, DeadlinePurpose, NormFacts } from '#calendar'
import type { CommandContext } from '../../kernel/command.ts'
import type { CaseEvent } from '../events.ts'
import type { OpenedCase, Triage } from '../state.ts'
import type { CaseDeadline } from '../state/deadlines.ts'
import type { CaseKind } from '../values.ts'

/** What decisions append about deadlines beside what they decide. */

type Opened = OpenedCase['opened']
type LapseCause = Extract<CaseEvent, { type: 'DeadlineLapsed' }>['data']['cause']

/** What runs from the first moment: receipt of a message, discovery of an opinion. */
export const FIRST_PURPOSES = ['acknowledge', 'final-answer', 'authoritative-information', 'press-conference'] as const
/** What only the county's own work is measured by: it ends with that work, and no asker waits for it. */
export const INTERNAL_PURPOSES = ['sign-for', 'hand-back', 'assist-reply', 'supplement'] as const

export function firstClock(kind: CaseKind): ClockStart {
  return kind === 'message' ? 'received' : 'discovered'
}

export function factsOf(opened: Opened, triage: Triage | null): NormFacts {
  return {
    kind: opened.kind,
    origin: opened.origin,
    channel: opened.channel ?? undefined,
    type: triage?.type ?? opened.type ?? undefined,
    subject: triage?.subject ?? opened.subject ?? undefined,
    opinionGrade: triage?.opinionGrade ?? undefined,
    incidentGrade: triage?.incident?.grade ?? undefined,
    simple: triage?.simple ?? undefined,
  }
}

export interface Clock {
  purpose: DeadlinePurpose
  startsAt: ClockStart
  startedAt: string
}

/** The deadline that norms set; null where none applies. */
export function byNorms(clock: Clock, facts: NormFacts, { settings, now }: CommandContext) {
  return computeDeadline({ ...clock, facts, norms: settings.norms, calendar: settings.calendar, now })
}

/** A deadline as norms set it; nothing where none applies. */
export function setByNorms(
  clock: Clock,
  facts: NormFacts,
  context: CommandContext,
  reference: string | null = null,
): CaseEvent[] {
  const deadline = byNorms(clock, facts, context)
  if (deadline === null) return []
  const { purpose, startedAt } = clock
  const deadlineId = context.derive('deadline', purpose, reference ?? '')
  return [{ type: 'DeadlineSet', data: { deadlineId, purpose, reference, startedAt, due: deadline.due, deadline } }]
}

/** A deadline on a day that a person set. */
export function setByPerson(
  purpose: DeadlinePurpose,
  reference: string,
  due: string,
  context: CommandContext,
): CaseEvent {
  const deadlineId = context.derive('deadline', purpose, reference)
  return {
    type: 'DeadlineSet',
    data: { deadlineId, purpose, reference, startedAt: context.now, due, deadline: null },
  }
}

export function isRunning({ status }: CaseDeadline): boolean {
  return status === 'open' || status === 'suspended'
}

function running(
  state: OpenedCase,
  purposes: readonly DeadlinePurpose[],
  reference: string | null = null,
): CaseDeadline[] {
  return state.deadlines.filter(
    (deadline) =>
      isRunning(deadline) &&
      purposes.includes(deadline.purpose) &&
      (reference === null || deadline.reference === reference),
  )
}

/** A clock that stands still cannot be late: it was stopped before it ran out. */
function conclude(deadline: CaseDeadline, at: string): CaseEvent {
  const { id: deadlineId, purpose, due } = deadline
  return deadline.status === 'suspended' || isInTime(deadline, at)
    ? { type: 'DeadlineMet', data: { deadlineId, purpose, due, at } }
    : { type: 'DeadlineMissed', data: { deadlineId, purpose, due, doneAt: at } }
}

/**
 * What was asked for was done at `at`: met, or missed where that is late and nobody had yet written so. A deadline already
 * written as missed stays so; the answer beside it says when.
 */
export function done(
  state: OpenedCase,
  purposes: readonly DeadlinePurpose[],
  at: string,
  reference: string | null = null,
): CaseEvent[] {
  return running(state, purposes, reference).map((deadline) => conclude(deadline, at))
}

/** They end unmet, without fault. */
export function lapse(
  state: OpenedCase,
  purposes: readonly DeadlinePurpose[],
  cause: LapseCause,
  reference: string | null = null,
): CaseEvent[] {
  return running(state, purposes, reference).map(({ id: deadlineId, purpose, due }) => ({
    type: 'DeadlineLapsed',
    data: { deadlineId, purpose, due, cause },
  }))
}

/** The asker was told that nobody here will answer: what was still in time ends, what was late stays late. */
export function endObligations(
  state: OpenedCase,
  cause: 'not-accepted' | 'transferred',
  { now }: CommandContext,
): CaseEvent[] {
  return state.deadlines.filter(isRunning).map((deadline) => {
    const { id: deadlineId, purpose, due } = deadline
    const late = deadline.status === 'open' && !isInTime(deadline, now)
    if (purpose === 'acknowledge' || (late && purpose !== 'hand-back')) return conclude(deadline, now)
    return { type: 'DeadlineLapsed', data: { deadlineId, purpose, due, cause } }
  })
}

/** An instant so many milliseconds later. */
export function later(at: string, milliseconds: number): string {
  return Temporal.Instant.from(at).add({ milliseconds }).toString({ smallestUnit: 'millisecond' })
}

/** Milliseconds from one instant to another. */
export function between(start: string, end: string): number {
  return Temporal.Instant.from(end).epochMilliseconds - Temporal.Instant.from(start).epochMilliseconds
}
