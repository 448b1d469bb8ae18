import { isInTime } from '#calendar'
import { z } from 'zod'
import type { CommandContext } from '../../kernel/command.ts'
import { dayAt } from '../../kernel/day.ts'
import { accept, nothing, refuse } from '../../kernel/decision.ts'
import { departmentId, instant, line, sensitive, uuid } from '../../kernel/values.ts'
import type { OpenedCase } from '../state.ts'
import type { CaseDeadline } from '../state/deadlines.ts'
import { reminderKey } from '../state/oversight.ts'
import * as v from '../values.ts'
import { done, factsOf, setByNorms, setByPerson } from './deadline-events.ts'
import { isOwed, owedBy } from './owed.ts'
import { command, holderOf, isClosed, PEOPLE_EVENTS_MAX, peoplesCommand } from './support.ts'
import { routedToAccused, unknownDepartment } from './support.ts'
import type { CaseDecision, PersonContext } from './support.ts'

const remindCase = z.strictObject({
  cause: z.enum(['weekly', 'before-due', 'overdue', 'person']),
  deadlineId: uuid.nullable(),
  note: v.note,
})

/**
 * 催办, once a business day for each cause and deadline; before it is due, once for each due moment. Of history nobody is
 * reminded, nor of what need not be done any more, and what is said of the day must be true.
 */
function remind(
  { cause, deadlineId, note }: z.infer<typeof remindCase>,
  state: OpenedCase,
  context: CommandContext,
): CaseDecision {
  const day = dayAt(context.now)
  const last = state.oversight.reminders.get(reminderKey(cause, deadlineId))
  if (last !== undefined && last >= day) return nothing()
  if (state.opened.origin === 'history') return nothing()
  // What policies may leave out makes room first.
  if ('policy' in context.actor && state.events >= PEOPLE_EVENTS_MAX) return nothing()
  if (isClosed(state)) return refuse('CASE_CLOSED', state.status)
  const deadline = deadlineId === null ? null : state.deadlines.find(({ id }) => id === deadlineId)
  if (deadline === undefined) return refuse('DEADLINE_UNKNOWN', deadlineId)
  if (deadline !== null && (!isOwed(deadline, state) || !isTimely(cause, deadline, context.now))) return nothing()
  const { routing } = state.hands
  const holder = holderOf(state) ?? (routing.status === 'unrouted' ? null : routing.lead)
  const to = deadline === null ? holder : owedBy(deadline, state)
  return accept({
    type: 'CaseReminded',
    data: { day, cause, deadlineId, purpose: deadline?.purpose ?? null, to, note },
  })
}

function isTimely(cause: z.infer<typeof remindCase>['cause'], deadline: CaseDeadline, now: string): boolean {
  const { status, warned } = deadline
  if (cause === 'before-due') return status === 'open' && isInTime(deadline, now) && !warned
  if (cause === 'overdue') return status === 'missed' || (status === 'open' && !isInTime(deadline, now))
  return true
}

const receiveInstruction = z.strictObject({ leader: sensitive(line(100)), text: v.reason, due: instant.nullable() })

/** 领导批示, due on the day it names, else when a norm says, else without one. */
function instruct(
  command: z.infer<typeof receiveInstruction>,
  state: OpenedCase,
  context: PersonContext,
): CaseDecision {
  const instructionId = context.derive('instruction')
  if (state.oversight.instructions.some(({ id }) => id === instructionId)) return nothing()
  const { actor, now: receivedAt } = context
  const { due } = command
  if (due !== null && due <= receivedAt) return refuse('DUE_IN_PAST')
  const clock = { purpose: 'instruction', startsAt: 'received', startedAt: receivedAt } as const
  return accept(
    { type: 'InstructionReceived', data: { instructionId, ...command, receivedAt, recordedBy: actor.person } },
    ...(due === null
      ? setByNorms(clock, factsOf(state.opened, state.triage), context, instructionId)
      : [setByPerson('instruction', instructionId, due, context)]),
  )
}

const answerInstruction = z.strictObject({ instructionId: uuid, text: sensitive(v.answerText) })

function answerInstructed(
  command: z.infer<typeof answerInstruction>,
  state: OpenedCase,
  { actor, now: at }: PersonContext,
): CaseDecision {
  const instruction = state.oversight.instructions.find(({ id }) => id === command.instructionId)
  if (instruction === undefined) return refuse('INSTRUCTION_UNKNOWN')
  if (instruction.answered) return nothing()
  const { person, department, role } = actor
  if (department !== holderOf(state) && role !== 'coordinator') return refuse('NOT_YOUR_CASE')
  return accept(
    { type: 'InstructionAnswered', data: { ...command, department, answeredBy: person, at } },
    ...done(state, ['instruction'], at, instruction.id),
  )
}

const issueSupervision = z.strictObject({ number: line(50), to: departmentId, demand: v.reason, due: instant })

/** 督办. A number is issued once. */
function issue(command: z.infer<typeof issueSupervision>, state: OpenedCase, context: PersonContext): CaseDecision {
  const supervisionId = context.derive('supervision')
  const { supervisions } = state.oversight
  if (supervisions.some(({ id }) => id === supervisionId)) return nothing()
  if (supervisions.some(({ number }) => number === command.number)) return refuse('SUPERVISION_NUMBER_TAKEN')
  const barred = unknownDepartment([command.to], context) ?? routedToAccused([command.to], state)
  if (barred !== null) return barred
  if (command.due <= context.now) return refuse('DUE_IN_PAST')
  const { person: issuedBy, department: issuingDepartment } = context.actor
  return accept(
    { type: 'SupervisionIssued', data: { supervisionId, ...command, issuedBy, issuingDepartment } },
    setByPerson('supervision', supervisionId, command.due, context),
  )
}

const answerSupervision = z.strictObject({
  supervisionId: uuid,
  text: sensitive(v.answerText),
  attachments: v.attachments,
})

function answerSupervised(
  command: z.infer<typeof answerSupervision>,
  state: OpenedCase,
  { actor, now: at }: PersonContext,
): CaseDecision {
  const supervision = state.oversight.supervisions.find(({ id }) => id === command.supervisionId)
  if (supervision === undefined) return refuse('SUPERVISION_UNKNOWN')
  if (supervision.to !== actor.department) return refuse('NOT_YOUR_CASE')
  if (supervision.status !== 'issued') return nothing()
  return accept(
    { type: 'SupervisionAnswered', data: { ...command, department: supervision.to, answeredBy: actor.person, at } },
    ...done(state, ['supervision'], at, supervision.id),
  )
}

const closeSupervision = z.strictObject({ supervisionId: uuid, conclusion: v.reason })

function close(
  command: z.infer<typeof closeSupervision>,
  state: OpenedCase,
  { actor, now: at }: PersonContext,
): CaseDecision {
  const supervision = state.oversight.supervisions.find(({ id }) => id === command.supervisionId)
  if (supervision === undefined) return refuse('SUPERVISION_UNKNOWN')
  if (supervision.status === 'closed') return nothing()
  if (supervision.status === 'issued') return refuse('SUPERVISION_NOT_ANSWERED')
  if (supervision.to === actor.department) return refuse('NOT_INDEPENDENT')
  return accept({ type: 'SupervisionClosed', data: { ...command, closedBy: actor.person, at } })
}

export const oversightCommands = {
  RemindCase: command({
    schema: remindCase,
    by: ['policy', 'monitor', 'coordinator', 'opinion-office', 'verifier'],
    decide: remind,
  }),
  ReceiveInstruction: peoplesCommand({
    schema: receiveInstruction,
    by: ['monitor', 'coordinator', 'opinion-office', 'leader'],
    decide: instruct,
  }),
  AnswerInstruction: peoplesCommand({
    schema: answerInstruction,
    by: ['officer', 'department-reviewer', 'coordinator'],
    decide: answerInstructed,
  }),
  IssueSupervision: peoplesCommand({
    schema: issueSupervision,
    by: ['coordinator', 'verifier', 'leader'],
    decide: issue,
  }),
  AnswerSupervision: peoplesCommand({
    schema: answerSupervision,
    by: ['officer', 'department-reviewer'],
    decide: answerSupervised,
  }),
  CloseSupervision: peoplesCommand({
    schema: closeSupervision,
    by: ['coordinator', 'verifier', 'leader'],
    decide: close,
  }),
}
