import { watchDate } from '#domain'
import type { LeftBecause, OverdueMatter, PromiseDue, PromiseSource, TrackName } from '#domain'
import type { CollectionDefinition, ReadDocument } from '#read-store'
import { startOfBusinessDay } from '../../business-day.ts'
import { idOf } from '../../stream-id.ts'
import type { RecordedCommitmentEvent } from '../../recorded.ts'
import { visibleTo } from '../visibility.ts'
import { beginning } from './beginning.ts'
import type { CaseDocument } from './case-document.ts'
import { causeOf } from './cause.ts'
import type { Cause } from './cause.ts'

/** 承诺台账: a promise with the state of its two tracks. */
export type CommitmentDocument = ReadDocument & {
  id: string
  origin: string
  caseId: string | null
  responseId: string | null
  /** Of the case whose answer made it. */
  number: string | null
  channel: string | null
  source: PromiseSource['kind']
  /** What the source is called, where it is no answer: a press conference, a place visited, a yearly project. */
  sourceWords: string | null
  sourceDate: string | null
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
  /** Behind `fulfilment` and `publication` as they stand now; null where nobody has judged that. */
  verified: { department: string; method: string; at: string } | null
  /** `department`: null where a policy looked at the page. */
  seen: { department: string | null; at: string } | null
  exempted: { ground: string; law: string; clause: string; at: string } | null
  due: string
  dueKind: string
  dueWords: string | null
  earlierDues: string[]
  /** Everything that was ever due, oldest first; the last one holds. */
  dues: PromiseDue[]
  overdue: boolean
  /** The day for which each matter was marked. */
  overdueFor: Partial<Record<OverdueMatter, string>>
  /** Since it last moved. */
  stalled: boolean
  /** When either side last moved. */
  movedAt: string
  /** Set while a rectification is to be reported. */
  rectificationDue: string | null
  /** What a machine does about the page that was reported or is rechecked; null where there is none. */
  look: PageLookDocument | null
  /** What brought about what time does next. */
  causes: { due: Cause; movement: Cause; rectification: Cause; report: Cause; recheck: Cause }
  madeAt: string
  lastProgressAt: string | null
  /** How the latest statement of progress begins. */
  lastProgress: string | null
  settledAt: string | null
  recheckDue: string | null
  rechecks: number
  /** The latest ones. */
  recheckResults: { passed: boolean; tracks: TrackName[]; at: string }[]
  reason: string | null
  updatedAt: string
  visibleTo: string[]
}

export type PageLookDocument = {
  about: 'report' | 'recheck'
  /** Of the report or recheck. */
  number: number
  attempts: number
  /** When it looks next; null: it has done, and `result` says what came of it. */
  at: string | null
  result: 'seen' | LeftBecause | null
}

export type CommitmentStatus = 'open' | 'settled' | 'broken' | 'withdrawn' | 'superseded' | 'routine'

export const commitmentCollection: CollectionDefinition = {
  name: 'commitments',
  projection: 'casework',
  fields: {
    visibleTo: 'set',
    status: 'text',
    responsible: 'text',
    due: 'text',
    caseId: 'text',
    madeAt: 'text',
    channel: 'text',
  },
  lists: [
    { where: [], sort: 'due' },
    { where: ['status'], sort: 'due' },
    { where: ['responsible', 'status'], sort: 'due' },
    { where: ['caseId'], sort: 'due' },
    { where: [], sort: 'madeAt' },
    { where: ['responsible'], sort: 'madeAt' },
  ],
}

const STATEMENT_CHARACTERS = 500
const RECHECKS_SHOWN = 10

/** A promise that an answer made is known by the case. */
export function inCase(document: CommitmentDocument, { number, channel }: CaseDocument): CommitmentDocument {
  return { ...document, number, channel }
}

export function foldCommitment(
  document: CommitmentDocument | null,
  event: RecordedCommitmentEvent,
): CommitmentDocument | null {
  const next = event.type === 'CommitmentMade' ? made(event) : document && caused(changed(document, event), event)
  return next && { ...next, updatedAt: event.metadata.recordedAt }
}

function made(event: Extract<RecordedCommitmentEvent, { type: 'CommitmentMade' }>): CommitmentDocument {
  const { source, origin, terms, madeAt } = event.data
  const cause = causeOf(event)
  return {
    id: idOf(event.stream),
    origin,
    caseId: source.kind === 'response' ? source.caseId : null,
    responseId: source.kind === 'response' ? source.responseId : null,
    number: null,
    channel: null,
    ...sourceFields(source),
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
    verified: null,
    seen: null,
    exempted: null,
    ...dueFields(terms.due),
    earlierDues: [],
    dues: [terms.due],
    overdue: false,
    overdueFor: {},
    stalled: false,
    movedAt: madeAt,
    rectificationDue: null,
    look: null,
    causes: { due: cause, movement: cause, rectification: cause, report: cause, recheck: cause },
    madeAt,
    lastProgressAt: null,
    lastProgress: null,
    settledAt: null,
    recheckDue: null,
    rechecks: 0,
    recheckResults: [],
    reason: null,
    updatedAt: madeAt,
    visibleTo: visibleTo([terms.responsible], []),
  }
}

function sourceFields(source: PromiseSource): Pick<CommitmentDocument, 'source' | 'sourceWords' | 'sourceDate'> {
  switch (source.kind) {
    case 'response':
      return { source: source.kind, sourceWords: null, sourceDate: null }
    case 'press-conference':
      return { source: source.kind, sourceWords: source.title, sourceDate: source.heldOn }
    case 'site-visit':
      return { source: source.kind, sourceWords: source.place, sourceDate: source.visitedOn }
    case 'livelihood-project':
      return {
        source: source.kind,
        sourceWords: `${source.document}（${source.number}）`,
        sourceDate: `${source.year}`,
      }
  }
}

/** What time does next is known by the event that brought it about. */
function caused(document: CommitmentDocument, event: RecordedCommitmentEvent): CommitmentDocument {
  const cause = causeOf(event)
  switch (event.type) {
    case 'DueDateRevised':
    case 'CommitmentReviewed':
      return { ...document, causes: { ...document.causes, due: cause } }
    case 'RectificationOrdered':
      return { ...document, causes: { ...document.causes, rectification: cause } }
    case 'RecheckScheduled':
      return { ...document, causes: { ...document.causes, recheck: cause } }
    case 'PublicationReported':
      return { ...document, causes: { ...document.causes, movement: cause, report: cause } }
    case 'ProgressReported':
    case 'MilestoneReached':
    case 'FulfilmentReported':
    case 'FulfilmentVerified':
    case 'PublicationVerified':
    case 'RecheckFailed':
      return { ...document, causes: { ...document.causes, movement: cause } }
    default:
      return document
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
    case 'AskersInformed':
      return document
    case 'RectificationOrdered':
      return { ...document, rectificationDue: data.dueOn }
    case 'CommitmentReviewed':
      return { ...document, due: data.nextReviewOn, overdue: false }
    case 'CommitmentSuperseded':
      return { ...document, status: 'superseded', overdue: false, look: null, reason: data.reason }
    case 'DueDateRevised':
      return {
        ...document,
        ...dueFields(data.due),
        earlierDues: [...document.earlierDues, document.due],
        dues: [...document.dues, data.due],
        overdue: false,
      }
    case 'ProgressReported':
    case 'MilestoneReached':
      return { ...moved(document, data.reportedAt), ...progressFields(data) }
    case 'FulfilmentReported':
      return {
        ...moved(document, data.reportedAt),
        ...progressFields(data),
        fulfilment: 'reported',
        verified: null,
        rectificationDue: null,
      }
    case 'FulfilmentVerified': {
      const { degree, method, by, verifiedAt } = data
      const verified = { department: by.department, method, at: verifiedAt }
      return { ...moved(document, verifiedAt), fulfilment: degree, verified, rectificationDue: null }
    }
    case 'FulfilmentRejected':
      return { ...document, fulfilment: 'open' }
    case 'PublicationReported':
      return {
        ...moved(document, data.reportedAt),
        publication: 'reported',
        publishedAt: data.address,
        seen: null,
        look: { about: 'report', number: data.report, attempts: 0, at: data.reportedAt, result: null },
      }
    case 'PublicationVerified': {
      const seen = { department: data.by?.department ?? null, at: data.verifiedAt }
      return { ...moved(document, data.verifiedAt), publication: 'verified', seen, look: null }
    }
    case 'PublicationRejected':
      return { ...document, publication: 'open', look: null }
    case 'PublicationExempted': {
      const { ground, law, clause } = data
      const exempted = { ground, law, clause, at: event.metadata.occurredAt }
      return { ...document, publication: 'exempted', exempted, look: null }
    }
    case 'PageCheckDeferred':
      return {
        ...document,
        look: document.look && { ...document.look, attempts: data.attempt, at: data.nextAttemptAt },
      }
    case 'PageCheckLeft':
      return { ...document, look: document.look && { ...document.look, at: null, result: data.because } }
    case 'PageSeenAgain':
      return { ...document, look: document.look && { ...document.look, at: null, result: 'seen' } }
    case 'CommitmentSettled':
      return { ...document, status: 'settled', settledAt: data.settledAt, overdue: false }
    case 'CommitmentBroken':
      return { ...document, status: 'broken', overdue: false, look: null, reason: data.reason }
    case 'CommitmentWithdrawn':
      return { ...document, status: 'withdrawn', overdue: false, look: null, reason: data.reason }
    case 'CommitmentMadeRoutine':
      return { ...document, status: 'routine', recheckDue: null, look: null }
    case 'CommitmentOverdue':
      return { ...document, overdue: true, overdueFor: { ...document.overdueFor, [data.matter]: data.due } }
    case 'CommitmentStalled':
      return { ...document, stalled: true }
    case 'RecheckScheduled':
      return {
        ...document,
        recheckDue: data.dueOn,
        look:
          document.publication === 'verified'
            ? { about: 'recheck', number: data.recheck, attempts: 0, at: startOfBusinessDay(data.dueOn), result: null }
            : null,
      }
    case 'RecheckPassed':
      return rechecked(document, { passed: true, tracks: [], at: data.recheckedAt })
    case 'RecheckFailed':
      return {
        ...moved(rechecked(document, { passed: false, tracks: data.tracks, at: data.recheckedAt }), data.recheckedAt),
        status: 'open',
        settledAt: null,
        ...(data.tracks.includes('fulfilment') && { fulfilment: 'open', verified: null }),
        ...(data.tracks.includes('publication') && { publication: 'open', seen: null, exempted: null }),
      }
  }
}

function progressFields({ statement, reportedAt }: { statement: string; reportedAt: string }) {
  return { lastProgressAt: reportedAt, lastProgress: beginning(statement, STATEMENT_CHARACTERS) }
}

function rechecked(
  document: CommitmentDocument,
  result: CommitmentDocument['recheckResults'][number],
): CommitmentDocument {
  const recheckResults = [...document.recheckResults, result].slice(-RECHECKS_SHOWN)
  return { ...document, recheckDue: null, look: null, rechecks: document.rechecks + 1, recheckResults }
}

function moved(document: CommitmentDocument, movedAt: string): CommitmentDocument {
  return { ...document, movedAt, stalled: false }
}
