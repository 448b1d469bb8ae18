import { z } from 'zod'
import { dayAt, daysAfter } from '../../kernel/day.ts'
import { accept, nothing, refuse } from '../../kernel/decision.ts'
import { same } from '../../kernel/same.ts'
import { staff } from '../../kernel/staff.ts'
import { line, localDate, text } from '../../kernel/values.ts'
import { overdueMatter } from '../events.ts'
import type { OverdueMatter } from '../events.ts'
import { isFulfilled } from '../state.ts'
import type { MadeCommitment } from '../state.ts'
import { promiseDue, watchDate } from '../terms.ts'
import { byPerson, onPromise } from './definition.ts'
import { refuseDependentApprover } from './independence.ts'

/** Another due; every earlier one is kept and shown. Whoever gives the command approves it. */
export const reviseDueDate = byPerson({
  schema: z.strictObject({ due: promiseDue, reason: line(1_000), requestedBy: staff.nullable() }),
  by: ['coordinator', 'signer', 'leader'],
  decide: ({ due, reason, requestedBy }, state, context, approver) => {
    if (same(state.due, due)) return nothing()
    if (state.status !== 'open') return refuse('COMMITMENT_NOT_OPEN', state.status)
    if (watchDate(due) < dayAt(context.now)) return refuse('DUE_DATE_PASSED', watchDate(due))
    const occasion = state.news.length + 1
    const data = { previous: state.due, due, reason, requestedBy, approver, occasion }
    return refuseDependentApprover(state, approver, requestedBy) ?? accept({ type: 'DueDateRevised', data })
  },
})

/** Someone looked at a promise that has no date of its own, and says when to look again. */
export const reviewCommitment = byPerson({
  schema: z.strictObject({ finding: text(10_000).min(1), nextReviewOn: localDate }),
  by: ['coordinator', 'verifier'],
  decide: ({ finding, nextReviewOn }, state, context, by) => {
    if (state.watchOn === nextReviewOn && state.due.kind !== 'date') return nothing()
    if (state.status !== 'open') return refuse('COMMITMENT_NOT_OPEN', state.status)
    if (state.due.kind === 'date') return refuse('DUE_DATE_IS_FIXED', state.due.date)
    if (nextReviewOn < dayAt(context.now)) return refuse('DUE_DATE_PASSED', nextReviewOn)
    const data = { finding, previousReviewOn: state.watchOn, nextReviewOn, by }
    return accept({ type: 'CommitmentReviewed', data })
  },
})

/** Marks a passed day, once a matter and day. */
export const markOverdue = onPromise({
  schema: z.strictObject({ matter: overdueMatter }),
  by: ['policy'],
  decide: ({ matter }, state, context) => {
    const due = dayOf(matter, state)
    if (due !== null && state.overdue[matter] === due) return nothing()
    if (state.status !== 'open') return refuse('COMMITMENT_NOT_OPEN', state.status)
    if (state.origin === 'history') return refuse('NOT_FOR_HISTORY')
    if (due === null || due >= dayAt(context.now)) return refuse('NOT_OVERDUE', due)
    const occasion = matter === 'due-date' ? state.news.length + 1 : null
    return accept({ type: 'CommitmentOverdue', data: { matter, due, occasion } })
  },
})

/** Marks that nothing moved on either track for the configured time, once a standstill. */
export const markStalled = onPromise({
  schema: z.strictObject({}),
  by: ['policy'],
  decide: (_command, state, context) => {
    const { lastMovementAt } = state
    if (state.stalledSince === lastMovementAt) return nothing()
    if (state.status !== 'open') return refuse('COMMITMENT_NOT_OPEN', state.status)
    if (state.origin === 'history') return refuse('NOT_FOR_HISTORY')
    const afterDays = context.settings.limits.stalledAfterDays
    const stalledOn = daysAfter(dayAt(lastMovementAt), afterDays)
    if (dayAt(context.now) < stalledOn) return refuse('NOT_STALLED', stalledOn)
    return accept({ type: 'CommitmentStalled', data: { lastMovementAt, afterDays } })
  },
})

/** The day after which a matter is overdue; null where there is none or it is done. */
function dayOf(matter: OverdueMatter, state: MadeCommitment): string | null {
  switch (matter) {
    case 'due-date':
      return state.due.kind === 'date' && !isReportedOrDone(state) ? state.due.date : null
    case 'review':
      return state.due.kind === 'date' ? null : state.watchOn
    case 'rectification':
      return state.fulfilment.status === 'verified' ? (state.fulfilment.rectification?.dueOn ?? null) : null
  }
}

/** The department has said that it is done; if that is rejected, the day counts again. */
function isReportedOrDone(state: MadeCommitment): boolean {
  return state.fulfilment.status === 'reported' || isFulfilled(state)
}
