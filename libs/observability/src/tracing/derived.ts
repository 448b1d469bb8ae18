import { hash } from 'node:crypto'
import type { EventMetadata } from '#event-store'
import type { SpanContext } from '@opentelemetry/api'

/**
 * The envelope of events is final and holds no trace. It holds what began it all, though, and from that everybody who meets
 * an event derives the same trace, in whatever process and however much later.
 */

/** As `TraceFlags.SAMPLED`: whether a derived trace is recorded follows from its id alone, by each process's sampler. */
const SAMPLED = 1
const TRACE_CHARACTERS = 32
const SPAN_CHARACTERS = 16

/** What of an event its place in a trace follows from. */
export interface TracedEvent {
  id: string
  metadata: Pick<EventMetadata, 'correlationId'>
}

/** The trace of everything that follows from one cause: 32 hexadecimal characters. */
export function traceOf(correlationId: string): string {
  return hash('sha256', `huiying-trace${correlationId}`).slice(0, TRACE_CHARACTERS)
}

/** The span that stands for an event in its trace: 16 hexadecimal characters. */
export function spanOf(eventId: string): string {
  return hash('sha256', `huiying-span${eventId}`).slice(0, SPAN_CHARACTERS)
}

/** The span of an event as the parent of what follows from it. */
export function parentOf({ id, metadata }: TracedEvent): SpanContext {
  return { traceId: traceOf(metadata.correlationId), spanId: spanOf(id), traceFlags: SAMPLED, isRemote: true }
}

/** The same as a W3C `traceparent`; equal each time, so that what is sent twice is sent the same. */
export function traceparentOf(event: TracedEvent): string {
  const { traceId, spanId } = parentOf(event)
  return `00-${traceId}-${spanId}-01`
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/
const NOTHING = /^0+$/

/** What a `traceparent` of somebody else's names; null where it is none. */
export function readTraceparent(text: string | undefined): SpanContext | null {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(text ?? '') ?? []
  if (traceId === undefined || spanId === undefined || flags === undefined) return null
  if (NOTHING.test(traceId) || NOTHING.test(spanId)) return null
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & SAMPLED, isRemote: true }
}
