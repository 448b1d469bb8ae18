import { watchDate } from '#domain'
import type { PromiseDue } from '#domain'
import type { CollectionDefinition, ReadDocument } from '#read-store'
import { idOf } from '../../stream-id.ts'
import type { RecordedCommitmentEvent } from '../../recorded.ts'
import { visibleTo } from '../visibility.ts'

/** 承诺台账: a promise with the state of its two tracks. */
export type CommitmentDocument = ReadDocument & {
  id: string
  origin: string
  caseId: string | null
  responseId: string | null
  quote: string
  action: string
  class: string
  strength: string
  promisor: string
  responsible: string
  status: CommitmentStatus
  fulfilment: 'open' | 'reported' | 'complete' | 'partial' | 'none'
  publication: 'open' | 'reported' | 'verified' | 'exempted'
  publishedAt: string | null
  due: string
  dueKind: string
  dueWords: string | null
  earlierDues: string[]
  overdue: boolean
  stalled: boolean
  madeAt: string
  lastProgressAt: string | null
  settledAt: string | null
  recheckDue: string | null
  rechecks: number
  reason: string | null
  updatedAt: string
  visibleTo: string[]
}

export type CommitmentStatus = 'open' | 'settled' | 'broken' | 'withdrawn' | 'superseded' | 'routine'

export const commitmentCollection: CollectionDefinition = {
  name: 'commitments',
  projection: 'casework',
  fields: { visibleTo: 'set', status: 'text', responsible: 'text', due: 'text', caseId: 'text' },
  lists: [
    { where: [], sort: 'due' },
    { where: ['status'], sort: 'due' },
    { where: ['responsible', 'status'], sort: 'due' },
    { where: ['caseId'], sort: 'due' },
  ],
}

export function foldCommitment(
  document: CommitmentDocument | null,
  event: RecordedCommitmentEvent,
): CommitmentDocument | null {
  const next = event.type === 'CommitmentMade' ? made(event) : document && changed(document, event)
  return next && { ...next, updatedAt: event.metadata.recordedAt }
}

function made(event: Extract<RecordedCommitmentEvent, { type: 'CommitmentMade' }>): CommitmentDocument {
  const { source, origin, terms, madeAt } = event.data
  return {
    id: idOf(event.stream),
    origin,
    caseId: source.kind === 'response' ? source.caseId : null,
    responseId: source.kind === 'response' ? source.responseId : null,
    quote: terms.quote,
    action: terms.action,
    class: terms.class,
    strength: terms.strength,
    promisor: terms.promisor.name,
    responsible: terms.responsible,
    status: 'open',
    fulfilment: 'open',
    publication: 'open',
    publishedAt: null,
    ...dueFields(terms.due),
    earlierDues: [],
    overdue: false,
    stalled: false,
    madeAt,
    lastProgressAt: null,
    settledAt: null,
    recheckDue: null,
    rechecks: 0,
    reason: null,
    updatedAt: madeAt,
    visibleTo: visibleTo([terms.responsible], []),
  }
}

function dueFields(due: PromiseDue): { due: string; dueKind: string; dueWords: string | null } {
  const words =
    due.kind === 'date' || due.kind === 'none'
      ? due.words
      : due.kind === 'condition'
        ? due.condition
        : due.kind === 'after-event'
          ? due.event
          : null
  return { due: watchDate(due), dueKind: due.kind, dueWords: words }
}

function changed(document: CommitmentDocument, event: RecordedCommitmentEvent): CommitmentDocument {
  const { type, data } = event
  switch (type) {
    case 'CommitmentMade':
    case 'CommitmentAffirmed':
    case 'RectificationOrdered':
    case 'AskersInformed':
      return document
    case 'CommitmentReviewed':
      return { ...document, due: data.nextReviewOn, overdue: false }
    case 'CommitmentSuperseded':
      return { ...document, status: 'superseded', overdue: false, reason: data.reason }
    case 'DueDateRevised':
      return {
        ...document,
        ...dueFields(data.due),
        earlierDues: [...document.earlierDues, document.due],
        overdue: false,
      }
    case 'ProgressReported':
    case 'MilestoneReached':
      return { ...document, lastProgressAt: data.reportedAt, stalled: false }
    case 'FulfilmentReported':
      return { ...document, fulfilment: 'reported', lastProgressAt: data.reportedAt, stalled: false }
    case 'FulfilmentVerified':
      return { ...document, fulfilment: data.degree }
    case 'FulfilmentRejected':
      return { ...document, fulfilment: 'open' }
    case 'PublicationReported':
      return { ...document, publication: 'reported', publishedAt: data.address }
    case 'PublicationVerified':
      return { ...document, publication: 'verified' }
    case 'PublicationRejected':
      return { ...document, publication: 'open' }
    case 'PublicationExempted':
      return { ...document, publication: 'exempted' }
    case 'CommitmentSettled':
      return { ...document, status: 'settled', settledAt: data.settledAt, overdue: false }
    case 'CommitmentBroken':
      return { ...document, status: 'broken', overdue: false, reason: data.reason }
    case 'CommitmentWithdrawn':
      return { ...document, status: 'withdrawn', overdue: false, reason: data.reason }
    case 'CommitmentMadeRoutine':
      return { ...document, status: 'routine' }
    case 'CommitmentOverdue':
      return { ...document, overdue: true }
    case 'CommitmentStalled':
      return { ...document, stalled: true }
    case 'RecheckScheduled':
      return { ...document, recheckDue: data.dueOn }
    case 'RecheckPassed':
      return { ...document, recheckDue: null, rechecks: document.rechecks + 1 }
    case 'RecheckFailed':
      return {
        ...document,
        status: 'open',
        settledAt: null,
        recheckDue: null,
        rechecks: document.rechecks + 1,
        fulfilment: data.tracks.includes('fulfilment') ? 'open' : document.fulfilment,
        publication: data.tracks.includes('publication') ? 'open' : document.publication,
      }
  }
}
