import { z } from 'zod'
import type { CommandContext, CommandDefinition } from '../kernel/command.ts'
import { accept, nothing, refuse } from '../kernel/decision.ts'
import { errorCode } from '../kernel/errors.ts'
import { withinStream } from '../kernel/stream-bound.ts'
import { channelId, line } from '../kernel/values.ts'
import { intakeEventFormats, rowNumber, rowOutcome } from './events.ts'
import type { IntakeEvent, RefusedRow } from './events.ts'
import { refusedRowOf } from './state.ts'
import type { Intake } from './state.ts'

/** Characters of one event's rows: at six bytes a character at worst and sealed, still below an append's 512 KiB. */
export const REFUSED_ROWS_CHARACTERS_MAX = 60_000
/** Events of a run; what is left of the stream's 5,000 is for retrying and dismissing. */
const ROWS_REFUSED_EVENTS_MAX = 2_000
const INTAKE_EVENTS_MAX = 4_900
const ATTEMPTS_MAX = 20
/** Deliveries of an hour, of up to 500 items each; rows refused and tried again fit beside them. */
export const DELIVERIES_PER_RUN_MAX = 2_400

type Definition<Schema extends z.ZodType> = CommandDefinition<Schema, Intake, IntakeEvent, CommandContext>

const startImportSchema = intakeEventFormats.ImportStarted.schema

/** Begins a run. A dry run begins none. */
const startImport: Definition<typeof startImportSchema> = {
  schema: startImportSchema,
  by: ['policy', 'monitor', 'coordinator', 'channel'],
  decide: (command, state, context) => {
    if (state.status !== 'none') return nothing()
    if (context.settings.channels.get(command.channelId)?.active !== true) {
      return refuse('UNKNOWN_CHANNEL', command.channelId)
    }
    return accept({ type: 'ImportStarted', data: command })
  },
}

const recordRefusedRowsSchema = intakeEventFormats.RowsRefused.schema

/** Keeps rows that were refused, in the order of their numbers; those recorded before are passed over. */
const recordRefusedRows: Definition<typeof recordRefusedRowsSchema> = {
  schema: recordRefusedRowsSchema,
  by: ['policy', 'monitor', 'coordinator', 'channel'],
  decide: (command, state) => {
    const isKnown = (row: number) => row <= state.lastRefusedRow && refusedRowOf(state, row) !== null
    const rows = ascending(command.rows).filter(({ row }) => !isKnown(row))
    if (rows.length === 0) return nothing()
    if (state.status === 'none') return refuse('IMPORT_NOT_STARTED')
    if (state.status === 'finished') return refuse('IMPORT_FINISHED')
    if (state.batches.length >= ROWS_REFUSED_EVENTS_MAX) return refuse('REFUSED_ROWS_FULL')
    if (charactersOf(rows) > REFUSED_ROWS_CHARACTERS_MAX) return refuse('REFUSED_ROWS_TOO_LARGE')
    return accept({ type: 'RowsRefused', data: { rows } })
  },
}

const finishImportSchema = intakeEventFormats.ImportFinished.schema

/** Ends a run with its counts, or with the problem that stopped it. */
const finishImport: Definition<typeof finishImportSchema> = {
  schema: finishImportSchema,
  by: ['policy', 'monitor', 'coordinator', 'channel'],
  decide: (command, state) => {
    if (state.status === 'finished') return nothing()
    if (state.status === 'none') return refuse('IMPORT_NOT_STARTED')
    return accept({ type: 'ImportFinished', data: command })
  },
}

const recordRetrySchema = z.strictObject({
  row: rowNumber,
  /** The attempt's number, from 1: recording it again changes nothing. */
  attempt: z.number().int().min(1).max(1_000),
  outcome: rowOutcome,
  /** Why it was refused again; null where it was taken. */
  code: errorCode.nullable(),
})

/** What became of a refused row when it was tried again. */
const recordRetry: Definition<typeof recordRetrySchema> = {
  schema: recordRetrySchema,
  by: ['policy', 'monitor', 'coordinator'],
  decide: ({ row, attempt, outcome, code }, state) => {
    const refused = refusedRowOf(state, row)
    if (refused === null) return refuse('UNKNOWN_REFUSED_ROW', `row ${row}`)
    if (attempt <= refused.attempts) return nothing()
    if (refused.status !== 'open') return refuse('REFUSED_ROW_CLOSED', refused.status)
    if (refused.attempts >= ATTEMPTS_MAX) return refuse('REFUSED_ROW_RETRIED_TOO_OFTEN')
    if (state.events >= INTAKE_EVENTS_MAX) return refuse('STREAM_NEARLY_FULL')
    const data = {
      row,
      outcome,
      code: outcome === 'refused' ? (code ?? refused.code) : null,
      attempt: refused.attempts + 1,
    }
    return accept({ type: 'RefusedRowRetried', data })
  },
}

const dismissRefusedRowSchema = z.strictObject({ row: rowNumber, reason: line(500) })

/** Somebody says that a refused row need not be taken, and why. */
const dismissRefusedRow: Definition<typeof dismissRefusedRowSchema> = {
  schema: dismissRefusedRowSchema,
  by: ['monitor', 'coordinator'],
  decide: ({ row, reason }, state) => {
    const refused = refusedRowOf(state, row)
    if (refused === null) return refuse('UNKNOWN_REFUSED_ROW', `row ${row}`)
    if (refused.status === 'dismissed') return nothing()
    if (refused.status === 'settled') return refuse('REFUSED_ROW_CLOSED', refused.status)
    if (state.events >= INTAKE_EVENTS_MAX) return refuse('STREAM_NEARLY_FULL')
    return accept({ type: 'RefusedRowDismissed', data: { row, reason } })
  },
}

const recordDeliverySchema = intakeEventFormats.DeliveryRecorded.schema.omit({ firstRow: true }).extend({ channelId })

/**
 * A delivery by webhook is done with, and which rows of its hour it was. The refused ones are recorded under these
 * numbers after it, so that whoever dies in between finds when it is delivered again which are missing.
 */
const recordDelivery: Definition<typeof recordDeliverySchema> = {
  schema: recordDeliverySchema,
  by: ['policy'],
  decide: ({ channelId, ...command }, state) => {
    const known = state.deliveries.get(command.delivery)
    if (known !== undefined) return known.digest === command.digest ? nothing() : refuse('DELIVERY_ID_REUSED')
    if (state.status === 'finished') return refuse('IMPORT_FINISHED')
    if (state.deliveries.size >= DELIVERIES_PER_RUN_MAX) return refuse('DELIVERIES_FULL')
    const recorded: IntakeEvent = {
      type: 'DeliveryRecorded',
      data: { ...command, firstRow: state.deliveredRows + 1 },
    }
    if (state.status === 'running') return accept(recorded)
    return accept<IntakeEvent>(
      {
        type: 'ImportStarted',
        data: { channelId, source: 'webhook', origin: 'live', fileName: null, fileDigest: null, mapping: [] },
      },
      recorded,
    )
  },
}

const recordFeedFailureSchema = intakeEventFormats.FeedFailed.schema

/** Said once, however often it is tried meanwhile. */
const recordFeedFailure: Definition<typeof recordFeedFailureSchema> = {
  schema: recordFeedFailureSchema,
  by: ['policy'],
  decide: (command, state, { actor }) =>
    state.feedFailingSince === null
      ? withinStream(state.events, actor, accept({ type: 'FeedFailed', data: command }))
      : nothing(),
}

const recordFeedRecoverySchema = intakeEventFormats.FeedRecovered.schema.pick({ feedId: true })

/** The feed can be read again. */
const recordFeedRecovery: Definition<typeof recordFeedRecoverySchema> = {
  schema: recordFeedRecoverySchema,
  by: ['policy'],
  decide: ({ feedId }, { feedFailingSince: failedSince }, { now: at }) =>
    failedSince === null ? nothing() : accept({ type: 'FeedRecovered', data: { feedId, failedSince, at } }),
}

/** Everything that can be asked of an import run. */
export const intakeCommands = {
  StartImport: startImport,
  RecordRefusedRows: recordRefusedRows,
  FinishImport: finishImport,
  RecordRetry: recordRetry,
  DismissRefusedRow: dismissRefusedRow,
  RecordDelivery: recordDelivery,
  RecordFeedFailure: recordFeedFailure,
  RecordFeedRecovery: recordFeedRecovery,
}

/** By number; of two with the same number the first. */
function ascending(rows: readonly RefusedRow[]): RefusedRow[] {
  return [...new Map(rows.toReversed().map((row) => [row.row, row])).values()].toSorted((a, b) => a.row - b.row)
}

function charactersOf(rows: readonly RefusedRow[]): number {
  return rows.reduce(
    (sum, { message, excerpt, original }) => sum + message.length + (excerpt?.length ?? 0) + (original?.length ?? 0),
    0,
  )
}
