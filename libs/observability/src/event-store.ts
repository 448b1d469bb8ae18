import type { AppendResult, EventStore } from '#event-store'
import type { ProcessMetrics } from './metrics/process-metrics.ts'
import { hasActiveSpan, inSpan, tellOfEvent } from './tracing/spans.ts'
import type { SpanNotes } from './tracing/spans.ts'
import { running } from './tracing/running.ts'

/** What was given to the store and is not yet durable. */
const APPENDS = 'appends'

/**
 * A store whose appends are timed, and whose appends and stream reads show in traces: for every event that is written a span
 * whose id follows from the event's, below which everybody puts what follows from it. Without traces an append costs two
 * looks at the clock.
 */
export function observedEventStore(
  store: EventStore,
  metrics: Pick<ProcessMetrics, 'appended' | 'waiting'> | null,
): EventStore {
  const timed = async (...given: Parameters<EventStore['append']>): Promise<AppendResult> => {
    const startedMs = performance.now()
    let outcome: AppendResult['status'] | 'failed' = 'failed'
    metrics?.waiting(APPENDS, 1)
    try {
      const result = await store.append(...given)
      outcome = result.status
      return result
    } finally {
      metrics?.waiting(APPENDS, -1)
      metrics?.appended(outcome, (performance.now() - startedMs) / 1000)
    }
  }
  const traced = async (span: SpanNotes, ...given: Parameters<EventStore['append']>): Promise<AppendResult> => {
    const startedMs = performance.now()
    const result = await timed(...given)
    span.note({ 'huiying.outcome': result.status })
    if (result.status === 'appended') for (const event of result.events) tellOfEvent(event, startedMs)
    return result
  }
  return {
    append: (stream, version, events) => {
      if (running === null) return timed(stream, version, events)
      const attributes = { 'huiying.stream': stream, 'huiying.events': events.length }
      return inSpan('append', { kind: 'client', attributes }, (span) => traced(span, stream, version, events))
    },
    readStream: (stream, known) => {
      // What nobody waits for begins no trace.
      if (!hasActiveSpan()) return store.readStream(stream, known)
      const options = { kind: 'client', attributes: { 'huiying.stream': stream } } as const
      return inSpan('read stream', options, async (span) => {
        const slice = await store.readStream(stream, known)
        span.note({ 'huiying.events': slice.events.length - (known?.events.length ?? 0) })
        return slice
      })
    },
    readStreamStored: (...given) => store.readStreamStored(...given),
    readAll: (...given) => store.readAll(...given),
    readStored: (...given) => store.readStored(...given),
    subscribe: (...given) => store.subscribe(...given),
    subscribeStored: (...given) => store.subscribeStored(...given),
    fingerprinter: (...given) => store.fingerprinter(...given),
    eraseStream: (...given) => store.eraseStream(...given),
    head: () => store.head(),
    close: () => store.close(),
  }
}
