import type { CollectionDefinition, ReadDocument } from '#read-store'
import type { RecordedCaseEvent } from '../../recorded.ts'
import type { AnswerDeadline, CaseDocument } from './case-document.ts'
import type { CommitmentDocument } from './commitment.ts'
import { isSubstantive } from './substance.ts'

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
  /** `ours`: approved here; `lead`: what the case that it follows answered; `past`: imported, no approval of ours stands behind it. */
  source: 'ours' | 'lead' | 'past'
  /** 受理编号 of the case that answered, where `source` is `lead`. */
  leadNumber: string | null
  correctedAt: string | null
  commitments: { id: string; quote: string; due: string; status: string; fulfilment: string; publication: string }[]
  visibleTo: string[]
}

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
  { type: 'ResponsePublished' | 'ResponseCorrected' | 'AnsweredByLead' | 'PastResponseRecorded' }
>

/** Events that are an answer given, which the ledger has a line for. */
export const answering: ReadonlySet<string> = new Set([
  'ResponsePublished',
  'ResponseCorrected',
  'AnsweredByLead',
  'PastResponseRecorded',
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
  const { type, data } = event
  const said = type === 'ResponsePublished' || type === 'ResponseCorrected' ? data.content : data
  const { kind, means } = said
  const substantive = isSubstantive(said)
  if (document) {
    return { ...document, kind, means, address: data.address, substantive, correctedAt: data.publishedAt }
  }
  const publishedAt = type === 'AnsweredByLead' ? data.answeredAt : data.publishedAt
  const department = type === 'PastResponseRecorded' ? (data.department ?? data.departmentNamed) : data.department
  return {
    id: responseDocumentId(of.id, data.responseId),
    caseId: of.id,
    responseId: data.responseId,
    number: of.number,
    title: of.title,
    caseKind: of.kind,
    channel: of.channel,
    kind,
    department,
    means,
    address: data.address,
    receivedAt: of.receivedAt,
    publishedAt,
    ...(kind === 'final' && before?.isAnswered === false ? judged(before.owed, publishedAt) : NOT_OWED),
    substantive,
    source: type === 'PastResponseRecorded' ? 'past' : type === 'AnsweredByLead' ? 'lead' : 'ours',
    leadNumber,
    correctedAt: null,
    commitments: [],
    visibleTo: of.visibleTo,
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
