import { z } from 'zod'
import type { CommandContext } from '../../kernel/command.ts'
import { accept, nothing, refuse } from '../../kernel/decision.ts'
import { departmentId } from '../../kernel/values.ts'
import type { CaseEvent } from '../events.ts'
import type { OpenedCase } from '../state.ts'
import * as v from '../values.ts'
import { done, factsOf, lapse, setByNorms } from './deadline-events.ts'
import { command, isClosed, peoplesCommand, routedToAccused, unknownDepartment, workEnded } from './support.ts'
import type { CaseDecision, PersonContext } from './support.ts'

const routeCase = z.strictObject({
  lead: departmentId,
  assisting: z.array(departmentId).max(20),
  basis: v.routingBasis,
})
export type RouteCase = z.infer<typeof routeCase>

/** 分办. The lead must sign for it, unless it had signed already and only the assisting ones change. */
export function route(command: RouteCase, state: OpenedCase, context: CommandContext): CaseDecision {
  const { lead, basis } = command
  const assisting = [...new Set(command.assisting)].filter((department) => department !== lead)
  const { routing, handBacksGranted } = state.hands
  const stays = routing.status !== 'unrouted' && routing.lead === lead
  if (
    stays &&
    new Set([...assisting, ...routing.assisting]).size === assisting.length &&
    assisting.length === routing.assisting.length &&
    (routing.binding || basis.kind !== 'jurisdiction')
  ) {
    return nothing()
  }
  const ended = workEnded(state)
  if (ended !== null) return ended
  if (state.triage === null) return refuse('NOT_TRIAGED')
  const departments = [lead, ...assisting]
  const barred = unknownDepartment(departments, context) ?? routedToAccused(departments, state)
  if (barred !== null) return barred
  if (!stays && basis.kind !== 'jurisdiction') {
    if (handBacksGranted >= context.settings.limits.handBacks) return refuse('JURISDICTION_REQUIRED')
    if (routing.status !== 'unrouted' && routing.binding) return refuse('JURISDICTION_BINDS')
  }
  const previousLead = routing.status === 'unrouted' ? null : routing.lead
  const data = {
    lead,
    assisting,
    basis,
    previousLead,
    coordinating: stays ? state.hands.coordinating : firstAsked(lead, previousLead, state),
    at: context.now,
  }
  return accept({ type: 'CaseRouted', data }, ...(stays ? [] : signingDeadlines(state, context)))
}

/** 首问负责: who was asked first goes on answering the asker until another has signed. Whom the case accuses has lost it before. */
function firstAsked(lead: string, previousLead: string | null, state: OpenedCase): string | null {
  const first = state.hands.coordinating ?? previousLead
  return first === lead ? null : first
}

function signingDeadlines(state: OpenedCase, context: CommandContext): CaseEvent[] {
  return [...lapse(state, ['sign-for', 'hand-back'], 'rerouted'), ...signForDeadline(state, context)]
}

/** 签收 is measured from routing. */
export function signForDeadline(state: OpenedCase, context: CommandContext): CaseEvent[] {
  const clock = { purpose: 'sign-for', startsAt: 'routed', startedAt: context.now } as const
  return setByNorms(clock, factsOf(state.opened, state.triage), context)
}

const signForCase = z.strictObject({})

/** 签收. From here the lead may hand the case back for the time that the norm gives; no deadline that the public sees starts. */
export function signFor(
  _command: z.infer<typeof signForCase>,
  state: OpenedCase,
  context: PersonContext,
): CaseDecision {
  const { routing } = state.hands
  if (routing.status === 'unrouted') return refuse('NOT_ROUTED')
  const { person, department } = context.actor
  if (routing.lead !== department) return refuse('NOT_YOUR_CASE')
  if (routing.status === 'signed') return nothing()
  if (isClosed(state)) return refuse('CASE_CLOSED', state.status)
  const at = context.now
  const clock = { purpose: 'hand-back', startsAt: 'signed-for', startedAt: at } as const
  return accept(
    { type: 'CaseSignedFor', data: { department, by: person, at } },
    ...done(state, ['sign-for'], at),
    ...(routing.binding ? [] : setByNorms(clock, factsOf(state.opened, state.triage), context)),
  )
}

export const routingCommands = {
  RouteCase: command({
    schema: routeCase,
    by: ['policy', 'monitor', 'coordinator', 'opinion-office'],
    work: true,
    decide: route,
  }),
  SignForCase: peoplesCommand({
    schema: signForCase,
    by: ['officer', 'department-reviewer'],
    work: true,
    decide: signFor,
  }),
}
