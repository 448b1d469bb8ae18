import { z } from 'zod'
import { accept, nothing, refuse } from '../../kernel/decision.ts'
import { departmentId, instant, personId, sensitive, uuid } from '../../kernel/values.ts'
import type { OpenedCase } from '../state.ts'
import * as v from '../values.ts'
import { done, setByPerson } from './deadline-events.ts'
import { accusedOf, holderOf, peoplesCommand, routedToAccused, unknownDepartment, workEnded } from './support.ts'
import type { CaseDecision, PersonContext } from './support.ts'

const assignOfficer = z.strictObject({ officer: personId })

function assign({ officer }: z.infer<typeof assignOfficer>, state: OpenedCase, { actor }: PersonContext): CaseDecision {
  const { routing } = state.hands
  if (routing.status !== 'signed') return refuse('NOT_SIGNED_FOR')
  if (routing.lead !== actor.department) return refuse('NOT_YOUR_CASE')
  if (routing.officer === officer) return nothing()
  const ended = workEnded(state)
  if (ended !== null) return ended
  if (accusedOf(state).persons.includes(officer)) return refuse('ROUTE_TO_ACCUSED')
  return accept({
    type: 'CaseAssigned',
    data: { department: routing.lead, officer, previousOfficer: routing.officer, assignedBy: actor.person },
  })
}

const requestAssist = z.strictObject({ department: departmentId, question: v.reason, due: instant })

/** 协办: the department in whose hands the case is asks another, or the coordinator does. */
function ask(
  { department, question, due }: z.infer<typeof requestAssist>,
  state: OpenedCase,
  context: PersonContext,
): CaseDecision {
  const assistId = context.derive('assist')
  if (state.hands.assists.some(({ id }) => id === assistId)) return nothing()
  const ended = workEnded(state)
  if (ended !== null) return ended
  const { actor } = context
  const holder = holderOf(state)
  if (actor.department !== holder && actor.role !== 'coordinator') return refuse('NOT_YOUR_CASE')
  const barred = unknownDepartment([department], context) ?? routedToAccused([department], state)
  if (barred !== null) return barred
  if (department === holder) return refuse('ASSIST_FROM_HOLDER')
  if (due <= context.now) return refuse('DUE_IN_PAST')
  return accept(
    {
      type: 'AssistRequested',
      data: { assistId, department, askedBy: actor.department, question, due, requestedBy: actor.person },
    },
    setByPerson('assist-reply', assistId, due, context),
  )
}

const replyAssist = z.strictObject({ assistId: uuid, text: sensitive(v.answerText), attachments: v.attachments })

function reply(command: z.infer<typeof replyAssist>, state: OpenedCase, { actor, now }: PersonContext): CaseDecision {
  const assist = state.hands.assists.find(({ id }) => id === command.assistId)
  if (assist === undefined) return refuse('ASSIST_UNKNOWN')
  if (assist.department !== actor.department) return refuse('NOT_YOUR_CASE')
  if (!assist.open) return nothing()
  return accept(
    {
      type: 'AssistReplied',
      data: { ...command, department: assist.department, repliedBy: actor.person, at: now },
    },
    ...done(state, ['assist-reply'], now, assist.id),
  )
}

export const assistanceCommands = {
  AssignOfficer: peoplesCommand({
    schema: assignOfficer,
    by: ['officer', 'department-reviewer'],
    work: true,
    decide: assign,
  }),
  RequestAssist: peoplesCommand({
    schema: requestAssist,
    by: ['officer', 'department-reviewer', 'coordinator'],
    work: true,
    decide: ask,
  }),
  ReplyAssist: peoplesCommand({ schema: replyAssist, by: ['officer', 'department-reviewer'], decide: reply }),
}
