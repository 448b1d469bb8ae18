import { caseStream, commitmentStream, itemStream } from '#domain'
import type { CaseEvent, CommitmentEvent, ItemEvent } from '#domain'
import type { EventStore, RecordedEvent } from '#event-store'
import { commitmentIdOf } from '../identity/ids.ts'
import { foldCase } from '../projections/casework/case.ts'
import type { CaseDocument } from '../projections/casework/case-document.ts'
import { foldCaseDetail } from '../projections/casework/case-detail.ts'
import type { CaseDetailDocument } from '../projections/casework/case-detail.ts'
import { foldCommitment, inCase } from '../projections/casework/commitment.ts'
import type { CommitmentDocument } from '../projections/casework/commitment.ts'
import { foldItem, titleOf } from '../projections/casework/item.ts'
import type { ItemDocument } from '../projections/casework/item.ts'
import type { Recorded } from '../recorded.ts'

/** Items of an opinion case that a replay reads, the first ones. */
const ITEMS_MAX = 500

/**
 * The moment that is asked for. `at`: what was recorded by then (who knew what); `asOf`: what had happened by then,
 * whenever it was written. Null: now.
 */
export interface Moment {
  at?: string | null
  asOf?: string | null
}

export interface CaseAtMoment {
  case: CaseDocument
  detail: CaseDetailDocument
  items: ItemDocument[]
  commitments: CommitmentDocument[]
}

/** A case, its items and promises, from their streams alone. Null where it had not been opened by then. */
export async function replayCase(store: EventStore, caseId: string, moment: Moment): Promise<CaseAtMoment | null> {
  const { events } = await store.readStream(caseStream(caseId))
  const seen = events.filter((event) => isBy(event, moment))
  const marks = seen.flatMap((event) => marksOf(event as unknown as Recorded<CaseEvent>))
  let document: CaseDocument | null = null
  let detail: CaseDetailDocument | null = null
  for (const event of seen as unknown as Recorded<CaseEvent>[]) {
    document = foldCase(document, event)
    detail = foldCaseDetail(detail, event)
  }
  if (!document || !detail) return null

  const fold = async <Document, Event>(
    stream: string,
    change: (document: Document | null, event: Recorded<Event>) => Document | null,
  ): Promise<Document[]> => {
    const read = await store.readStream(stream)
    const folded = read.events
      .filter((event) => isBy(event, moment))
      .reduce<Document | null>((before, event) => change(before, event as unknown as Recorded<Event>), null)
    return folded ? [folded] : []
  }
  const items: ItemDocument[] = []
  for (const id of document.items.slice(0, ITEMS_MAX))
    items.push(...(await fold<ItemDocument, ItemEvent>(itemStream(id), foldItem)))
  const commitments: CommitmentDocument[] = []
  for (const id of new Set(marks.map(([responseId, markId]) => commitmentIdOf(caseId, responseId, markId)))) {
    const found = await fold<CommitmentDocument, CommitmentEvent>(commitmentStream(id), foldCommitment)
    for (const commitment of found) commitments.push(inCase(commitment, document))
  }
  const [item] = items
  const title = document.kind === 'message' && item ? titleOf(item) : document.title
  // As in the read models, a case's page and its message are for the eyes of those who may see the case.
  const { visibleTo } = document
  return {
    case: { ...document, title, commitments: commitments.map(({ id }) => id) },
    detail: { ...detail, visibleTo },
    items: document.kind === 'message' ? items.map((item) => ({ ...item, visibleTo })) : items,
    commitments,
  }
}

function marksOf({ type, data }: Recorded<CaseEvent>): [responseId: string, markId: string][] {
  if (type !== 'ResponsePublished' && type !== 'ResponseCorrected') return []
  return data.content.marks.map(({ markId }) => [data.responseId, markId])
}

function isBy({ metadata }: RecordedEvent, { at, asOf }: Moment): boolean {
  return (at == null || metadata.recordedAt <= at) && (asOf == null || metadata.occurredAt <= asOf)
}
