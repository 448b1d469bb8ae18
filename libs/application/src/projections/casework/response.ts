import type { CollectionDefinition, ReadDocument } from '#read-store'
import type { RecordedCaseEvent } from '../../recorded.ts'
import type { CaseDocument } from './case-document.ts'
import type { CommitmentDocument } from './commitment.ts'

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
  publishedAt: string
  /** For final answers, by the deadline of the case; null where none was owed. */
  inTime: boolean | null
  /** `ours`: approved here; `lead`: what the case that it follows answered; `past`: imported, no approval of ours stands behind it. */
  source: 'ours' | 'lead' | 'past'
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

/** `of`: the case with this event folded onto it. */
export function foldResponse(
  document: ResponseDocument | null,
  event: AnsweringEvent,
  of: CaseDocument,
): ResponseDocument {
  const { type, data } = event
  const said = type === 'ResponsePublished' || type === 'ResponseCorrected' ? data.content : data
  if (document) {
    return { ...document, kind: said.kind, means: said.means, address: data.address, correctedAt: data.publishedAt }
  }
  const department = type === 'PastResponseRecorded' ? (data.department ?? data.departmentNamed) : data.department
  return {
    id: responseDocumentId(of.id, data.responseId),
    caseId: of.id,
    responseId: data.responseId,
    number: of.number,
    title: of.title,
    caseKind: of.kind,
    channel: of.channel,
    kind: said.kind,
    department,
    means: said.means,
    address: data.address,
    receivedAt: of.receivedAt,
    publishedAt: data.publishedAt,
    inTime: said.kind === 'final' && of.final ? data.publishedAt <= of.final.due : null,
    source: type === 'PastResponseRecorded' ? 'past' : type === 'AnsweredByLead' ? 'lead' : 'ours',
    correctedAt: null,
    commitments: [],
    visibleTo: of.visibleTo,
  }
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
