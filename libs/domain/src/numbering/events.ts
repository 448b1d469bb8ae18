import { z } from 'zod'
import { format } from '../kernel/events.ts'
import type { EventsOf } from '../kernel/events.ts'
import { line } from '../kernel/values.ts'

/** Stream: `numbering-{year}`: case numbers 受理编号, handed out in reserved blocks; gaps are fine. */
export const numberingStream = (year: number): string => `numbering-${year}`

// ── Events: these are storage formats. Never change one; add a version and an upcaster. ──

export const CASE_ORDINAL_MAX = 999_999_999
const caseOrdinal = z.number().int().min(1).max(CASE_ORDINAL_MAX)

export const numberingEventFormats = {
  /** The numbers `from` to `to`, both inclusive, belong to whoever asked under this name. */
  NumbersReserved: format(z.strictObject({ from: caseOrdinal, to: caseOrdinal, reservation: line(64) })),
}

export type NumberingEvent = EventsOf<typeof numberingEventFormats>
