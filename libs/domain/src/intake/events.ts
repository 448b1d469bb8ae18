import { z } from 'zod'
import { errorCode } from '../kernel/errors.ts'
import { format } from '../kernel/events.ts'
import type { EventsOf } from '../kernel/events.ts'
import { channelId, countNumber, digest, line, sensitive, text } from '../kernel/values.ts'

/**
 * Stream: `intake-{channel}-{run}`: one import run or webhook day: what was refused and why, retried or dismissed. What
 * was taken stands in the items. A dry run writes nothing.
 */
export const intakeStream = (channel: string, run: string): string => `intake-${channel}-${run}`

// ── Events: these are storage formats. Never change one; add a version and an upcaster. ──

/** A data row's place in its file, from 1; deliveries of a webhook day count likewise. */
export const rowNumber = z.number().int().min(1).max(10_000_000)

export const refusedRow = z.strictObject({
  row: rowNumber,
  code: errorCode,
  message: sensitive(line(500)),
  /** Its beginning, to recognise it by. */
  excerpt: sensitive(text(300)).nullable(),
  /** The whole row as it came, so that it can be retried; null where it was too long to keep. */
  original: sensitive(text(20_000)).nullable(),
})
export type RefusedRow = z.infer<typeof refusedRow>

export const REFUSED_ROWS_PER_EVENT_MAX = 100

export const rowOutcome = z.enum(['taken', 'unchanged', 'revised', 'refused'])

export const intakeEventFormats = {
  ImportStarted: format(
    z.strictObject({
      channelId,
      source: z.enum(['file', 'webhook', 'feed']),
      origin: z.enum(['live', 'history']),
      fileName: sensitive(line(300)).nullable(),
      /** HMAC of the file's bytes. */
      fileDigest: digest.nullable(),
      /** Which column was read as which field. */
      mapping: z.array(z.strictObject({ field: line(64), column: line() })).max(64),
    }),
  ),
  RowsRefused: format(z.strictObject({ rows: z.array(refusedRow).min(1).max(REFUSED_ROWS_PER_EVENT_MAX) })),
  ImportFinished: format(
    z.strictObject({
      rows: countNumber,
      taken: countNumber,
      unchanged: countNumber,
      revised: countNumber,
      refused: countNumber,
      /** Why the file was not read to its end; null where it was. */
      problem: z.strictObject({ code: errorCode, message: sensitive(line(500)) }).nullable(),
    }),
  ),
  RefusedRowRetried: format(
    z.strictObject({ row: rowNumber, outcome: rowOutcome, code: errorCode.nullable(), attempt: countNumber }),
  ),
  RefusedRowDismissed: format(z.strictObject({ row: rowNumber, reason: sensitive(line(500)) })),
}

export type IntakeEvent = EventsOf<typeof intakeEventFormats>
