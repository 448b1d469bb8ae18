import { z } from 'zod'
import type { CommandContext } from '../../kernel/command.ts'
import { dayAt } from '../../kernel/day.ts'
import { accept, nothing, refuse } from '../../kernel/decision.ts'
import { same } from '../../kernel/same.ts'
import { digest, line } from '../../kernel/values.ts'
import { leftBecause, pageFault, pageLookAt } from '../events.ts'
import type { PageLookAt } from '../events.ts'
import type { MadeCommitment, PageLook } from '../state.ts'
import { onPromise } from './definition.ts'
import type { CommitmentDecision } from './definition.ts'

/** What a machine records of the pages that it looks at; what it is sure of it verifies, rejects or fails like anybody. */

const MINUTE_MS = 60_000
/** From each attempt to the next. After the last, some two days after the first, a person has to look. */
const RETRY_AFTER_MS = [10, 60, 4 * 60, 12 * 60, 24 * 60].map((minutes) => minutes * MINUTE_MS)

/** The site did not answer as it should, and may do so later. */
export const deferPageCheck = onPromise({
  schema: z.strictObject({
    look: pageLookAt,
    /** Counted from 1. */
    attempt: z.number().int().min(1).max(100),
    fault: pageFault,
    detail: line(300),
  }),
  by: ['policy'],
  decide: ({ look, attempt, fault, detail }, state, context) => {
    const current = currentLook(look, state, context)
    if ('outcome' in current) return current
    if (current.over || attempt <= current.attempts) return nothing()
    if (attempt !== current.attempts + 1) return refuse('NO_PAGE_TO_CHECK', `attempt ${current.attempts + 1} is next`)
    const retryAfterMs = RETRY_AFTER_MS[attempt - 1]
    if (retryAfterMs === undefined) {
      return accept({
        type: 'PageCheckLeft',
        data: { look, because: 'no-answer', pageDigest: null, wordsFound: [], detail },
      })
    }
    const nextAttemptAt = later(context, retryAfterMs)
    return accept({ type: 'PageCheckDeferred', data: { look, attempt, fault, detail, nextAttemptAt } })
  },
})

/** What was seen, if anything, proves neither that the page is right nor that it is wrong. */
export const leavePageCheck = onPromise({
  schema: z.strictObject({
    look: pageLookAt,
    because: leftBecause,
    pageDigest: digest.nullable(),
    wordsFound: z.array(line()).max(20),
    detail: line(300).nullable(),
  }),
  by: ['policy'],
  decide: (command, state, context) => {
    const current = currentLook(command.look, state, context)
    if ('outcome' in current) return current
    return current.over ? nothing() : accept({ type: 'PageCheckLeft', data: command })
  },
})

/** The page that a recheck asks after is as it was. */
export const seePageAgain = onPromise({
  schema: z.strictObject({
    recheck: z.number().int().min(1).max(10_000),
    pageDigest: digest,
    wordsFound: z.array(line()).min(1).max(20),
  }),
  by: ['policy'],
  decide: (command, state, context) => {
    const current = currentLook({ about: 'recheck', recheck: command.recheck }, state, context)
    if ('outcome' in current) return current
    if (current.over) return nothing()
    return accept({ type: 'PageSeenAgain', data: { ...command, seenAt: context.occurredAt } })
  },
})

/** What has come of this look so far; a refusal where it is not, or not yet, wanted. */
function currentLook(
  look: PageLookAt,
  { origin, look: current, recheck }: MadeCommitment,
  { now }: CommandContext,
): PageLook | CommitmentDecision {
  if (origin === 'history') return refuse('NOT_FOR_HISTORY')
  if (current === null || !same(current.at, look)) return refuse('NO_PAGE_TO_CHECK')
  const isEarly = look.about === 'recheck' && recheck !== null && recheck.dueOn > dayAt(now)
  return isEarly ? refuse('NO_PAGE_TO_CHECK', recheck.dueOn) : current
}

function later({ now }: CommandContext, milliseconds: number): string {
  return Temporal.Instant.from(now).add({ milliseconds }).toString({ smallestUnit: 'millisecond' })
}
