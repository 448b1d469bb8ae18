import type { CaseEvent, CommitmentEvent, ItemEvent } from '#domain'
import { caseEventFormats, commitmentEventFormats, itemEventFormats } from '#domain'
import type { RecordedEvent } from '#event-store'
import type { DocumentKey, Projection, ProjectionSession } from '../projection.ts'
import { idOf } from '../../stream-id.ts'
import type { Recorded } from '../../recorded.ts'
import { agendaCollection, agendaOfCase, agendaOfCommitment } from './agenda.ts'
import type { AgendaDocument } from './agenda.ts'
import { foldCase, shareWith } from './case.ts'
import { caseCollection } from './case-document.ts'
import type { CaseDocument } from './case-document.ts'
import { caseDetailCollection, foldCaseDetail } from './case-detail.ts'
import type { CaseDetailDocument } from './case-detail.ts'
import { commitmentCollection, foldCommitment, inCase } from './commitment.ts'
import type { CommitmentDocument } from './commitment.ts'
import { foldItem, itemCollection, titleOf } from './item.ts'
import type { ItemDocument } from './item.ts'
import {
  answering,
  foldResponse,
  isAnswering,
  noteCommitment,
  responseCollection,
  responseDocumentId,
} from './response.ts'
import type { ResponseDocument } from './response.ts'
import { countedCase, countedCommitment, foldTally, idOfTally, recounted, tallyCollection } from './tally.ts'
import type { Counted, TallyDocument } from './tally.ts'
import { foldWorkload, workloadCollection, workOfCase, workOfCommitment } from './workload.ts'
import type { Work, WorkloadDocument } from './workload.ts'

/**
 * Cases, the items they came from, their answers and promises, and what is counted of them: one projection, because each
 * of its documents tells of the others.
 */
export const casework: Projection = {
  name: 'casework',
  version: 2,
  // Counts come first: where an engine has no transactions, they must be written before the case that they were taken
  // from, so that a second delivery finds the case as it was and the counts as already done. So does the agenda.
  collections: [
    tallyCollection,
    workloadCollection,
    agendaCollection,
    responseCollection,
    commitmentCollection,
    caseDetailCollection,
    itemCollection,
    caseCollection,
  ],
  handles: new Set([
    ...Object.keys(itemEventFormats),
    ...Object.keys(caseEventFormats),
    ...Object.keys(commitmentEventFormats),
  ]),
  expects(event) {
    const id = idOf(event.stream)
    if (event.stream.startsWith('item-')) return [['items', id]]
    if (event.stream.startsWith('commitment-')) return [['commitments', id]]
    if (!event.stream.startsWith('case-')) return []
    const { type, data } = recorded<CaseEvent>(event)
    const documents: DocumentKey[] = [
      ['cases', id],
      ['case-details', id],
    ]
    if ('deadlineId' in data && data.deadlineId !== null) documents.push(['agenda', data.deadlineId])
    if (answering.has(type) && 'responseId' in data)
      documents.push(['responses', responseDocumentId(id, data.responseId)])
    return documents
  },
  async apply(event, session) {
    if (event.stream.startsWith('case-')) await applyCase(recorded<CaseEvent>(event), session)
    else if (event.stream.startsWith('item-')) await applyItem(recorded<ItemEvent>(event), session)
    else if (event.stream.startsWith('commitment-')) await applyCommitment(recorded<CommitmentEvent>(event), session)
  },
}

/** The store has checked the event against the schema of its type. */
function recorded<Event>(event: RecordedEvent): Recorded<Event> {
  return event as unknown as Recorded<Event>
}

async function applyItem(event: Recorded<ItemEvent>, session: ProjectionSession): Promise<void> {
  const id = idOf(event.stream)
  await session.update<ItemDocument>('items', id, (document) => foldItem(document, event))
  if (event.type === 'ItemReceived') return
  const item = await session.get<ItemDocument>('items', id)
  if (item?.kind === 'message' && item.caseId !== null) await entitle(session, item.caseId, item)
}

/** A message's case, and its answers in the ledger, are called as its item is. */
async function entitle(session: ProjectionSession, caseId: string, item: ItemDocument): Promise<void> {
  const title = titleOf(item)
  const named = <Document extends { title: string }>(document: Document | null): Document | null =>
    document === null || document.title === title ? document : { ...document, title }
  await session.update<CaseDocument>('cases', caseId, named)
  const { responses = [] } = (await session.get<CaseDocument>('cases', caseId)) ?? {}
  for (const responseId of responses) {
    await session.update<ResponseDocument>('responses', responseDocumentId(caseId, responseId), named)
  }
}

async function applyCase(event: Recorded<CaseEvent>, session: ProjectionSession): Promise<void> {
  const id = idOf(event.stream)
  const before = await session.get<CaseDocument>('cases', id)
  await session.update<CaseDocument>('cases', id, (document) => foldCase(document, event))
  if (event.type === 'CaseOpened' && event.data.kind === 'message') {
    const item = await session.get<ItemDocument>('items', event.data.items[0] ?? '')
    if (item) await entitle(session, id, item)
  }
  const after = await session.get<CaseDocument>('cases', id)
  if (!after) return

  await session.update<CaseDetailDocument>('case-details', id, (document) => {
    const detail = foldCaseDetail(document, event)
    return detail && { ...detail, visibleTo: after.visibleTo }
  })
  if (isAnswering(event)) {
    const lead = event.type === 'AnsweredByLead' ? await session.get<CaseDocument>('cases', event.data.lead) : null
    const given = { of: after, before, leadNumber: lead?.number ?? null }
    await session.update<ResponseDocument>('responses', responseDocumentId(id, event.data.responseId), (document) =>
      foldResponse(document, event, given),
    )
  }
  await recount(session, countedCase(before), countedCase(after))
  await reweigh(session, workOfCase(before), workOfCase(after))
  await reschedule(session, agendaOfCase(before), agendaOfCase(after))
  if (before && !sameList(before.visibleTo, after.visibleTo)) await showToTheSame(session, after)
  if (event.type === 'FollowerJoined') await shareFollower(session, { id: event.data.follower, ...event.data }, after)
  else if (movesWork.has(event.type)) {
    for (const follower of after.followers) await shareFollower(session, follower, after)
  }
}

/**
 * What may change whose a case is, and with it who sees those that follow it. Known by the event, not by a difference: where
 * an engine has no transactions, the lead may have been written already and the follower not.
 */
const movesWork: ReadonlySet<string> = new Set([
  'CaseRouted',
  'RoutingWithdrawn',
  'CaseSignedFor',
  'HandBackGranted',
  'AssistRequested',
  'CaseSeparated',
])

async function applyCommitment(event: Recorded<CommitmentEvent>, session: ProjectionSession): Promise<void> {
  const id = idOf(event.stream)
  const before = await session.get<CommitmentDocument>('commitments', id)
  const madeIn = await caseThatMade(event, session)
  await session.update<CommitmentDocument>('commitments', id, (document) => {
    const next = foldCommitment(document, event)
    return next && madeIn ? inCase(next, madeIn) : next
  })
  const after = await session.get<CommitmentDocument>('commitments', id)
  if (!after) return
  await recount(session, countedCommitment(before), countedCommitment(after))
  await reweigh(session, workOfCommitment(before), workOfCommitment(after))
  await reschedule(session, agendaOfCommitment(before), agendaOfCommitment(after))
  const { caseId, responseId } = after
  if (caseId === null || responseId === null) return
  await session.update<ResponseDocument>('responses', responseDocumentId(caseId, responseId), (document) =>
    noteCommitment(document, after),
  )
  if (before) return
  await session.update<CaseDocument>('cases', caseId, (document) =>
    document && !document.commitments.includes(id)
      ? { ...document, commitments: [...document.commitments, id] }
      : document,
  )
}

/** The case whose answer makes the promise, where it is being made. */
async function caseThatMade(
  { type, data }: Recorded<CommitmentEvent>,
  session: ProjectionSession,
): Promise<CaseDocument | null> {
  if (type !== 'CommitmentMade' || data.source.kind !== 'response') return null
  return await session.get<CaseDocument>('cases', data.source.caseId)
}

/** The answers and items of a case are for the eyes of those who may see the case. */
async function showToTheSame(
  session: ProjectionSession,
  { id, responses, items, visibleTo, kind }: CaseDocument,
): Promise<void> {
  for (const responseId of responses) {
    await session.update<ResponseDocument>(
      'responses',
      responseDocumentId(id, responseId),
      (document) => document && { ...document, visibleTo },
    )
  }
  if (kind !== 'message') return
  for (const item of items) {
    await session.update<ItemDocument>('items', item, (document) => document && { ...document, visibleTo })
  }
}

/** Whoever has left meanwhile is not shared any more, though the lead may not have heard of it yet. */
async function shareFollower(
  session: ProjectionSession,
  { id: follower, through }: CaseDocument['followers'][number],
  lead: CaseDocument,
): Promise<void> {
  const before = await session.get<CaseDocument>('cases', follower)
  if (before?.following !== through) return
  await session.update<CaseDocument>('cases', follower, (document) => shareWith(document, lead))
  const shared = await session.get<CaseDocument>('cases', follower)
  if (!shared) return
  await reschedule(session, agendaOfCase(before), agendaOfCase(shared))
  if (sameList(before.visibleTo, shared.visibleTo)) return
  const { visibleTo } = shared
  await session.update<CaseDetailDocument>(
    'case-details',
    follower,
    (document) => document && { ...document, visibleTo },
  )
  await showToTheSame(session, shared)
}

async function recount(session: ProjectionSession, before: Counted | null, after: Counted | null): Promise<void> {
  for (const change of recounted(before, after)) {
    await session.update<TallyDocument>('tallies', idOfTally(change), (document) => foldTally(document, change))
  }
}

async function reweigh(session: ProjectionSession, before: Work | null, after: Work | null): Promise<void> {
  if (JSON.stringify(before) === JSON.stringify(after)) return
  if (before) await weigh(session, before, -1)
  if (after) await weigh(session, after, 1)
}

async function weigh(session: ProjectionSession, { department, counts }: Work, sign: 1 | -1): Promise<void> {
  await session.update<WorkloadDocument>('workloads', department, (document) =>
    foldWorkload(document, department, counts, sign),
  )
}

async function reschedule(
  session: ProjectionSession,
  before: readonly AgendaDocument[],
  after: readonly AgendaDocument[],
): Promise<void> {
  const known = new Map(before.map((entry) => [entry.id, JSON.stringify(entry)]))
  const kept = new Set(after.map(({ id }) => id))
  for (const { id } of before) {
    if (!kept.has(id)) await session.update<AgendaDocument>('agenda', id, () => null)
  }
  for (const entry of after) {
    if (known.get(entry.id) !== JSON.stringify(entry))
      await session.update<AgendaDocument>('agenda', entry.id, () => entry)
  }
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index])
}
