import type { ReadDocument, CollectionDefinition } from '#read-store'
import { idOf } from '../../stream-id.ts'
import type { RecordedCaseEvent } from '../../recorded.ts'
import { WHOLE_COUNTY } from '../visibility.ts'

type Json = ReadDocument[string]
type Fields = { [key: string]: Json }

/**
 * 办件 as its page shows it: what was asked, decided, answered and promised, each in its latest state. The history itself
 * is the stream; `GetCase` replays it where someone asks for another moment.
 */
export type CaseDetailDocument = ReadDocument & {
  id: string
  number: string
  queryCode: string | null
  wish: string | null
  openedAt: string
  triage: Fields | null
  routings: Fields[]
  signedBy: Fields | null
  handBacks: Fields[]
  officer: string | null
  assists: Fields[]
  supplements: Fields[]
  deadlines: Fields[]
  responses: Fields[]
  notAccepted: Fields | null
  transferred: Fields | null
  joined: Fields | null
  completions: Fields[]
  callBacks: Fields[]
  ratings: Fields[]
  reopenings: Fields[]
  reminders: number
  instructions: Fields[]
  supervisions: Fields[]
  revision: number
  updatedAt: string
  visibleTo: string[]
}

export const caseDetailCollection: CollectionDefinition = {
  name: 'case-details',
  projection: 'casework',
  fields: { visibleTo: 'set' },
  lists: [],
}

export function foldCaseDetail(
  document: CaseDetailDocument | null,
  event: RecordedCaseEvent,
): CaseDetailDocument | null {
  if (event.type === 'CaseOpened') return seen(opened(event), event)
  return document && seen(changed(document, event), event)
}

function seen(document: CaseDetailDocument, event: RecordedCaseEvent): CaseDetailDocument {
  return { ...document, revision: event.revision, updatedAt: event.metadata.recordedAt }
}

function opened(event: Extract<RecordedCaseEvent, { type: 'CaseOpened' }>): CaseDetailDocument {
  return {
    id: idOf(event.stream),
    number: event.data.number,
    queryCode: event.data.queryCode,
    wish: event.data.wish,
    openedAt: event.data.openedAt,
    triage: null,
    routings: [],
    signedBy: null,
    handBacks: [],
    officer: null,
    assists: [],
    supplements: [],
    deadlines: [],
    responses: [],
    notAccepted: null,
    transferred: null,
    joined: null,
    completions: [],
    callBacks: [],
    ratings: [],
    reopenings: [],
    reminders: 0,
    instructions: [],
    supervisions: [],
    revision: 0,
    updatedAt: event.metadata.recordedAt,
    visibleTo: [WHOLE_COUNTY],
  }
}

function changed(document: CaseDetailDocument, event: RecordedCaseEvent): CaseDetailDocument {
  const { type, data } = event
  const at = event.metadata.occurredAt
  switch (type) {
    case 'CaseTriaged':
      return { ...document, triage: { ...data, at } }
    case 'CaseNotAccepted':
      return { ...document, notAccepted: data }
    case 'CaseTransferred':
      return { ...document, transferred: data }
    case 'SupplementRequested':
      return {
        ...document,
        supplements: put(document.supplements, 'supplementId', { ...data, state: 'requested', at }),
      }
    case 'SupplementReceived':
      return { ...document, supplements: put(document.supplements, 'supplementId', { ...data, state: 'received' }) }
    case 'CaseRouted':
      return {
        ...document,
        routings: [...document.routings, data],
        ...(data.lead !== data.previousLead && { signedBy: null, officer: null }),
      }
    case 'RoutingWithdrawn':
      return { ...document, routings: [...document.routings, { ...data, withdrawn: true, at }] }
    case 'CaseSignedFor':
      return { ...document, signedBy: data }
    case 'CaseAssigned':
      return { ...document, officer: data.officer }
    case 'HandBackRequested':
      return { ...document, handBacks: put(document.handBacks, 'handBackId', { ...data, state: 'requested' }) }
    case 'HandBackGranted':
    case 'HandBackRefused': {
      const state = type === 'HandBackGranted' ? 'granted' : 'refused'
      return {
        ...document,
        ...(type === 'HandBackGranted' && { signedBy: null, officer: null }),
        handBacks: put(document.handBacks, 'handBackId', {
          handBackId: data.handBackId,
          state,
          answer: data.reason,
          answeredAt: at,
        }),
      }
    }
    case 'AssistRequested':
      return { ...document, assists: put(document.assists, 'assistId', { ...data, state: 'requested', at }) }
    case 'AssistReplied':
      return { ...document, assists: put(document.assists, 'assistId', { ...data, state: 'replied' }) }
    case 'CaseJoined':
      return { ...document, joined: data }
    case 'CaseSeparated':
      return { ...document, joined: null }
    case 'CompletionSubmitted':
      return { ...document, completions: put(document.completions, 'completionId', { ...data, state: 'submitted' }) }
    case 'CompletionApproved':
      return { ...document, completions: put(document.completions, 'completionId', { ...data, state: 'approved' }) }
    case 'CaseReturnedForRework':
      return { ...document, completions: put(document.completions, 'completionId', { ...data, state: 'returned' }) }
    case 'CaseCalledBack':
      return { ...document, callBacks: [...document.callBacks, data] }
    case 'SatisfactionRated':
      return { ...document, ratings: [...document.ratings, data] }
    case 'CaseReopened':
      return { ...document, reopenings: [...document.reopenings, data] }
    case 'CaseReminded':
      return { ...document, reminders: document.reminders + 1 }
    case 'InstructionReceived':
      return { ...document, instructions: put(document.instructions, 'instructionId', { ...data, state: 'open' }) }
    case 'InstructionAnswered':
      return {
        ...document,
        instructions: put(document.instructions, 'instructionId', {
          instructionId: data.instructionId,
          state: 'answered',
          answer: data.text,
          answeredAt: data.at,
        }),
      }
    case 'SupervisionIssued':
      return {
        ...document,
        supervisions: put(document.supervisions, 'supervisionId', { ...data, state: 'issued', at }),
      }
    case 'SupervisionAnswered':
      return { ...document, supervisions: put(document.supervisions, 'supervisionId', { ...data, state: 'answered' }) }
    case 'SupervisionClosed':
      return { ...document, supervisions: put(document.supervisions, 'supervisionId', { ...data, state: 'closed' }) }
    default:
      return responses(document, event, at)
  }
}

function responses(document: CaseDetailDocument, event: RecordedCaseEvent, at: string): CaseDetailDocument {
  const { type, data } = event
  const response = (fields: Fields) => ({ ...document, responses: put(document.responses, 'responseId', fields) })
  switch (type) {
    case 'ResponseDrafted': {
      const { content, ...rest } = data
      return response({ ...rest, ...content, state: 'draft', savedAt: at, approvals: [], returned: null })
    }
    case 'ResponseSubmitted':
      return response({ ...data, state: 'submitted', submittedAt: at, approvals: [], returned: null })
    case 'ResponseReturned':
      return response({ responseId: data.responseId, state: 'returned', returned: { ...data, at } })
    case 'ResponseApproved': {
      const before = document.responses.find(({ responseId }) => responseId === data.responseId)
      const approvals = [...(Array.isArray(before?.['approvals']) ? before['approvals'] : []), data]
      return response({ responseId: data.responseId, state: data.complete ? 'approved' : 'submitted', approvals })
    }
    case 'ResponsePublished':
    case 'ResponseCorrected': {
      const { content, ...rest } = data
      return response({ ...rest, ...content, state: type === 'ResponsePublished' ? 'published' : 'corrected' })
    }
    case 'AnsweredByLead':
      return response({ ...data, state: 'answered-by-lead' })
    case 'PastResponseRecorded':
      return response({ ...data, state: 'past' })
    case 'AnsweredOnTheSpot': {
      const { answeredAt: publishedAt, ...rest } = data
      return response({ ...rest, kind: 'final', publicText: null, publishedAt, state: 'answered-on-the-spot' })
    }
    case 'ReplyFeatured':
    case 'ReplyUnfeatured':
      return response({ responseId: data.responseId, featured: type === 'ReplyFeatured' })
    default:
      return deadlines(document, event, at)
  }
}

function deadlines(document: CaseDetailDocument, event: RecordedCaseEvent, at: string): CaseDetailDocument {
  const { type, data } = event
  const deadline = (fields: Fields) => ({ ...document, deadlines: put(document.deadlines, 'deadlineId', fields) })
  switch (type) {
    case 'DeadlineSet':
      return deadline({ ...data, state: 'open', history: [] })
    case 'DeadlineExtended':
    case 'DeadlineRecomputed':
    case 'DeadlineResumed': {
      const before = document.deadlines.find(({ deadlineId }) => deadlineId === data.deadlineId)
      const history = Array.isArray(before?.['history']) ? before['history'] : []
      const change = { change: type, at, previousDue: data.previousDue, due: data.due }
      const explained: Fields = type === 'DeadlineResumed' ? {} : { deadline: data.deadline }
      return deadline({
        deadlineId: data.deadlineId,
        due: data.due,
        state: 'open',
        ...explained,
        history: [...history, change],
      })
    }
    case 'DeadlineSuspended':
      return deadline({ deadlineId: data.deadlineId, state: 'suspended' })
    case 'DeadlineMet':
      return deadline({ deadlineId: data.deadlineId, state: 'met', doneAt: data.at })
    case 'DeadlineMissed':
      return deadline({ deadlineId: data.deadlineId, state: 'missed', doneAt: data.doneAt })
    case 'DeadlineLapsed':
      return deadline({ deadlineId: data.deadlineId, state: 'lapsed', cause: data.cause })
    default:
      return document
  }
}

/** Adds an entry, or lays what is new over the one with the same id. */
function put(entries: readonly Fields[], key: string, fields: Fields): Fields[] {
  const index = entries.findIndex((entry) => entry[key] === fields[key])
  if (index < 0) return [...entries, fields]
  return entries.map((entry, at) => (at === index ? { ...entry, ...fields } : entry))
}
