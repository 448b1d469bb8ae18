import { readDeliveredItem, readRows } from '#channels'
import type { RowOutcome } from '#channels'
import { refusedRowOf } from '#domain'
import type { Intake, IntakeEvent } from '#domain'
import { instantAt } from '../clock.ts'
import { RecentStreams } from '../commands/recent-streams.ts'
import type { CommandOutcome, CommandRequest } from '../commands/request.ts'
import { intake } from '../commands/table.ts'
import type { Ports } from '../ports.ts'
import type { RefusedRowDocument } from '../projections/intake.ts'
import type { Recorded } from '../recorded.ts'
import { rowsOfImport } from './row-command.ts'
import type { RowContext } from './row-command.ts'
import type { RowIntake } from './row-intake.ts'

const PAGE = 200

export interface RetryReport {
  tried: number
  taken: number
  refused: number
  /** Rows that were not kept whole: they come again with their file only. */
  notKept: number
  token: string | null
}

export interface RetryParts {
  execute: (request: CommandRequest) => Promise<CommandOutcome>
  rows: RowIntake
  ports: Ports
  kindOf: (channelId: string) => 'message' | 'opinion'
}

/** Tries every open refused row once more, as it was kept with its run. */
export async function retryRefusedRows(parts: RetryParts): Promise<RetryReport> {
  const report: RetryReport = { tried: 0, taken: 0, refused: 0, notKept: 0, token: null }
  // Rows of one run come one after the other: each reads on where the one before stopped.
  const streams = new RecentStreams(parts.ports.store)
  let cursor: string | null = null
  do {
    const page = await parts.ports.views.query('refused-rows', {
      where: { state: { eq: 'open' } },
      sort: { field: 'order', direction: 'ascending' },
      limit: PAGE,
      cursor,
      reader: 'system',
    })
    for (const document of page.documents as RefusedRowDocument[]) await retryRow(parts, streams, document, report)
    cursor = page.next
  } while (cursor !== null)
  return report
}

async function retryRow(
  parts: RetryParts,
  streams: RecentStreams,
  document: RefusedRowDocument,
  report: RetryReport,
): Promise<void> {
  const { run, row, channel } = document
  const kept = await keptRow(streams, run, row)
  if (kept === null) {
    report.notKept += 1
    return
  }
  report.tried += 1
  const kind = parts.kindOf(channel)
  const now = instantAt(parts.ports.clock.now())
  const { original, mapping, delivery, attempts } = kept
  const [outcome, context]: [RowOutcome, RowContext] =
    delivery === null
      ? [await readAgain(original, mapping, now), rowsOfImport(channel, kind, run)]
      : [
          readDeliveredItem(original, row, { kind, now }),
          { channelId: channel, kind, by: 'webhook', arrivalOf: () => ({ kind: 'webhook', delivery }) },
        ]
  const [result] = await parts.rows.take([{ ...outcome, row }], context, false)
  const code = result!.outcome === 'refused' ? result!.code : null
  report[code === null ? 'taken' : 'refused'] += 1
  const recorded = await parts.execute({
    command: 'RecordRetry',
    target: run,
    payload: { row, attempt: attempts + 1, outcome: result!.outcome, code },
    actor: { policy: 'import' },
  })
  if (recorded.outcome === 'accepted' && recorded.token !== null) report.token = recorded.token
}

interface KeptRow {
  original: string
  mapping: Record<string, string>
  /** The delivery that it came in; null for a file's row. */
  delivery: string | null
  attempts: number
}

/** What the stream says, and not the list: as it came, and how often it was tried. Null where it was not kept whole. */
async function keptRow(streams: RecentStreams, run: string, row: number): Promise<KeptRow | null> {
  const { slice, state } = await streams.read(intake, intake.streamOf(run))
  const { deliveries, batches } = state as Intake
  let original: string | null = null
  let mapping: Record<string, string> = {}
  for (const event of slice.events as unknown as Recorded<IntakeEvent>[]) {
    if (event.type === 'ImportStarted') {
      mapping = Object.fromEntries(event.data.mapping.map(({ field, column }) => [field, column]))
    } else if (event.type === 'RowsRefused') {
      original = event.data.rows.find((other) => other.row === row)?.original ?? original
    }
  }
  if (original === null) return null
  const delivered = [...deliveries].find(
    ([, { firstRow, outcomes }]) => firstRow <= row && row < firstRow + outcomes.length,
  )
  const attempts = refusedRowOf({ batches }, row)?.attempts ?? 0
  return { original, mapping, delivery: delivered?.[0] ?? null, attempts }
}

/** A file's row, kept as a line of JSON Lines. */
async function readAgain(original: string, mapping: unknown, now: string): Promise<RowOutcome> {
  const bytes = Buffer.from(`${original}\n`)
  const source = {
    name: '',
    async *open() {
      yield await Promise.resolve(bytes)
    },
  }
  for await (const outcome of readRows(source, { format: 'jsonl', now, mapping })) return outcome
  throw new Error('a row that was kept whole holds no row')
}
