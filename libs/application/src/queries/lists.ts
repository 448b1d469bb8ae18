import type { CommitmentDocument, CommitmentStatus } from '../projections/casework/commitment.ts'
import type { ItemDocument } from '../projections/casework/item.ts'
import type { ResponseDocument } from '../projections/casework/response.ts'
import type { WorkloadDocument } from '../projections/casework/workload.ts'
import type { FeedDocument, RefusedRowDocument, RunDocument } from '../projections/intake.ts'
import type { WatchDocument } from '../projections/watch.ts'
import { given, listQuery } from './list-query.ts'

const items = listQuery<ItemDocument, { place?: ItemDocument['place'] | null; channel?: string | null }>({
  name: 'ListItems',
  projection: 'casework',
  collection: 'items',
  where: ({ place, channel }) => given({ place: place ?? 'waiting', channel }),
  sort: { field: 'receivedAt', direction: 'descending' },
})
/** 收件箱: what came in and where it is; without a place, what waits. */
export const ListItems = items.query

const commitments = listQuery<CommitmentDocument, { state?: CommitmentStatus | null; responsible?: string | null }>({
  name: 'ListCommitments',
  projection: 'casework',
  collection: 'commitments',
  where: ({ state, responsible }) => given({ status: state, responsible }),
  sort: { field: 'due', direction: 'ascending' },
})
/** 承诺台账, the soonest due first. */
export const ListCommitments = commitments.query

const responses = listQuery<ResponseDocument, { department?: string | null; caseKind?: string | null }>({
  name: 'ListResponses',
  projection: 'casework',
  collection: 'responses',
  where: ({ department, caseKind }) => given({ department, caseKind }),
  sort: { field: 'publishedAt', direction: 'descending' },
})
/** 舆情回应台账, the newest answer first. */
export const ListResponses = responses.query

const workloads = listQuery<WorkloadDocument>({
  name: 'ListWorkloads',
  projection: 'casework',
  collection: 'workloads',
  where: () => ({}),
  sort: { field: 'department', direction: 'ascending' },
})
/** What each department has in hand. */
export const ListWorkloads = workloads.query

const refusedRows = listQuery<RefusedRowDocument, { state?: RefusedRowDocument['state'] | null }>({
  name: 'ListRefusedRows',
  projection: 'intake',
  collection: 'refused-rows',
  where: ({ state }) => given({ state: state ?? 'open' }),
  sort: { field: 'order', direction: 'ascending' },
})
/** Rows that imports refused: those still open, or of another state. */
export const ListRefusedRows = refusedRows.query

const importRuns = listQuery<RunDocument, { channel?: string | null }>({
  name: 'ListImportRuns',
  projection: 'intake',
  collection: 'import-runs',
  where: ({ channel }) => given({ channel }),
  sort: { field: 'startedAt', direction: 'descending' },
})
/** What was brought in, and what became of its rows; the newest first. */
export const ListImportRuns = importRuns.query

const watchLists = listQuery<WatchDocument, { department?: string | null; date?: string | null }>({
  name: 'ListWatchLists',
  projection: 'watch',
  collection: 'watch-lists',
  where: ({ department, date }) => ({
    ...given({ department }),
    ...(date && { date: { gte: date, lte: date } }),
  }),
  sort: { field: 'date', direction: 'descending' },
})
/** 日监测清单: of a department, of a day, or all; the newest first. */
export const ListWatchLists = watchLists.query

const feeds = listQuery<FeedDocument>({
  name: 'ListFeeds',
  projection: 'intake',
  collection: 'feeds',
  where: () => ({}),
  sort: { field: 'channel', direction: 'ascending' },
})
/** Feeds as they are set, and which cannot be read. */
export const ListFeeds = feeds.query

export const listHandlers = [items, commitments, responses, workloads, refusedRows, importRuns, watchLists, feeds].map(
  ({ handler }) => handler,
)
