import { z } from 'zod'
import type { CommandContext } from '../../kernel/command.ts'
import { accept, nothing, refuse } from '../../kernel/decision.ts'
import { same } from '../../kernel/same.ts'
import { line, sensitive } from '../../kernel/values.ts'
import type { CaseEvent } from '../events.ts'
import type { OpenedCase, Triage } from '../state.ts'
import * as v from '../values.ts'
import { byNorms, factsOf, FIRST_PURPOSES, firstClock, isRunning, setByNorms } from './deadline-events.ts'
import { later } from './deadline-events.ts'
import { isClosed, peoplesCommand } from './support.ts'
import type { CaseDecision } from './support.ts'
import { withdrawFrom } from './withdrawal.ts'

const triageCase = z.strictObject({
  type: v.caseType,
  subject: line(100).nullable(),
  demands: z.array(sensitive(line(500))).max(20),
  sensitivities: z.array(v.sensitivity).max(10),
  accused: v.accused,
  opinionGrade: v.grade.nullable(),
  incident: v.incident.nullable(),
  simple: z.boolean(),
  suggestion: line(200).nullable(),
  note: v.note,
})
export type TriageCase = z.infer<typeof triageCase>

/**
 * 研判. Deadlines follow the facts, from the same start. Naming an accused who has the case takes it from them in the same
 * append: refusing until somebody had rerouted it would leave it with them meanwhile, and leave the accusation unwritten.
 */
export function triage(command: TriageCase, state: OpenedCase, context: CommandContext): CaseDecision {
  const data: Triage = { ...command, demands: demandsOf(command, state, context) }
  if (state.triage !== null && same(state.triage, data)) return nothing()
  if (isClosed(state)) return refuse('CASE_CLOSED', state.status)
  if ((data.type === 'opinion') !== (state.opened.kind === 'opinion')) return refuse('TYPE_NOT_OF_KIND')
  const { departments, persons } = data.accused
  if (data.type !== 'report' && departments.length + persons.length > 0) return refuse('ACCUSED_ONLY_IN_REPORT')
  const unknown = departments.find((id) => !context.settings.departments.has(id))
  if (unknown !== undefined) return refuse('UNKNOWN_DEPARTMENT', unknown)
  return accept(
    { type: 'CaseTriaged', data },
    ...withdrawFrom(departments, 'accused', state),
    ...reconsidered(state, data, context),
    ...(data.type === 'report' ? unfeatured(state) : []),
  )
}

/** A demand that is still there keeps its id. */
function demandsOf({ demands }: TriageCase, state: OpenedCase, context: CommandContext): Triage['demands'] {
  return demands.map((text, at) => {
    const before = state.triage?.demands[at]
    return before?.text === text ? before : { id: context.derive('demand', at), text }
  })
}

function reconsidered(state: OpenedCase, triaged: Triage, context: CommandContext): CaseEvent[] {
  const { receivedAt: startedAt, kind } = state.opened
  const facts = factsOf(state.opened, triaged)
  return FIRST_PURPOSES.flatMap((purpose): CaseEvent[] => {
    const clock = { purpose, startsAt: firstClock(kind), startedAt }
    const known = state.deadlines.filter((each) => each.purpose === purpose)
    const current = known.find((each) => isRunning(each) && each.startedAt === startedAt && each.deadline !== null)
    if (current === undefined) {
      const over = state.status === 'answered' || known.some(({ status }) => status !== 'lapsed')
      return over ? [] : setByNorms(clock, facts, context)
    }
    if (current.extensions > 0) return [] // its approver decided on this very day
    const { id: deadlineId, due: previousDue, deadline: previous, suspendedForMs } = current
    const deadline = byNorms(clock, facts, context)
    if (deadline === null) {
      // An answer is owed whatever triage says.
      if (purpose === 'final-answer') return []
      return [{ type: 'DeadlineLapsed', data: { deadlineId, purpose, due: previousDue, cause: 'triage' } }]
    }
    const due = later(deadline.due, suspendedForMs)
    const { norm } = deadline
    if (due === previousDue && norm.id === previous?.norm.id && norm.version === previous.norm.version) return []
    return [{ type: 'DeadlineRecomputed', data: { deadlineId, purpose, previousDue, due, deadline, cause: 'triage' } }]
  })
}

function unfeatured(state: OpenedCase): CaseEvent[] {
  return state.responses.own
    .filter(({ featured }) => featured)
    .map(({ id }) => ({ type: 'ReplyUnfeatured', data: { responseId: id, cause: 'report', reason: null } }))
}

export const triageCommands = {
  TriageCase: peoplesCommand({
    schema: triageCase,
    by: ['monitor', 'coordinator', 'opinion-office', 'leader'],
    work: true,
    decide: triage,
  }),
}
