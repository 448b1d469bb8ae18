import type { CaseEvent } from '#domain'
import type { Recorded } from '../recorded.ts'
import { idOf } from '../stream-id.ts'
import { readCase } from './inform-lead.ts'
import type { Consequence, Policy } from './policy.ts'

type Published = Extract<CaseEvent, { type: 'ResponsePublished' | 'ResponseCorrected' }>
type Triggering = Published | Extract<CaseEvent, { type: 'FollowerJoined' }>

/**
 * What a lead publishes answers those who follow it. A follower that the lead hears of late gets what was published
 * meanwhile; whether it had joined by then, the follower's own stream decides.
 */
export const answerFollowers: Policy = {
  name: 'answer-followers',
  handles: new Set(['ResponsePublished', 'ResponseCorrected', 'FollowerJoined']),
  expectedRefusals: new Set(),
  async consequences(recorded, tools) {
    const event = recorded as unknown as Recorded<Triggering>
    const lead = idOf(event.stream)
    const { state, events } = await readCase(tools, lead)
    if (!state) return []
    if (event.type === 'FollowerJoined') {
      const { follower, through } = event.data
      return events.flatMap((other) => {
        const published = other as unknown as Recorded<CaseEvent>
        return isPublished(published) ? [answer(lead, follower, through, published)] : []
      })
    }
    return [...state.joining.followers]
      .filter(([, { follows }]) => follows)
      .map(([follower, { through }]) => answer(lead, follower, through, event))
  },
}

function isPublished(event: Recorded<CaseEvent>): event is Recorded<Published> {
  return event.type === 'ResponsePublished' || event.type === 'ResponseCorrected'
}

function answer(lead: string, follower: string, through: string, { type, data, id }: Recorded<Published>): Consequence {
  const { responseId, content, address, publishedAt, digest, department } = data
  const { kind, text, publicText, means, attachments } = content
  return {
    command: 'AnswerByLead',
    target: follower,
    payload: {
      lead,
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
      correction: type === 'ResponseCorrected',
    },
    about: id,
    occurredAt: publishedAt,
  }
}
