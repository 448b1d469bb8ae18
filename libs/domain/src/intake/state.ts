import type { DeliveredOutcome, IntakeEvent } from './events.ts'

export type RefusedRowState =
  | { status: 'open'; code: string; attempts: number }
  | { status: 'settled'; attempts: number }
  | { status: 'dismissed'; attempts: number }

/** One event's rows: kept by event, so that adding one does not copy all. */
export type RefusedBatch = ReadonlyMap<number, RefusedRowState>

export interface Delivery {
  digest: string
  firstRow: number
  outcomes: readonly DeliveredOutcome[]
}

export interface Intake {
  status: 'none' | 'running' | 'finished'
  channelId: string | null
  batches: readonly RefusedBatch[]
  /** The highest row recorded. A file's are recorded in ascending order. */
  lastRefusedRow: number
  /** By the names that the platform gave them. */
  deliveries: ReadonlyMap<string, Delivery>
  /** Rows that deliveries have taken up. */
  deliveredRows: number
  /** Since when a feed cannot be read, if it is known to be so. */
  feedFailingSince: string | null
  events: number
}

export const initialIntake: Intake = {
  status: 'none',
  channelId: null,
  batches: [],
  lastRefusedRow: 0,
  deliveries: new Map(),
  deliveredRows: 0,
  feedFailingSince: null,
  events: 0,
}

/** The state after an event. */
export function evolveIntake(before: Intake, event: IntakeEvent): Intake {
  const state = { ...before, events: before.events + 1 }
  const { type, data } = event
  switch (type) {
    case 'ImportStarted':
      return { ...state, status: 'running', channelId: data.channelId }
    case 'RowsRefused': {
      const batch = new Map(data.rows.map(({ row, code }) => [row, { status: 'open', code, attempts: 0 } as const]))
      return {
        ...state,
        batches: [...state.batches, batch],
        lastRefusedRow: Math.max(state.lastRefusedRow, ...batch.keys()),
      }
    }
    case 'ImportFinished':
      return { ...state, status: 'finished' }
    case 'RefusedRowRetried':
      return withRow(state, data.row, (was) =>
        data.outcome === 'refused'
          ? { status: 'open', code: data.code ?? (was.status === 'open' ? was.code : ''), attempts: data.attempt }
          : { status: 'settled', attempts: data.attempt },
      )
    case 'RefusedRowDismissed':
      return withRow(state, data.row, (was) => ({ status: 'dismissed', attempts: was.attempts }))
    case 'DeliveryRecorded': {
      const { delivery, digest, firstRow, outcomes } = data
      return {
        ...state,
        deliveries: new Map(state.deliveries).set(delivery, { digest, firstRow, outcomes }),
        deliveredRows: state.deliveredRows + outcomes.length,
      }
    }
    case 'FeedFailed':
      return { ...state, feedFailingSince: data.since }
    case 'FeedRecovered':
      return { ...state, feedFailingSince: null }
  }
}

/** What became of a refused row; null where no such row was refused. */
export function refusedRowOf({ batches }: Pick<Intake, 'batches'>, row: number): RefusedRowState | null {
  return batches.find((batch) => batch.has(row))?.get(row) ?? null
}

function withRow(state: Intake, row: number, change: (was: RefusedRowState) => RefusedRowState): Intake {
  const at = state.batches.findIndex((batch) => batch.has(row))
  const batch = state.batches[at]
  const was = batch?.get(row)
  if (batch === undefined || was === undefined) return state
  return { ...state, batches: state.batches.with(at, new Map(batch).set(row, change(was))) }
}
