import type { EventsOf } from '../../kernel/events.ts'
import type { closingEventFormats } from '../events/closing.ts'
import type { openingEventFormats } from '../events/opening.ts'
import type { responseEventFormats } from '../events/responses.ts'
import type { Rating } from '../values.ts'

export type Completion =
  | { status: 'none' }
  | { status: 'submitted' | 'approved' | 'returned'; id: string; submittedBy: string; department: string }

export interface Closing {
  ending: 'completed' | 'not-accepted' | 'transferred' | null
  completion: Completion
  callBacks: readonly string[]
  rating: { rating: Rating; comment: string | null; ratedAt: string } | null
  reopenings: readonly string[]
}

export const initialClosing: Closing = {
  ending: null,
  completion: { status: 'none' },
  callBacks: [],
  rating: null,
  reopenings: [],
}

type ClosingEvent =
  | EventsOf<typeof closingEventFormats>
  | Extract<EventsOf<typeof openingEventFormats>, { type: 'CaseNotAccepted' | 'CaseTransferred' }>
  | Extract<EventsOf<typeof responseEventFormats>, { type: 'AnsweredOnTheSpot' }>

export function evolveClosing(state: Closing, event: ClosingEvent): Closing {
  switch (event.type) {
    case 'CaseNotAccepted':
      return { ...state, ending: 'not-accepted' }
    case 'CaseTransferred':
      return { ...state, ending: 'transferred' }
    case 'AnsweredOnTheSpot':
      return { ...state, ending: 'completed' }
    case 'CompletionSubmitted': {
      const { completionId: id, submittedBy, department } = event.data
      return { ...state, completion: { status: 'submitted', id, submittedBy, department } }
    }
    case 'CompletionApproved':
      return { ...state, ending: 'completed', completion: concluded(state.completion, 'approved') }
    case 'CaseReturnedForRework':
      return { ...state, completion: concluded(state.completion, 'returned') }
    case 'CaseCalledBack':
      return { ...state, callBacks: [...state.callBacks, event.data.callBackId] }
    case 'SatisfactionRated':
      return { ...state, rating: event.data }
    case 'CaseReopened':
      return {
        ...state,
        ending: null,
        completion: { status: 'none' },
        reopenings: [...state.reopenings, event.data.reopeningId],
      }
  }
}

function concluded(completion: Completion, status: 'approved' | 'returned'): Completion {
  return completion.status === 'none' ? completion : { ...completion, status }
}
