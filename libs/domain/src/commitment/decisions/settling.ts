import { z } from 'zod'
import { dayAt, daysAfter } from '../../kernel/day.ts'
import { accept, nothing, refuse } from '../../kernel/decision.ts'
import { evidence } from '../../kernel/file.ts'
import { same } from '../../kernel/same.ts'
import { staffOf } from '../../kernel/staff.ts'
import { line, localDate, text } from '../../kernel/values.ts'
import { tellingMeans, trackName } from '../events.ts'
import type { CommitmentEvent, TrackName } from '../events.ts'
import { isFulfilled, isPublic } from '../state.ts'
import type { MadeCommitment } from '../state.ts'
import { byPerson, onPromise } from './definition.ts'
import type { CommitmentDecision } from './definition.ts'
import { refuseDependentVerifier } from './independence.ts'

const ordinal = z.number().int().min(1).max(10_000)

/** 销号: both sides are done. A live promise gets its recheck in the same append. */
export const settleCommitment = onPromise({
  schema: z.strictObject({}),
  by: ['policy', 'coordinator'],
  decide: (_command, state, context) => {
    if (isSettled(state)) return nothing()
    if (state.status !== 'open') return refuse('COMMITMENT_NOT_OPEN', state.status)
    const { fulfilment, publication } = state
    if (fulfilment.status !== 'verified' || !isFulfilled(state)) {
      return refuse('FULFILMENT_NOT_VERIFIED', fulfilment.status)
    }
    if (!isPublic(state)) return refuse('PUBLICATION_NOT_VERIFIED', publication.status)
    const settled: CommitmentEvent = {
      type: 'CommitmentSettled',
      data: {
        settledAt: context.occurredAt,
        fulfilmentReport: fulfilment.report,
        publicationReport: publication.status === 'verified' ? publication.report : null,
        occasion: state.news.length + 1,
      },
    }
    if (state.origin === 'history') return accept(settled)
    return accept(
      settled,
      nextRecheck(state.rechecksDone, context.occurredAt, context.settings.limits.recheckAfterDays),
    )
  },
})

/** A recheck on another day, or one more. */
export const scheduleRecheck = byPerson({
  schema: z.strictObject({ dueOn: localDate }),
  by: ['coordinator', 'verifier'],
  decide: ({ dueOn }, state, context) => {
    if (state.recheck?.dueOn === dueOn) return nothing()
    if (!isSettled(state)) return refuse('COMMITMENT_NOT_SETTLED', state.status)
    if (dueOn < dayAt(context.now)) return refuse('DUE_DATE_PASSED', dueOn)
    return accept({ type: 'RecheckScheduled', data: { recheck: state.rechecksDone + 1, dueOn } })
  },
})

/** 回头看: it still holds. An ongoing promise is looked at again, until it has become routine (转为常态化). */
export const passRecheck = byPerson({
  schema: z.strictObject({ recheck: ordinal, statement: text(10_000).min(1), evidence }),
  by: ['verifier'],
  decide: (command, state, context, by) => {
    if (command.recheck === state.rechecksDone && state.lastRecheck?.passed === true) return nothing()
    const refusal = refuseRecheck(state, command.recheck) ?? refuseDependentVerifier(state, by, null)
    if (refusal !== null) return refusal
    if (state.recheck === null) return refuse('NO_RECHECK_SCHEDULED')
    const passes = state.passes + 1
    const { limits } = context.settings
    const passed: CommitmentEvent = {
      type: 'RecheckPassed',
      data: { ...command, passes, recheckedAt: context.occurredAt, by },
    }
    if (state.due.kind !== 'ongoing' || state.status === 'routine') return accept(passed)
    if (passes >= limits.recheckPassesForRoutine)
      return accept<CommitmentEvent>(passed, { type: 'CommitmentMadeRoutine', data: { passes } })
    return accept(passed, nextRecheck(command.recheck, context.occurredAt, limits.recheckAfterDays))
  },
})

/** It does not hold any more: the promise is open again on the tracks that failed. A policy only sees that a page is gone. */
export const failRecheck = onPromise({
  schema: z.strictObject({
    recheck: ordinal,
    tracks: z.array(trackName).min(1).max(2),
    reason: line(1_000),
    evidence,
  }),
  by: ['verifier', 'policy'],
  decide: (command, state, context) => {
    const tracks = trackName.options.filter((track) => command.tracks.includes(track))
    const last = state.lastRecheck
    if (command.recheck === state.rechecksDone && last?.passed === false && same(last.failed, tracks)) return nothing()
    const by = staffOf(context.actor)
    const refusal =
      refuseRecheck(state, command.recheck) ??
      (by === null ? refusePolicy(state, tracks) : refuseDependentVerifier(state, by, null))
    const data = { ...command, tracks, recheckedAt: context.occurredAt, by }
    return refusal ?? accept({ type: 'RecheckFailed', data })
  },
})

/** Tells the askers what became of the promise, once an occasion. */
export const informAskers = onPromise({
  schema: z.strictObject({ occasion: ordinal, means: tellingMeans, statement: text(10_000).min(1) }),
  by: ['policy', 'coordinator', 'officer'],
  decide: ({ occasion, means, statement }, state, context) => {
    const news = state.news[occasion - 1]
    if (news === undefined) return refuse('NOTHING_TO_TELL', `occasion ${occasion}`)
    if (news.told) return nothing()
    const by = staffOf(context.actor)
    if (by === null && state.origin === 'history') return refuse('NOT_FOR_HISTORY')
    if (by !== null && 'role' in context.actor && context.actor.role === 'officer') {
      const { responsible } = state.terms
      if (by.department !== responsible) return refuse('NOT_RESPONSIBLE_DEPARTMENT', responsible)
    }
    const data = { occasion, reason: news.reason, means, statement, informedAt: context.occurredAt, by }
    return accept({ type: 'AskersInformed', data })
  },
})

function isSettled(state: MadeCommitment): boolean {
  return state.status === 'settled' || state.status === 'routine'
}

function nextRecheck(done: number, from: string, afterDays: number): CommitmentEvent {
  return { type: 'RecheckScheduled', data: { recheck: done + 1, dueOn: daysAfter(dayAt(from), afterDays) } }
}

function refuseRecheck(state: MadeCommitment, recheck: number): CommitmentDecision | null {
  if (!isSettled(state)) return refuse('COMMITMENT_NOT_SETTLED', state.status)
  if (recheck !== state.rechecksDone + 1) return refuse('RECHECK_NOT_CURRENT', `recheck ${state.rechecksDone + 1}`)
  return null
}

function refusePolicy(state: MadeCommitment, tracks: readonly TrackName[]): CommitmentDecision | null {
  if (state.origin === 'history') return refuse('NOT_FOR_HISTORY')
  if (tracks.includes('fulfilment')) return refuse('POLICY_SEES_ONLY_PAGES')
  return state.publication.status === 'verified' ? null : refuse('NOTHING_REPORTED', state.publication.status)
}
