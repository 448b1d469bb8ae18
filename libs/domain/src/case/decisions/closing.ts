import { z } from 'zod'
import type { CommandContext } from '../../kernel/command.ts'
import { accept, nothing, refuse } from '../../kernel/decision.ts'
import { same } from '../../kernel/same.ts'
import { uuid } from '../../kernel/values.ts'
import type { CaseEvent } from '../events.ts'
import type { OpenedCase } from '../state.ts'
import * as v from '../values.ts'
import { factsOf, firstClock, INTERNAL_PURPOSES, isRunning, lapse, setByNorms } from './deadline-events.ts'
import { command, holderOf, peoplesCommand } from './support.ts'
import type { CaseDecision, PersonContext } from './support.ts'

const submitCompletion = z.strictObject({ finding: v.finding, outcome: v.reason })

/** 办结 is asked for by whoever works on the case or, where nobody here did, by the coordinator. */
function submit(command: z.infer<typeof submitCompletion>, state: OpenedCase, context: PersonContext): CaseDecision {
  if (state.status === 'completed' || state.closing.completion.status === 'submitted') return nothing()
  if (state.status !== 'answered') return refuse('NOT_ANSWERED')
  const completionId = context.derive('completion')
  const { completion } = state.closing
  if (completion.status !== 'none' && completion.id === completionId) return nothing()
  const { person, department, role } = context.actor
  const holder = holderOf(state)
  const stands = holder === null ? role === 'coordinator' || role === 'opinion-office' : department === holder
  if (!stands) return refuse('NOT_YOUR_CASE')
  return accept({
    type: 'CompletionSubmitted',
    data: { completionId, ...command, department, submittedBy: person, at: context.now },
  })
}

const approveCompletion = z.strictObject({ completionId: uuid })

function approve(
  { completionId }: z.infer<typeof approveCompletion>,
  state: OpenedCase,
  { actor, now }: PersonContext,
): CaseDecision {
  const { completion } = state.closing
  if (completion.status === 'none' || completion.id !== completionId) return refuse('NO_COMPLETION_OPEN')
  if (completion.status === 'approved') return nothing()
  if (completion.status !== 'submitted') return refuse('NO_COMPLETION_OPEN')
  if (completion.submittedBy === actor.person) return refuse('APPROVER_IS_PROPOSER')
  return accept(
    { type: 'CompletionApproved', data: { completionId, approver: actor.person, at: now } },
    ...lapse(state, INTERNAL_PURPOSES, 'withdrawn'),
  )
}

const returnForRework = z.strictObject({ completionId: uuid, why: v.reason })

/** 退回重办: the case stays answered and has to be completed anew. */
function giveBack(
  { completionId, why }: z.infer<typeof returnForRework>,
  state: OpenedCase,
  { actor, now }: PersonContext,
): CaseDecision {
  const { completion } = state.closing
  if (completion.status === 'none' || completion.id !== completionId) return refuse('NO_COMPLETION_OPEN')
  if (completion.status === 'returned') return nothing()
  if (completion.status !== 'submitted') return refuse('NO_COMPLETION_OPEN')
  return accept({ type: 'CaseReturnedForRework', data: { completionId, why, returnedBy: actor.person, at: now } })
}

const recordCallBack = z.strictObject({
  reached: z.boolean(),
  solved: z.enum(['yes', 'partly', 'no']).nullable(),
  note: v.note,
})

/** 回访. Who was not reached said nothing about whether it is solved. */
function callBack(
  { reached, solved, note }: z.infer<typeof recordCallBack>,
  state: OpenedCase,
  context: PersonContext,
): CaseDecision {
  const callBackId = context.derive('call-back')
  if (state.closing.callBacks.includes(callBackId)) return nothing()
  if (!isAnswered(state)) return refuse('NOT_ANSWERED')
  const { actor, occurredAt: at } = context
  return accept({
    type: 'CaseCalledBack',
    data: { callBackId, reached, solved: reached ? solved : null, note, calledBy: actor.person, at },
  })
}

const rateSatisfaction = z.strictObject({ rating: v.rating, comment: v.note })

/** 满意度评价. The asker may think better of it; every rating stays in the history. */
function rate(
  { rating, comment }: z.infer<typeof rateSatisfaction>,
  state: OpenedCase,
  { occurredAt: ratedAt }: CommandContext,
): CaseDecision {
  const known = state.closing.rating
  if (known !== null && same(known.rating, rating) && known.comment === comment) return nothing()
  if (!isAnswered(state)) return refuse('NOT_ANSWERED')
  return accept({ type: 'SatisfactionRated', data: { rating, comment, ratedAt } })
}

const reopenCase = z.strictObject({
  cause: z.enum(['dissatisfied', 'call-back', 'new-facts', 'supervision', 'mistake']),
  reason: v.reason,
})

/** An answer is owed again: within what a norm gives for answering again, else within the time for a first answer. */
function reopen(command: z.infer<typeof reopenCase>, state: OpenedCase, context: PersonContext): CaseDecision {
  const reopeningId = context.derive('reopening')
  if (state.closing.reopenings.includes(reopeningId)) return nothing()
  if (state.closing.ending === null && state.status !== 'answered') return refuse('CASE_NOT_CLOSED')
  const { now: at, actor } = context
  return accept(
    { type: 'CaseReopened', data: { reopeningId, ...command, reopenedBy: actor.person, at } },
    ...owedAgain(state, context),
  )
}

function owedAgain(state: OpenedCase, context: CommandContext): CaseEvent[] {
  const owed = state.deadlines.some(
    (deadline) => isRunning(deadline) && (deadline.purpose === 'final-answer' || deadline.purpose === 'answer-again'),
  )
  if (owed) return []
  const facts = factsOf(state.opened, state.triage)
  const startedAt = context.now
  const again = setByNorms({ purpose: 'answer-again', startsAt: 'reopened', startedAt }, facts, context)
  if (again.length > 0) return again
  const startsAt = firstClock(state.opened.kind)
  return setByNorms({ purpose: 'final-answer', startsAt, startedAt }, facts, context)
}

function isAnswered({ status }: OpenedCase): boolean {
  return status === 'answered' || status === 'completed'
}

export const closingCommands = {
  SubmitCompletion: peoplesCommand({
    schema: submitCompletion,
    by: ['officer', 'department-reviewer', 'coordinator', 'opinion-office'],
    decide: submit,
  }),
  ApproveCompletion: peoplesCommand({
    schema: approveCompletion,
    by: ['coordinator', 'opinion-office'],
    decide: approve,
  }),
  ReturnForRework: peoplesCommand({
    schema: returnForRework,
    by: ['coordinator', 'opinion-office'],
    decide: giveBack,
  }),
  RecordCallBack: peoplesCommand({
    schema: recordCallBack,
    by: ['monitor', 'coordinator', 'verifier'],
    decide: callBack,
  }),
  RateSatisfaction: command({
    schema: rateSatisfaction,
    by: ['policy', 'channel', 'monitor', 'coordinator'],
    decide: rate,
  }),
  ReopenCase: peoplesCommand({
    schema: reopenCase,
    by: ['monitor', 'coordinator', 'opinion-office', 'leader'],
    work: true,
    decide: reopen,
  }),
}
