import { z } from 'zod'
import { errorCode } from '../kernel/errors.ts'
import { format } from '../kernel/events.ts'
import type { EventsOf } from '../kernel/events.ts'
import { dayAt } from '../kernel/day.ts'
import { channelId, countNumber, digest, instant, line, sensitive, slug, text } from '../kernel/values.ts'
import type { Instant } from '../kernel/values.ts'

/**
 * Stream: `intake-{channel}-{run}`: one import run, an hour of a webhook day, or what became of a feed: what was refused
 * and why, retried or dismissed. What was taken stands in the items. A dry run writes nothing.
 */
export const intakeStream = (channel: string, run: string): string => `intake-${channel}-${run}`

/**
 * `{channel}-{run}` of what a channel's platform sent in the hour (Shanghai) of an instant: days in parts, so that a
 * platform that sends every message by itself does not fill a stream.
 */
export function webhookRun(channel: string, at: Instant): string {
  const hour = Temporal.Instant.from(at).toZonedDateTimeISO('Asia/Shanghai').hour
  return `${channel}-webhook-${dayAt(at)}-${String(hour).padStart(2, '0')}`
}

/** The day's run to which such an hour belongs; any other run is one by itself. */
export function dayOfRun(run: string): string {
  return /^(.+-webhook-\d{4}-\d{2}-\d{2})-\d{2}$/.exec(run)?.[1] ?? run
}

/** `{channel}-{run}` of a feed. */
export function feedRun(channel: string, feed: string): string {
  return `${channel}-feed-${feed}`
}

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

/** As the platform names a delivery; repeating it repeats the name. No dots, which part what is signed. */
export const deliveryId = z.string().regex(/^[!-\-/-~]{1,128}$/)
export const DELIVERY_ITEMS_MAX = 500
/** What became of an item of a delivery: the code, where it was refused. */
export const deliveredOutcome = z.union([rowOutcome.exclude(['refused']), errorCode])
export type DeliveredOutcome = z.infer<typeof deliveredOutcome>

/** Why a feed could not be read, in a word. */
export const feedFault = z.string().regex(/^[a-z0-9-]{1,64}$/)

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
  /** A delivery by webhook, done with; delivered again, it is answered by this. */
  DeliveryRecorded: format(
    z.strictObject({
      delivery: deliveryId,
      /** HMAC of its bytes. */
      digest,
      /** Which row of the run its first item is; its others follow. */
      firstRow: rowNumber,
      outcomes: z.array(deliveredOutcome).min(1).max(DELIVERY_ITEMS_MAX),
    }),
  ),
  /** A feed cannot be read and has not been for long; once, until it can be again. */
  FeedFailed: format(z.strictObject({ feedId: slug, since: instant, attempts: countNumber, fault: feedFault })),
  FeedRecovered: format(z.strictObject({ feedId: slug, failedSince: instant, at: instant })),
}

export type IntakeEvent = EventsOf<typeof intakeEventFormats>
