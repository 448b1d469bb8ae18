import type { CollectionDefinition, ReadDocument } from '#read-store'
import type { RecordedCaseEvent } from '../../recorded.ts'
import type { AnswerDeadline, CaseDocument } from './case-document.ts'
import type { CommitmentDocument } from './commitment.ts'
import { isSubstantive } from './substance.ts'
import type { Said } from './substance.ts'

/** 舆情回应台账: one line for each answer: what was asked, who answered, when and where, in time or not, and what was promised. */
export type ResponseDocument = ReadDocument & {
  id: string
  caseId: string
  responseId: string
  number: string
  title: string
  caseKind: string
  channel: string | null
  kind: string
  department: string | null
  means: string
  address: string | null
  receivedAt: string
  /** When it answered this case: of what the lead had said before, when staff said so. */
  publishedAt: string
  /** Of a final answer: until when it was owed, whether it came by then, and whether a norm that did not hold then says so; null where none was owed. */
  due: string | null
  inTime: boolean | null
  retrospective: boolean | null
  /** Whether it says something about the matter (`substance.ts`). */
  substantive: boolean
  /**
   * `ours`: approved here; `lead`: what the case that it follows answered; `past`: imported, and `on-the-spot`: by word of
   * mouth: no approval of ours stands behind these two.
   */
  source: Source
  /** 受理编号 of the case that answered, where `source` is `lead`. */
  leadNumber: string | null
  correctedAt: string | null
  commitments: { id: string; quote: string; due: string; status: string; fulfilment: string; publication: string }[]
  visibleTo: string[]
}

type Source = 'ours' | 'lead' | 'past' | 'on-the-spot'

export const responseCollection: CollectionDefinition = {
  name: 'responses',
  projection: 'casework',
  fields: { visibleTo: 'set', publishedAt: 'text', department: 'text', caseKind: 'text' },
  lists: [
    { where: [], sort: 'publishedAt' },
    { where: ['department'], sort: 'publishedAt' },
    { where: ['caseKind'], sort: 'publishedAt' },
  ],
}

export const responseDocumentId = (caseId: string, responseId: string): string => `${caseId}.${responseId}`

type AnsweringEvent = Extract<
  RecordedCaseEvent,
  {
    type: 'ResponsePublished' | 'ResponseCorrected' | 'AnsweredByLead' | 'PastResponseRecorded' | 'AnsweredOnTheSpot'
  }
>

/** Events that are an answer given, which the ledger has a line for. */
export const answering: ReadonlySet<string> = new Set([
  'ResponsePublished',
  'ResponseCorrected',
  'AnsweredByLead',
  'PastResponseRecorded',
  'AnsweredOnTheSpot',
])

/** Whether an event is an answer given, which the ledger has a line for. */
export function isAnswering(event: RecordedCaseEvent): event is AnsweringEvent {
  return answering.has(event.type)
}

/** `of`: the case with this event folded onto it; `before`: as it was; `leadNumber`: of the case that answered this one. */
export function foldResponse(
  document: ResponseDocument | null,
  event: AnsweringEvent,
  { of, before, leadNumber }: { of: CaseDocument; before: CaseDocument | null; leadNumber: string | null },
): ResponseDocument {
  const said = whatWasSaid(event)
  const { kind, means, address, publishedAt, department, source } = said
  const substantive = isSubstantive(said)
  if (document) {
    const correctedAt = event.type === 'AnsweredByLead' ? event.data.publishedAt : publishedAt
    return { ...document, kind, means, address, substantive, correctedAt }
  }
  return {
    id: responseDocumentId(of.id, event.data.responseId),
    caseId: of.id,
    responseId: event.data.responseId,
    number: of.number,
    title: of.title,
    caseKind: of.kind,
    channel: of.channel,
    kind,
    department,
    means,
    address,
    receivedAt: of.receivedAt,
    publishedAt,
    ...(kind === 'final' && before?.isAnswered === false ? judged(before.owed, publishedAt) : NOT_OWED),
    substantive,
    source,
    leadNumber,
    correctedAt: null,
    commitments: [],
    visibleTo: of.visibleTo,
  }
}

interface SaidInAnswer extends Said {
  means: string
  address: string | null
  publishedAt: string
  department: string | null
  source: Source
}

function whatWasSaid({ type, data }: AnsweringEvent): SaidInAnswer {
  switch (type) {
    case 'ResponsePublished':
    case 'ResponseCorrected': {
      const { content, address, publishedAt, department } = data
      const { kind, text, means } = content
      return { kind, text, means, address, publishedAt, department, source: 'ours' }
    }
    case 'AnsweredByLead': {
      const { kind, text, means, address, answeredAt: publishedAt, department } = data
      return { kind, text, means, address, publishedAt, department, source: 'lead' }
    }
    case 'PastResponseRecorded': {
      const { kind, text, means, address, publishedAt } = data
      const department = data.department ?? data.departmentNamed
      return { kind, text, means, address, publishedAt, department, source: 'past' }
    }
    case 'AnsweredOnTheSpot': {
      const { text, means, answeredAt: publishedAt, department } = data
      return { kind: 'final', text, means, address: null, publishedAt, department, source: 'on-the-spot' }
    }
  }
}

const NOT_OWED = { due: null, inTime: null, retrospective: null }

/** A clock that stands still cannot be late; one that was written down as missed is. */
function judged(owed: AnswerDeadline | null, at: string): Pick<ResponseDocument, 'due' | 'inTime' | 'retrospective'> {
  if (owed === null || owed.state === 'lapsed') return NOT_OWED
  const { due, state, retrospective } = owed
  return { due, inTime: state === 'suspended' || (state !== 'missed' && at <= due), retrospective }
}

/** The line of the answer that made a promise says how it stands with it. */
export function noteCommitment(
  document: ResponseDocument | null,
  commitment: CommitmentDocument,
): ResponseDocument | null {
  if (!document) return null
  const { id, quote, due, status, fulfilment, publication } = commitment
  const line = { id, quote, due, status, fulfilment, publication }
  const before = document.commitments.findIndex((other) => other.id === id)
  const commitments = before < 0 ? [...document.commitments, line] : document.commitments.with(before, line)
  return { ...document, commitments }
}
