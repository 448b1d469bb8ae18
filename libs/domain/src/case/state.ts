import type { CaseEvent } from './events.ts'
import { evolveClosing, initialClosing } from './state/closing.ts'
import type { Closing } from './state/closing.ts'
import { evolveDeadlines, warned } from './state/deadlines.ts'
import type { CaseDeadline } from './state/deadlines.ts'
import { evolveJoining, initialJoining } from './state/joining.ts'
import type { Joining } from './state/joining.ts'
import { evolveOversight, initialOversight } from './state/oversight.ts'
import type { Oversight } from './state/oversight.ts'
import { evolveResponses, initialResponses, unanswered } from './state/responses.ts'
import type { Responses } from './state/responses.ts'
import { evolveHands, initialHands } from './state/routing.ts'
import type { Hands } from './state/routing.ts'

// ── State ──

type DataOf<Type extends CaseEvent['type']> = Extract<CaseEvent, { type: Type }>['data']
export type Triage = DataOf<'CaseTriaged'>

export type CaseStatus =
  | 'open' // not triaged
  | 'triaged'
  | 'routed'
  | 'signed'
  | 'answered' // by a final response, its own or its lead's
  | 'completed'
  | 'not-accepted'
  | 'transferred'

export interface OpenedCase {
  status: CaseStatus
  opened: DataOf<'CaseOpened'>
  triage: Triage | null
  hands: Hands
  deadlines: readonly CaseDeadline[]
  responses: Responses
  joining: Joining
  closing: Closing
  oversight: Oversight
  /** Events so far: a stream that people drive stays under 5,000. */
  events: number
}

export type Case = { status: 'none' } | OpenedCase

export const initialCase: Case = { status: 'none' }

/** Total: an event of a case that was never opened changes nothing. */
export function evolveCase(state: Case, event: CaseEvent): Case {
  if (event.type === 'CaseOpened') return state.status === 'none' ? opened(event.data) : state
  if (state.status === 'none') return state
  const next = { ...evolveParts(state, event), events: state.events + 1 }
  return { ...next, status: statusOf(next) }
}

function opened(data: DataOf<'CaseOpened'>): OpenedCase {
  return {
    status: 'open',
    opened: data,
    triage: null,
    hands: initialHands,
    deadlines: [],
    responses: initialResponses,
    joining: initialJoining,
    closing: initialClosing,
    oversight: initialOversight,
    events: 1,
  }
}

function evolveParts(state: OpenedCase, event: Exclude<CaseEvent, { type: 'CaseOpened' }>): OpenedCase {
  switch (event.type) {
    case 'CaseTriaged':
      return { ...state, triage: event.data }
    case 'CaseRouted':
    case 'RoutingWithdrawn':
    case 'CaseSignedFor':
    case 'HandBackRequested':
    case 'HandBackGranted':
    case 'HandBackRefused':
    case 'CaseAssigned':
    case 'AssistRequested':
    case 'AssistReplied':
      return { ...state, hands: evolveHands(state.hands, event) }
    case 'DeadlineSet':
    case 'DeadlineExtended':
    case 'DeadlineSuspended':
    case 'DeadlineResumed':
    case 'DeadlineRecomputed':
    case 'DeadlineMet':
    case 'DeadlineMissed':
    case 'DeadlineLapsed':
      return { ...state, deadlines: evolveDeadlines(state.deadlines, event) }
    case 'ResponseDrafted':
    case 'ResponseSubmitted':
    case 'ResponseReturned':
    case 'ResponseApproved':
    case 'ResponsePublished':
    case 'ResponseCorrected':
    case 'AnsweredByLead':
    case 'PastResponseRecorded':
    case 'ReplyFeatured':
    case 'ReplyUnfeatured':
      return { ...state, responses: evolveResponses(state.responses, event) }
    case 'AnsweredOnTheSpot':
      return {
        ...state,
        responses: evolveResponses(state.responses, event),
        closing: evolveClosing(state.closing, event),
      }
    case 'ItemsJoined':
    case 'ItemsLeft':
    case 'CaseJoined':
    case 'CaseSeparated':
    case 'FollowerJoined':
    case 'FollowerLeft':
      return { ...state, joining: evolveJoining(state.joining, event) }
    case 'CaseReopened':
      return {
        ...state,
        closing: evolveClosing(state.closing, event),
        responses: unanswered(state.responses),
      }
    case 'CaseNotAccepted':
    case 'CaseTransferred':
    case 'CompletionSubmitted':
    case 'CompletionApproved':
    case 'CaseReturnedForRework':
    case 'CaseCalledBack':
    case 'SatisfactionRated':
      return { ...state, closing: evolveClosing(state.closing, event) }
    case 'CaseReminded':
      return {
        ...state,
        oversight: evolveOversight(state.oversight, event),
        deadlines: warned(state.deadlines, event.data),
      }
    case 'SupplementRequested':
    case 'SupplementReceived':
    case 'InstructionReceived':
    case 'InstructionAnswered':
    case 'SupervisionIssued':
    case 'SupervisionAnswered':
    case 'SupervisionClosed':
      return { ...state, oversight: evolveOversight(state.oversight, event) }
  }
}

function statusOf(state: OpenedCase): CaseStatus {
  if (state.closing.ending !== null) return state.closing.ending
  if (state.responses.answered) return 'answered'
  if (state.hands.routing.status !== 'unrouted') return state.hands.routing.status
  return state.triage === null ? 'open' : 'triaged'
}
