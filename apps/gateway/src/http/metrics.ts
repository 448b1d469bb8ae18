import { Histogram } from 'prom-client'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { shared } from '#observability'
import type { ProcessMetrics } from '#observability'
import type { Vitals } from '../served.ts'

const SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60]

/** What is measured elsewhere and read when somebody asks. */
export interface Measured {
  vitals: () => Promise<Vitals>
  liveClients: () => number
  importsWaiting: () => number
  importsRunning: () => number
}

/**
 * What the gateway measures, beside what every process does. Labels have values of our own and few: routes by their name in the
 * table, statuses, names of projections; never an address, a person or anything that was sent.
 */
export class Metrics {
  readonly #process: ProcessMetrics
  readonly #durations: Histogram<'method' | 'route' | 'status'>

  constructor(process: ProcessMetrics, measured: Measured) {
    this.#process = process
    process.collectProcess()
    this.#durations = new Histogram({
      name: 'huiying_http_request_duration_seconds',
      help: 'From the first byte of a request to the last of its answer, by route',
      labelNames: ['method', 'route', 'status'] as const,
      buckets: SECONDS,
      registers: [process.registry],
    })
    const vitals = shared(measured.vitals)
    process.gauges.add({
      name: 'huiying_projection_behind_seconds',
      help: 'For how long the newest event not yet shown by a read model has been stored',
      label: 'projection',
      read: async () => (await vitals()).behindSeconds,
    })
    const gauge = (name: string, help: string, read: () => number | Promise<number>) =>
      process.gauges.add({ name, help, label: null, read })
    gauge(
      'huiying_policies_behind_seconds',
      'For how long the oldest event that policies have not handled has been stored',
      async () => (await vitals()).policies.behindSeconds,
    )
    gauge(
      'huiying_policies_failures',
      'How often in a row policies have failed; 0 while they work',
      async () => (await vitals()).policies.failures,
    )
    gauge('huiying_projecting', '1 while the read models are kept, 0 when what keeps them has stopped', async () =>
      (await vitals()).projecting ? 1 : 0,
    )
    gauge('huiying_live_clients', 'Connections that follow changes', measured.liveClients)
    process.queues(() => ({ imports: measured.importsWaiting() }))
    gauge('huiying_imports_waiting', 'Files that wait to be imported or are on their way', measured.importsWaiting)
    gauge('huiying_imports_running', 'Files being imported', measured.importsRunning)
    process.gauges.addTotal(
      'huiying_events_written_total',
      'Events that this process has written',
      async () => (await vitals()).eventsWritten,
    )
  }

  get mediaType(): string {
    return this.#process.mediaType
  }

  text(): Promise<string> {
    return this.#process.text()
  }

  /** Counts an answered request; what met no route is counted together. */
  answered(request: FastifyRequest, reply: FastifyReply): void {
    const route = request.routeOptions.config?.row?.name ?? 'none'
    const method = route === 'none' ? 'ANY' : request.method
    this.#durations.observe({ method, route, status: String(reply.statusCode) }, reply.elapsedTime / 1000)
  }
}
