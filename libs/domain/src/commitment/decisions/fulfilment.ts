import { z } from 'zod'
import { dayAt } from '../../kernel/day.ts'
import { accept, nothing, refuse } from '../../kernel/decision.ts'
import { evidence } from '../../kernel/file.ts'
import type { Staff } from '../../kernel/staff.ts'
import { line, localDate, slug, text } from '../../kernel/values.ts'
import { fulfilmentDegree, fulfilmentMethod } from '../events.ts'
import { isFulfilled } from '../state.ts'
import type { MadeCommitment } from '../state.ts'
import { byPerson } from './definition.ts'
import type { CommitmentDecision } from './definition.ts'
import { refuseDependentVerifier } from './independence.ts'

const statement = text(10_000).min(1)
/** A report's number within its track: what exactly is judged. */
const report = z.number().int().min(1).max(10_000)

/** The responsible department tells how far it is. */
export const reportProgress = byPerson({
  schema: z.strictObject({ statement, evidence }),
  by: ['officer', 'department-reviewer', 'coordinator'],
  decide: (command, state, context, by) => {
    const contentDigest = context.digest(command)
    if (state.progressDigest === contentDigest) return nothing()
    const data = { ...command, contentDigest, reportedAt: context.occurredAt, by }
    return refuseOther(state, by) ?? accept({ type: 'ProgressReported', data })
  },
})

export const reachMilestone = byPerson({
  schema: z.strictObject({ milestoneId: slug, reachedOn: localDate, statement, evidence }),
  by: ['officer', 'department-reviewer', 'coordinator'],
  decide: (command, state, context, by) => {
    if (state.reachedMilestones.includes(command.milestoneId)) return nothing()
    if (!state.terms.milestones.some(({ id }) => id === command.milestoneId)) {
      return refuse('UNKNOWN_MILESTONE', command.milestoneId)
    }
    if (command.reachedOn > dayAt(context.now)) return refuse('DATE_IN_FUTURE', command.reachedOn)
    const data = { ...command, reportedAt: context.occurredAt, by }
    return refuseOther(state, by) ?? accept({ type: 'MilestoneReached', data })
  },
})

/** The responsible department says that it is done. A newer report takes the place of one not yet judged. */
export const reportFulfilment = byPerson({
  schema: z.strictObject({ statement, evidence }),
  by: ['officer', 'department-reviewer', 'coordinator'],
  decide: (command, state, context, by) => {
    const contentDigest = context.digest(command)
    const { fulfilment } = state
    if (fulfilment.status !== 'open' && fulfilment.contentDigest === contentDigest) return nothing()
    if (isFulfilled(state)) return refuse('FULFILMENT_ALREADY_VERIFIED')
    const number = state.fulfilmentReports + 1
    const data = { report: number, ...command, contentDigest, reportedAt: context.occurredAt, by }
    return refuseOther(state, by) ?? accept({ type: 'FulfilmentReported', data })
  },
})

/** 核查落实: someone outside the responsible department has looked. */
export const verifyFulfilment = byPerson({
  schema: z.strictObject({ report, degree: fulfilmentDegree, method: fulfilmentMethod, statement, evidence }),
  by: ['verifier'],
  decide: (command, state, context, by) => {
    const { fulfilment } = state
    if (
      fulfilment.status === 'verified' &&
      fulfilment.report === command.report &&
      fulfilment.degree === command.degree
    ) {
      return nothing()
    }
    const data = { ...command, verifiedAt: context.occurredAt, by }
    return refuseJudgement(state, command.report, by) ?? accept({ type: 'FulfilmentVerified', data })
  },
})

/** The report does not hold: the track is open again. */
export const rejectFulfilment = byPerson({
  schema: z.strictObject({ report, reason: line(1_000) }),
  by: ['verifier'],
  decide: (command, state, _context, by) => {
    if (state.fulfilment.status === 'open' && state.fulfilment.rejected === command.report) return nothing()
    const data = { ...command, by }
    return refuseJudgement(state, command.report, by) ?? accept({ type: 'FulfilmentRejected', data })
  },
})

/** 责令整改: after a verification that found the promise kept in part or not at all. */
export const orderRectification = byPerson({
  schema: z.strictObject({ requirement: statement, dueOn: localDate }),
  by: ['verifier', 'coordinator'],
  decide: ({ requirement, dueOn }, state, context, by) => {
    const contentDigest = context.digest(requirement)
    const { fulfilment } = state
    if (fulfilment.status === 'verified' && fulfilment.rectification !== null) {
      const { rectification } = fulfilment
      if (rectification.dueOn === dueOn && rectification.contentDigest === contentDigest) return nothing()
    }
    if (state.status !== 'open') return refuse('COMMITMENT_NOT_OPEN', state.status)
    if (fulfilment.status !== 'verified' || isFulfilled(state)) return refuse('NOTHING_TO_RECTIFY', fulfilment.status)
    if (dueOn < dayAt(context.now)) return refuse('DUE_DATE_PASSED', dueOn)
    const data = { report: fulfilment.report, requirement, dueOn, contentDigest, by }
    return refuseDependentVerifier(state, by, null) ?? accept({ type: 'RectificationOrdered', data })
  },
})

function refuseOther(state: MadeCommitment, by: Staff): CommitmentDecision | null {
  if (state.status !== 'open') return refuse('COMMITMENT_NOT_OPEN', state.status)
  if (by.department !== state.terms.responsible) return refuse('NOT_RESPONSIBLE_DEPARTMENT', state.terms.responsible)
  return null
}

function refuseJudgement(state: MadeCommitment, judged: number, by: Staff): CommitmentDecision | null {
  if (state.status !== 'open') return refuse('COMMITMENT_NOT_OPEN', state.status)
  if (state.fulfilment.status !== 'reported') return refuse('NOTHING_REPORTED', state.fulfilment.status)
  if (state.fulfilment.report !== judged) return refuse('REPORT_CHANGED', `report ${state.fulfilment.report}`)
  return refuseDependentVerifier(state, by, state.fulfilment.by)
}
