import { dayOfRun, intakeEventFormats } from '#domain'
import type { DeliveredOutcome, IntakeEvent, SettingsEvent } from '#domain'
import type { CollectionDefinition, ReadDocument } from '#read-store'
import type { Projection } from './projection.ts'
import { idOf } from '../stream-id.ts'
import type { Recorded } from '../recorded.ts'
import { WHOLE_COUNTY } from './visibility.ts'

/** What was brought in, run by run: a file, or what a platform sent in a day. */
export type RunDocument = ReadDocument & {
  id: string
  channel: string
  source: 'file' | 'webhook' | 'feed'
  fileName: string | null
  startedAt: string
  finishedAt: string | null
  counts: Record<string, number> | null
  problem: { code: string; message: string } | null
  visibleTo: string[]
}

/** A row that was refused, until it is taken or dismissed. */
export type RefusedRowDocument = ReadDocument & {
  id: string
  run: string
  channel: string
  row: number
  code: string
  message: string
  excerpt: string | null
  /** Whether the row was kept whole, so that it can be tried again. */
  retryable: boolean
  state: 'open' | 'taken' | 'dismissed'
  refusedAt: string
  visibleTo: string[]
}

/** A feed as it is set, and since when it cannot be read. */
export type FeedDocument = ReadDocument & {
  id: string
  channel: string
  address: string
  everyMinutes: number
  active: boolean
  failing: { since: string; attempts: number; fault: string } | null
  visibleTo: string[]
}

const feeds: CollectionDefinition = {
  name: 'feeds',
  projection: 'intake',
  fields: { visibleTo: 'set', channel: 'text' },
  lists: [{ where: [], sort: 'channel' }],
}

const runs: CollectionDefinition = {
  name: 'import-runs',
  projection: 'intake',
  fields: { visibleTo: 'set', channel: 'text', startedAt: 'text' },
  lists: [
    { where: [], sort: 'startedAt' },
    { where: ['channel'], sort: 'startedAt' },
  ],
}

const refusedRows: CollectionDefinition = {
  name: 'refused-rows',
  projection: 'intake',
  fields: { visibleTo: 'set', state: 'text', run: 'text', order: 'text' },
  lists: [
    { where: ['state'], sort: 'order' },
    { where: ['run'], sort: 'order' },
  ],
}

export const intake: Projection = {
  name: 'intake',
  version: 2,
  collections: [runs, refusedRows, feeds],
  handles: new Set([...Object.keys(intakeEventFormats), 'FeedDefined']),
  async apply(recorded, session) {
    const event = recorded as unknown as Recorded<IntakeEvent | Extract<SettingsEvent, { type: 'FeedDefined' }>>
    const run = idOf(event.stream)
    const at = event.metadata.recordedAt
    const { type, data } = event
    switch (type) {
      case 'ImportStarted':
        // The hours of a webhook day are one run to whoever looks at it.
        return session.update<RunDocument>(
          'import-runs',
          dayOfRun(run),
          (document) =>
            document ?? {
              id: dayOfRun(run),
              channel: data.channelId,
              source: data.source,
              fileName: data.fileName,
              startedAt: at,
              finishedAt: null,
              counts: null,
              problem: null,
              visibleTo: [WHOLE_COUNTY],
            },
        )
      case 'DeliveryRecorded':
        return session.update<RunDocument>(
          'import-runs',
          dayOfRun(run),
          (document) => document && { ...document, counts: counted(document.counts, data.outcomes) },
        )
      case 'FeedDefined': {
        const { id, channelId, address, everyMinutes, active } = data.feed
        return session.update<FeedDocument>('feeds', id, (document) => ({
          id,
          channel: channelId,
          address,
          everyMinutes,
          active,
          failing: document?.failing ?? null,
          visibleTo: [WHOLE_COUNTY],
        }))
      }
      case 'FeedFailed': {
        const { feedId, ...failing } = data
        return session.update<FeedDocument>('feeds', feedId, (document) => document && { ...document, failing })
      }
      case 'FeedRecovered':
        return session.update<FeedDocument>(
          'feeds',
          data.feedId,
          (document) => document && { ...document, failing: null },
        )
      case 'ImportFinished': {
        const { problem, ...counts } = data
        return session.update<RunDocument>(
          'import-runs',
          run,
          (document) => document && { ...document, finishedAt: at, counts, problem },
        )
      }
      case 'RowsRefused': {
        const document = await session.get<RunDocument>('import-runs', dayOfRun(run))
        for (const { row, code, message, excerpt, original } of data.rows) {
          await session.update<RefusedRowDocument>('refused-rows', rowId(run, row), () => ({
            id: rowId(run, row),
            run,
            channel: document?.channel ?? '',
            row,
            code,
            message,
            excerpt,
            retryable: original !== null,
            state: 'open',
            refusedAt: at,
            order: `${at}.${String(row).padStart(8, '0')}`,
            visibleTo: [WHOLE_COUNTY],
          }))
        }
        return
      }
      case 'RefusedRowRetried':
        if (data.outcome === 'refused') return
        return settle(session, run, data.row, 'taken')
      case 'RefusedRowDismissed':
        return settle(session, run, data.row, 'dismissed')
    }
  },
}

function counted(before: RunDocument['counts'], outcomes: readonly DeliveredOutcome[]): Record<string, number> {
  const counts = { rows: 0, taken: 0, unchanged: 0, revised: 0, refused: 0, ...before }
  for (const outcome of outcomes) {
    const kind = outcome === 'taken' || outcome === 'unchanged' || outcome === 'revised' ? outcome : 'refused'
    counts.rows += 1
    counts[kind] += 1
  }
  return counts
}

function settle(
  session: Parameters<Projection['apply']>[1],
  run: string,
  row: number,
  state: 'taken' | 'dismissed',
): Promise<void> {
  return session.update<RefusedRowDocument>(
    'refused-rows',
    rowId(run, row),
    (document) => document && { ...document, state },
  )
}

export function rowId(run: string, row: number): string {
  return `${run}.${row}`
}
