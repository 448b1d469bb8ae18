import { FileRefused, readRows } from '#channels'
import type { ColumnReport, RowOutcome } from '#channels'
import type { ErrorCode } from '#domain'
import { instantAt } from '../clock.ts'
import type { Clock } from '../clock.ts'
import type { CommandOutcome, CommandRequest } from '../commands/request.ts'
import { timeOrderedId } from '../identity/ids.ts'
import { RefusedRows } from './refused-rows.ts'
import { rowsOfImport } from './row-command.ts'
import type { RowIntake, RowResult } from './row-intake.ts'

/** Rows worked on at once; their outcomes are kept in the order of the file. Whoever else is served waits for so many. */
const ROWS_AT_ONCE = 96
/** Refusals that the report names; the rest are counted, kept with the run and listed by `refused`. */
const REFUSALS_REPORTED_MAX = 1_000

export interface ImportRequest {
  path: string
  /** What the run says the file is called; its path where nothing is said. */
  fileName?: string
  /** The run's id, of `importRunId`, where who asks must know it beforehand. */
  run?: string
  channelId: string
  kind: 'message' | 'opinion'
  /** Of a workbook: the sheet's name or its number; absent: the first with known headings. */
  sheet?: string
  /** A column map as it was parsed from its file. */
  mapping?: unknown
  dryRun: boolean
  onProgress?: (done: number, total: number) => void
  /** Breaks off after the rows in hand, with what it was aborted for; the run stays unfinished, as if the process had died. */
  signal?: AbortSignal
}

export interface ImportReport {
  /** Null for a dry run, which is not kept. */
  run: string | null
  rows: number
  taken: number
  unchanged: number
  revised: number
  refused: number
  refusals: { row: number; code: ErrorCode; message: string }[]
  /** The sheet that was read; null for what has none. */
  sheet: string | null
  /** What was read as what. */
  columns: ColumnReport | null
  /** The last position written; null where nothing was. */
  token: string | null
}

export interface ImportParts {
  execute: (request: CommandRequest) => Promise<CommandOutcome>
  rows: RowIntake
  clock: Clock
}

/** The id of a new run. */
export function importRunId(channelId: string, epochMilliseconds: number): string {
  return `${channelId}-${timeOrderedId(epochMilliseconds)}`
}

/**
 * Takes a file in, row by row, as a stream. A bad row is refused, kept with the run, and the rest goes on. Running it
 * again changes nothing that is there already. Throws `FileRefused` where the file as a whole can't be read.
 */
export async function importFile(parts: ImportParts, request: ImportRequest): Promise<ImportReport> {
  const { path, channelId, kind, sheet, mapping, dryRun, fileName = path } = request
  const report: ImportReport = {
    run: dryRun ? null : (request.run ?? importRunId(channelId, parts.clock.now())),
    rows: 0,
    taken: 0,
    unchanged: 0,
    revised: 0,
    refused: 0,
    refusals: [],
    sheet: null,
    columns: null,
    token: null,
  }
  const reader = readRows(path, {
    format: 'auto',
    now: instantAt(parts.clock.now()),
    sheet,
    mapping,
    ...(request.onProgress && { onProgress: request.onProgress }),
  })
  const refusedRows = report.run === null ? null : new RefusedRows(parts.execute, report.run, 'import')
  const context = rowsOfImport(channelId, kind, report.run ?? 'dry-run')

  const take = async (outcomes: readonly RowOutcome[]) => {
    report.sheet = reader.file?.sheet ?? null
    report.columns = reader.columns
    if (refusedRows && reader.columns) await refusedRows.start({ channelId, path: fileName }, reader.columns)
    for (const result of await parts.rows.take(outcomes, context, dryRun)) await count(result)
  }
  const count = async (result: RowResult) => {
    report.rows += 1
    report[result.outcome] += 1
    if (result.token !== null && (report.token === null || result.token > report.token)) report.token = result.token
    if (result.outcome !== 'refused') return
    if (report.refusals.length < REFUSALS_REPORTED_MAX) {
      report.refusals.push({ row: result.row, code: result.code, message: result.message.zh })
    }
    await refusedRows?.add(result)
  }

  const finish = async (problem: { code: string; message: string } | null) => {
    const { rows, taken, unchanged, revised, refused } = report
    await refusedRows?.finish({ rows, taken, unchanged, revised, refused, problem })
  }
  try {
    let batch: RowOutcome[] = []
    for await (const outcome of reader) {
      batch.push(outcome)
      if (batch.length < ROWS_AT_ONCE) continue
      await take(batch)
      batch = []
      request.signal?.throwIfAborted()
    }
    if (batch.length > 0) await take(batch)
  } catch (error) {
    // What was read before is taken. A file that is not there is no run; a run that a fault of ours breaks off stays
    // unfinished, as if the process had died.
    if (error instanceof FileRefused && (error.code !== 'FILE_UNREADABLE' || report.rows > 0)) {
      await refusedRows?.start({ channelId, path: fileName }, reader.columns ?? { used: [], ignored: [] })
      await finish({ code: error.code, message: error.texts.zh.slice(0, 500) })
    }
    throw error
  }
  await finish(null)
  return report
}
