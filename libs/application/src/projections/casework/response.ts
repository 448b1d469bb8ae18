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
  /**
   * `ours`: approved here; `lead`: what the case that it follows answered; `past`: imported, and `on-the-spot`: by word of
   * mouth: no approval of ours stands behind these two.
   */
  source: Source
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

/** `of`: the case with this event folded onto it. */
export function foldResponse(
  document: ResponseDocument | null,
  event: AnsweringEvent,
  of: CaseDocument,
): ResponseDocument {
  const said = whatWasSaid(event)
  if (document) {
    return { ...document, kind: said.kind, means: said.means, address: said.address, correctedAt: said.publishedAt }
  }
  return {
    id: responseDocumentId(of.id, event.data.responseId),
    caseId: of.id,
    responseId: event.data.responseId,
    number: of.number,
    title: of.title,
    caseKind: of.kind,
    channel: of.channel,
    ...said,
    receivedAt: of.receivedAt,
    inTime: said.kind === 'final' && of.final ? said.publishedAt <= of.final.due : null,
    correctedAt: null,
    commitments: [],
    visibleTo: of.visibleTo,
  }
}

function whatWasSaid({
  type,
  data,
}: AnsweringEvent): Pick<ResponseDocument, 'kind' | 'means' | 'address' | 'publishedAt' | 'department' | 'source'> {
  switch (type) {
    case 'ResponsePublished':
    case 'ResponseCorrected': {
      const { content, address, publishedAt, department } = data
      return { kind: content.kind, means: content.means, address, publishedAt, department, source: 'ours' }
    }
    case 'AnsweredByLead': {
      const { kind, means, address, publishedAt, department } = data
      return { kind, means, address, publishedAt, department, source: 'lead' }
    }
    case 'PastResponseRecorded': {
      const { kind, means, address, publishedAt } = data
      const department = data.department ?? data.departmentNamed
      return { kind, means, address, publishedAt, department, source: 'past' }
    }
    case 'AnsweredOnTheSpot': {
      const { means, answeredAt: publishedAt, department } = data
      return { kind: 'final', means, address: null, publishedAt, department, source: 'on-the-spot' }
    }
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
