import type { DeadlinePurpose } from '#calendar'
import type { Role } from '../../kernel/actor.ts'
import type { EventsOf } from '../../kernel/events.ts'
import type { responseEventFormats } from '../events/responses.ts'
import { ANSWER_PURPOSES, purposesMetBy } from '../purposes.ts'
import type { ResponseContent, ResponseKind, ResponseMeans } from '../values.ts'

export interface Approval {
  approver: string
  role: Role
  digest: string
  at: string
}

export interface ApprovalRound {
  policy: { id: string; version: number }
  levels: readonly Role[]
  approvals: readonly Approval[]
}

/** The newest text of a response, and how far it is. */
export type Draft = {
  version: number
  content: ResponseContent
  digest: string
  department: string
  correction: { reason: string; previousDigest: string } | null
} & (
  | { status: 'drafted' | 'returned' }
  /** Waits for the level after its last approval, or, approved at all, to be published. */
  | { status: 'submitted' | 'approved' | 'published'; round: ApprovalRound }
)

export interface CaseResponse {
  id: string
  draft: Draft
  /** Everyone who wrote a version of it: none of them approves it. */
  drafters: readonly string[]
  published: { version: number; digest: string; content: ResponseContent; publishedAt: string } | null
  featured: boolean
}

export interface Responses {
  /** Ours, in the order of their first draft. */
  own: readonly CaseResponse[]
  /** What the lead's answers said here: response and digest. */
  byLead: readonly { responseId: string; digest: string }[]
  /** Digests of imported answers. */
  past: readonly string[]
  /** Ids of answers given by word of mouth. */
  onTheSpot: readonly string[]
  /** By a final one of any of these, since it was last reopened. */
  answered: boolean
  /** What they served of all that answers are owed for; an answer that is owed again is not. */
  served: readonly DeadlinePurpose[]
}

export const initialResponses: Responses = {
  own: [],
  byLead: [],
  past: [],
  onTheSpot: [],
  answered: false,
  served: [],
}

export function evolveResponses(state: Responses, event: EventsOf<typeof responseEventFormats>): Responses {
  switch (event.type) {
    case 'ResponseDrafted':
      return { ...state, own: drafted(state.own, event.data) }
    case 'AnsweredByLead': {
      const { responseId, digest, kind, means } = event.data
      return {
        ...serving(state, kind, means),
        byLead: [...state.byLead, { responseId, digest }],
        answered: state.answered || kind === 'final',
      }
    }
    case 'PastResponseRecorded': {
      const { digest, kind, means } = event.data
      return {
        ...serving(state, kind, means),
        past: [...state.past, digest],
        answered: state.answered || kind === 'final',
      }
    }
    case 'AnsweredOnTheSpot':
      return {
        ...serving(state, 'final', event.data.means),
        onTheSpot: [...state.onTheSpot, event.data.responseId],
        answered: true,
      }
    case 'ResponsePublished':
    case 'ResponseCorrected': {
      const { responseId, version, digest, content, publishedAt } = event.data
      const published = { version, digest, content, publishedAt }
      const isFirst = event.type === 'ResponsePublished'
      return {
        ...(isFirst ? serving(state, content.kind, content.means) : state),
        answered: state.answered || (isFirst && content.kind === 'final'),
        own: changed(state.own, responseId, (response) => ({
          ...response,
          published,
          draft: 'round' in response.draft ? { ...response.draft, status: 'published' } : response.draft,
        })),
      }
    }
    case 'ResponseSubmitted': {
      const { responseId, policy, levels } = event.data
      return {
        ...state,
        own: changed(state.own, responseId, (response) => ({
          ...response,
          draft: { ...response.draft, status: 'submitted', round: { policy, levels, approvals: [] } },
        })),
      }
    }
    case 'ResponseReturned':
      return {
        ...state,
        own: changed(state.own, event.data.responseId, ({ draft, ...response }) => {
          const { version, content, digest, department, correction } = draft
          return { ...response, draft: { version, content, digest, department, correction, status: 'returned' } }
        }),
      }
    case 'ResponseApproved': {
      const { responseId, approver, role, digest, at, complete } = event.data
      return {
        ...state,
        own: changed(state.own, responseId, (response) => {
          if (!('round' in response.draft)) return response
          const approvals = [...response.draft.round.approvals, { approver, role, digest, at }]
          const round = { ...response.draft.round, approvals }
          return { ...response, draft: { ...response.draft, status: complete ? 'approved' : 'submitted', round } }
        }),
      }
    }
    case 'ReplyFeatured':
      return { ...state, own: changed(state.own, event.data.responseId, (each) => ({ ...each, featured: true })) }
    case 'ReplyUnfeatured':
      return { ...state, own: changed(state.own, event.data.responseId, (each) => ({ ...each, featured: false })) }
  }
}

function serving(state: Responses, kind: ResponseKind, means: ResponseMeans): Responses {
  return { ...state, served: [...new Set([...state.served, ...purposesMetBy(kind, means)])] }
}

/** An answer is owed again; that it was acknowledged and made public stays so. */
export function unanswered(state: Responses): Responses {
  const answers: readonly DeadlinePurpose[] = ANSWER_PURPOSES
  return { ...state, answered: false, served: state.served.filter((purpose) => !answers.includes(purpose)) }
}

type Drafted = Extract<EventsOf<typeof responseEventFormats>, { type: 'ResponseDrafted' }>['data']

function drafted(own: readonly CaseResponse[], data: Drafted): readonly CaseResponse[] {
  const { responseId: id, version, content, digest, department, correction, draftedBy } = data
  const draft: Draft = { version, content, digest, department, correction, status: 'drafted' }
  if (own.some((response) => response.id === id)) {
    return changed(own, id, (response) => ({
      ...response,
      draft,
      drafters: response.drafters.includes(draftedBy) ? response.drafters : [...response.drafters, draftedBy],
    }))
  }
  return [...own, { id, draft, drafters: [draftedBy], published: null, featured: false }]
}

function changed(
  own: readonly CaseResponse[],
  id: string,
  change: (response: CaseResponse) => CaseResponse,
): readonly CaseResponse[] {
  return own.map((response) => (response.id === id ? change(response) : response))
}
