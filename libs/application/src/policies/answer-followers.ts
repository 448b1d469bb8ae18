import { followersOf } from '#domain'
import type { CaseEvent } from '#domain'
import type { Recorded } from '../recorded.ts'
import { idOf } from '../stream-id.ts'
import { readCase } from './inform-lead.ts'
import type { Consequence, Policy } from './policy.ts'

type Answering = Extract<CaseEvent, { type: 'ResponsePublished' | 'ResponseCorrected' | 'AnsweredByLead' }>
type Triggering = Answering | Extract<CaseEvent, { type: 'FollowerJoined' }>

/**
 * What a lead publishes answers the cases that follow it, and what answers one of those answers the cases that follow that
 * one in turn: a step at a time, so that each link is looked at in its own stream. A follower that a lead hears of late
 * gets what was said meanwhile; whether it had joined by then, its own stream decides.
 */
export const answerFollowers: Policy = {
  name: 'answer-followers',
  handles: new Set(['ResponsePublished', 'ResponseCorrected', 'AnsweredByLead', 'FollowerJoined']),
  expectedRefusals: new Set(),
  async consequences(recorded, tools) {
    const event = recorded as unknown as Recorded<Triggering>
    const id = idOf(event.stream)
    if (event.type === 'FollowerJoined' && event.data.through !== id) return []
    const { state, events } = await readCase(tools, id)
    if (!state) return []
    const answers = (events as unknown as Recorded<CaseEvent>[]).filter(isAnswering)
    if (event.type === 'FollowerJoined') {
      return answers.map((answer) => answerOf(id, event.data.follower, answer, answers))
    }
    return [...followersOf(state.joining)]
      .filter(([, { follows, through }]) => follows && through === id)
      .map(([follower]) => answerOf(id, follower, event, answers))
  },
}

function isAnswering(event: Recorded<CaseEvent>): event is Recorded<Answering> {
  return event.type === 'ResponsePublished' || event.type === 'ResponseCorrected' || event.type === 'AnsweredByLead'
}

/** `answers`: all that were given on the case that is followed, in order. */
function answerOf(
  through: string,
  follower: string,
  event: Recorded<Answering>,
  answers: readonly Recorded<Answering>[],
): Consequence {
  const { type, data } = event
  const { responseId, address, publishedAt, digest, department } = data
  const said = type === 'AnsweredByLead' ? data : data.content
  const { kind, text, publicText, means, attachments } = said
  const isCorrection = answers.some((other) => other.revision < event.revision && other.data.responseId === responseId)
  return {
    command: 'AnswerByLead',
    target: follower,
    payload: {
      lead: type === 'AnsweredByLead' ? data.lead : through,
      through,
      responseId,
      kind,
      text,
      publicText,
      means,
      address,
      publishedAt,
      attachments,
      digest,
      department,
      correction: isCorrection,
    },
    about: event.id,
    occurredAt: publishedAt,
  }
}
