import { z } from 'zod'
import { departmentOf, roleOf } from '../../kernel/actor.ts'
import type { CommandContext } from '../../kernel/command.ts'
import { accept, nothing, refuse } from '../../kernel/decision.ts'
import type { Decision } from '../../kernel/decision.ts'
import { line, sensitive } from '../../kernel/values.ts'
import type { OpenedCase } from '../state.ts'
import { followersOf } from '../state/joining.ts'
import * as v from '../values.ts'
import { purposesMetBy } from '../purposes.ts'
import { done, INTERNAL_PURPOSES, lapse } from './deadline-events.ts'
import { route, signFor } from './routing.ts'
import { inSequence, peoplesCommand, unknownDepartment, workEnded } from './support.ts'
import type { CaseDecision, PersonContext } from './support.ts'
import { triage } from './triage.ts'

/** What somebody who asked was told at once. */
export const onTheSpotAnswer = z.strictObject({
  subject: line(100).nullable(),
  text: sensitive(v.answerText),
  means: v.spokenMeans,
})

/** What stands in the way of answering a matter of this type so, whoever's it is; null where nothing does. */
export function onTheSpotHindrance(
  means: string,
  type: v.CaseType | null,
  context: CommandContext,
): Decision<never> | null {
  const { actor, settings } = context
  const role = roleOf(actor)
  const { roles, means: allowed } = settings.onTheSpot
  if (type !== 'consultation') return refuse('ON_THE_SPOT_ONLY_CONSULTATION', type)
  if (!roles.some((each) => each === role)) return refuse('ON_THE_SPOT_NOT_ALLOWED', role)
  if (!allowed.some((each) => each === means)) return refuse('ON_THE_SPOT_NOT_ALLOWED', means)
  return unknownDepartment([departmentOf(actor) ?? ''], context)
}

/** Whoever is asked takes the case and signs for it, as far as that has not been done. */
export function takeInHand(
  { type, subject, simple }: { type: v.CaseType; subject: string | null; simple: boolean },
  context: PersonContext,
): ((state: OpenedCase) => CaseDecision)[] {
  const facts = { demands: [], sensitivities: [], opinionGrade: null, incident: null, suggestion: null, note: null }
  const accused = { departments: [], persons: [] }
  const basis = { kind: 'rule', rule: 'answered-on-the-spot' } as const
  const lead = context.actor.department
  return [
    (now) => (now.triage === null ? triage({ type, subject, simple, accused, ...facts }, now, context) : nothing()),
    (now) =>
      now.hands.routing.status === 'unrouted' ? route({ lead, assisting: [], basis }, now, context) : nothing(),
    (now) => signFor({}, now, context),
  ]
}

/**
 * 即时办结: a simple question that was answered by word of mouth is written down and the case completed, in one act. The
 * words were said before anybody could approve them; so no approval stands behind them but the county's rule, and none of
 * them is public or a promise. Whatever is more than that is answered by `AnswerOnTheSpot`, which asks for approval.
 */
function complete(
  { subject, text, means }: z.infer<typeof onTheSpotAnswer>,
  state: OpenedCase,
  context: PersonContext,
): CaseDecision {
  const responseId = context.derive('on-the-spot-answer')
  if (state.responses.onTheSpot.includes(responseId)) return nothing()
  const ended = workEnded(state)
  if (ended !== null) return ended
  const { opened, triage } = state
  const hindrance = onTheSpotHindrance(means, triage?.type ?? opened.type ?? 'consultation', context)
  if (hindrance !== null) return hindrance
  if (triage !== null && triage.sensitivities.length > 0) return refuse('ON_THE_SPOT_ONLY_CONSULTATION', 'sensitive')
  if (opened.origin === 'history') return refuse('ON_THE_SPOT_ONLY_CONSULTATION', 'history')
  const follows = [...followersOf(state.joining).values()].some(({ follows }) => follows)
  if (follows) return refuse('ON_THE_SPOT_HAS_FOLLOWERS')
  const { actor, now: answeredAt, settings, digest } = context
  const { department, person: answeredBy } = actor
  const data = {
    responseId,
    text,
    means,
    digest: digest({ kind: 'final', text, means }),
    rule: settings.onTheSpot.version,
    department,
    answeredBy,
    answeredAt,
  }
  return inSequence(state, ...takeInHand({ type: 'consultation', subject, simple: true }, context), (now) =>
    accept(
      { type: 'AnsweredOnTheSpot', data },
      ...done(now, purposesMetBy('final', means), answeredAt),
      ...lapse(now, INTERNAL_PURPOSES, 'withdrawn'),
    ),
  )
}

export const onTheSpotCommands = {
  CompleteOnTheSpot: peoplesCommand({
    schema: onTheSpotAnswer,
    by: ['monitor', 'officer', 'department-reviewer', 'coordinator'],
    work: true,
    decide: complete,
  }),
}
