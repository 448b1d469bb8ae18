import { intakeEventFormats } from '#domain'
import type { IntakeEvent } from '#domain'
import type { CollectionDefinition, ReadDocument } from '#read-store'
import type { Projection } from './projection.ts'
import { idOf } from '../stream-id.ts'
import type { Recorded } from '../recorded.ts'
import { WHOLE_COUNTY } from './visibility.ts'

/** What was brought in, run by run. */
export type RunDocument = ReadDocument & {
  id: string
  channel: string
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
  version: 1,
  collections: [runs, refusedRows],
  handles: new Set(Object.keys(intakeEventFormats)),
  async apply(recorded, session) {
    const event = recorded as unknown as Recorded<IntakeEvent>
    const run = idOf(event.stream)
    const at = event.metadata.recordedAt
    const { type, data } = event
    switch (type) {
      case 'ImportStarted':
        return session.update<RunDocument>('import-runs', run, () => ({
          id: run,
          channel: data.channelId,
          fileName: data.fileName,
          startedAt: at,
          finishedAt: null,
          counts: null,
          problem: null,
          visibleTo: [WHOLE_COUNTY],
        }))
      case 'ImportFinished': {
        const { problem, ...counts } = data
        return session.update<RunDocument>(
          'import-runs',
          run,
          (document) => document && { ...document, finishedAt: at, counts, problem },
        )
      }
      case 'RowsRefused': {
        const document = await session.get<RunDocument>('import-runs', run)
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
