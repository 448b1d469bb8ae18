import { readRows } from '#channels'
import { evolveIntake, initialIntake } from '#domain'
import type { Intake, IntakeEvent } from '#domain'
import { instantAt } from '../clock.ts'
import type { CommandOutcome, CommandRequest } from '../commands/request.ts'
import type { Ports } from '../ports.ts'
import type { RefusedRowDocument } from '../projections/intake.ts'
import type { Recorded } from '../recorded.ts'
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
  let cursor: string | null = null
  do {
    const page = await parts.ports.views.query('refused-rows', {
      where: { state: { eq: 'open' } },
      sort: { field: 'order', direction: 'ascending' },
      limit: PAGE,
      cursor,
      reader: 'system',
    })
    for (const document of page.documents as RefusedRowDocument[]) await retryRow(parts, document, report)
    cursor = page.next
  } while (cursor !== null)
  return report
}

async function retryRow(parts: RetryParts, document: RefusedRowDocument, report: RetryReport): Promise<void> {
  const { run, row, channel } = document
  // The stream, not the list, says whether the row is still open and what it was.
  const { events } = await parts.ports.store.readStream(`intake-${run}`)
  let state: Intake = initialIntake
  let original: string | null = null
  let mapping: Record<string, string> = {}
  let attempts = 0
  for (const event of events as unknown as Recorded<IntakeEvent>[]) {
    state = evolveIntake(state, event)
    if (event.type === 'ImportStarted') {
      mapping = Object.fromEntries(event.data.mapping.map(({ field, column }) => [field, column]))
    } else if (event.type === 'RowsRefused') {
      original = event.data.rows.find((other) => other.row === row)?.original ?? original
    } else if (event.type === 'RefusedRowRetried' && event.data.row === row) attempts = event.data.attempt
  }
  if (original === null) {
    report.notKept += 1
    return
  }
  report.tried += 1
  const bytes = Buffer.from(`${original}\n`)
  const reader = readRows(
    {
      name: '',
      async *open() {
        yield await Promise.resolve(bytes)
      },
    },
    { format: 'jsonl', now: instantAt(parts.ports.clock.now()), mapping },
  )
  for await (const outcome of reader) {
    const context = { channelId: channel, kind: parts.kindOf(channel), run }
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
}
