import * as api from '@opentelemetry/api'
import type { Attributes } from '@opentelemetry/api'
import { readTraceparent } from './derived.ts'
import { running } from './running.ts'

/** A request as its span shows it: names of our own, no address, nobody. */
export interface TracedRequest {
  /** The route's name; `none` where it met no route. */
  route: string
  method: string
  /** As the route is written, `/api/cases/{id}`. */
  path: string | null
  requestId: string
  /** What its sender says, as it came. */
  traceparent: string | undefined
}

export interface RequestSpan {
  /** Runs something within the span. */
  within<Result>(work: () => Result): Result
  /** `status`: of the answer. */
  end(status: number): void
}

/**
 * Begins the span of a request; null where nothing is recorded. Whoever sends requests is outside: what they name as their
 * trace is linked and never continued, or anybody could write into a trace of ours, or have everything recorded.
 */
export function startRequestSpan({ route, method, path, requestId, traceparent }: TracedRequest): RequestSpan | null {
  if (running === null) return null
  const { tracer } = running
  const theirs = readTraceparent(traceparent)
  const attributes: Attributes = {
    'http.request.method': method,
    'huiying.route': route,
    'huiying.request': requestId,
    ...(path !== null && { 'http.route': path }),
  }
  const options = { kind: api.SpanKind.SERVER, attributes, links: theirs === null ? [] : [{ context: theirs }] }
  const span = tracer.startSpan(`${method} ${route}`, options, api.ROOT_CONTEXT)
  const context = api.trace.setSpan(api.ROOT_CONTEXT, span)
  return {
    within: (work) => api.context.with(context, work),
    end: (status) => {
      span.setAttribute('http.response.status_code', status)
      if (status >= 500) span.setStatus({ code: api.SpanStatusCode.ERROR })
      span.end()
    },
  }
}
