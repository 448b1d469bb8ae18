import type { ReadStore } from '#read-store'
import type { ProcessMetrics, ReadCall } from './metrics/process-metrics.ts'
import { hasActiveSpan, inSpan } from './tracing/spans.ts'

/** A read store whose answers are timed and, where something is being traced, show in it: by collection, never by what is sought. */
export function observedReadStore(store: ReadStore, metrics: Pick<ProcessMetrics, 'read'> | null): ReadStore {
  const timed = async <Result>(call: ReadCall, ask: () => Promise<Result>): Promise<Result> => {
    const startedMs = performance.now()
    let outcome: 'answered' | 'failed' = 'failed'
    try {
      const result = await ask()
      outcome = 'answered'
      return result
    } finally {
      metrics?.read(call, outcome, (performance.now() - startedMs) / 1000)
    }
  }
  const observed = <Result>(call: ReadCall, place: string, ask: () => Promise<Result>): Promise<Result> => {
    if (!hasActiveSpan()) return timed(call, ask)
    return inSpan(`read ${place}`, { kind: 'client', attributes: { 'huiying.call': call } }, () => timed(call, ask))
  }
  return {
    get: (collection, id, reader) => observed('get', collection, () => store.get(collection, id, reader)),
    getMany: (collection, ids, reader) => observed('getMany', collection, () => store.getMany(collection, ids, reader)),
    query: (collection, query) => observed('query', collection, () => store.query(collection, query)),
    count: (collection, query) => observed('count', collection, () => store.count(collection, query)),
    progress: (projection) => observed('progress', projection, () => store.progress(projection)),
    close: () => store.close(),
  }
}
