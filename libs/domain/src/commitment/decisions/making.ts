import { z } from 'zod'
import type { CommandContext, CommandDefinition } from '../../kernel/command.ts'
import { accept, nothing, refuse } from '../../kernel/decision.ts'
import { staff } from '../../kernel/staff.ts'
import { instant, line, text, uuid } from '../../kernel/values.ts'
import { promiseSource } from '../events.ts'
import type { CommitmentEvent } from '../events.ts'
import { isSameSource } from '../state.ts'
import type { Commitment } from '../state.ts'
import { promiseTerms } from '../terms.ts'
import { byPerson, onPromise } from './definition.ts'
import { refuseDependentApprover } from './independence.ts'

const makeCommitmentSchema = z.strictObject({
  source: promiseSource,
  origin: z.enum(['live', 'history']),
  /** When it was said in public. */
  madeAt: instant,
  terms: promiseTerms,
})

/**
 * Records a promise, once and for ever. Promises of a live answer come from its publication alone; the coordinator records
 * those of other sources and confirms those found in imported answers. What was published is recorded as it stands, even
 * if its department has closed since.
 */
export const makeCommitment: CommandDefinition<
  typeof makeCommitmentSchema,
  Commitment,
  CommitmentEvent,
  CommandContext
> = {
  schema: makeCommitmentSchema,
  by: ['policy', 'coordinator'],
  decide: (command, state, context) => {
    if (state.status !== 'none') return nothing()
    const ofLiveAnswer = command.source.kind === 'response' && command.origin === 'live'
    const byPolicy = 'policy' in context.actor
    if (ofLiveAnswer !== byPolicy) return refuse('SOURCE_NOT_YOURS', command.source.kind)
    if (!byPolicy) {
      const { responsible, milestones } = command.terms
      if (context.settings.departments.get(responsible)?.active !== true)
        return refuse('UNKNOWN_DEPARTMENT', responsible)
      if (new Set(milestones.map(({ id }) => id)).size < milestones.length) return refuse('MILESTONE_TWICE')
      if (command.madeAt > context.now) return refuse('DATE_IN_FUTURE', command.madeAt)
    }
    return accept({ type: 'CommitmentMade', data: command })
  },
}

/** A later answer repeats the promise. */
export const affirmCommitment = onPromise({
  schema: z.strictObject({ source: promiseSource, quote: text(2_000).min(1) }),
  by: ['policy', 'coordinator'],
  decide: ({ source, quote }, state, context) => {
    if ([state.source, ...state.affirmedIn].some((known) => isSameSource(known, source))) return nothing()
    if (state.status !== 'open') return refuse('COMMITMENT_NOT_OPEN', state.status)
    return accept({ type: 'CommitmentAffirmed', data: { source, quote, affirmedAt: context.occurredAt } })
  },
})

/** A newer promise takes this one's place. Whoever gives the command approves it. */
export const supersedeCommitment = byPerson({
  schema: z.strictObject({
    successor: z.strictObject({ commitmentId: uuid, source: promiseSource, quote: text(2_000).min(1) }),
    reason: line(1_000),
    requestedBy: staff.nullable(),
  }),
  by: ['coordinator', 'signer', 'leader'],
  decide: ({ successor, reason, requestedBy }, state, _context, approver) => {
    if (state.successor === successor.commitmentId) return nothing()
    if (state.status !== 'open') return refuse('COMMITMENT_NOT_OPEN', state.status)
    if (isSameSource(state.source, successor.source)) return refuse('SUPERSEDED_BY_ITSELF')
    const data = { successor, previousQuote: state.terms.quote, reason, requestedBy, approver }
    return refuseDependentApprover(state, approver, requestedBy) ?? accept({ type: 'CommitmentSuperseded', data })
  },
})

/** 未兑现: the coordinator says that it will not be kept. The public sees it, with the reason. */
export const breakCommitment = byPerson({
  schema: z.strictObject({ reason: line(1_000) }),
  by: ['coordinator'],
  decide: ({ reason }, state, _context, by) => {
    if (state.status === 'broken') return nothing()
    if (state.status !== 'open') return refuse('COMMITMENT_NOT_OPEN', state.status)
    return accept({ type: 'CommitmentBroken', data: { reason, by, occasion: state.news.length + 1 } })
  },
})

/** Takes a promise back in public. Whoever gives the command approves it. */
export const withdrawCommitment = byPerson({
  schema: z.strictObject({ reason: line(1_000), requestedBy: staff.nullable() }),
  by: ['coordinator', 'signer', 'leader'],
  decide: ({ reason, requestedBy }, state, _context, approver) => {
    if (state.status === 'withdrawn') return nothing()
    if (state.status !== 'open') return refuse('COMMITMENT_NOT_OPEN', state.status)
    const data = { reason, requestedBy, approver, occasion: state.news.length + 1 }
    return refuseDependentApprover(state, approver, requestedBy) ?? accept({ type: 'CommitmentWithdrawn', data })
  },
})
