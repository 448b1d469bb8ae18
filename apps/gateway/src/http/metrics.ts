import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { FastifyReply, FastifyRequest } from 'fastify'
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
 * Prometheus. Labels have values of our own and few: routes by their name in the table, statuses, names of projections;
 * never an address, a person or anything that was sent.
 */
export class Metrics {
  readonly #registry = new Registry()
  readonly #durations: Histogram<'method' | 'route' | 'status'>

  constructor(measured: Measured) {
    const registers = [this.#registry]
    collectDefaultMetrics({ register: this.#registry })
    this.#durations = new Histogram({
      name: 'huiying_http_request_duration_seconds',
      help: 'From the first byte of a request to the last of its answer, by route',
      labelNames: ['method', 'route', 'status'] as const,
      buckets: SECONDS,
      registers,
    })
    const behind = new Gauge({
      name: 'huiying_projection_behind_seconds',
      help: 'For how long the newest event not yet shown by a read model has been stored',
      labelNames: ['projection'] as const,
      registers,
      collect: async () => {
        const { behindSeconds } = await measured.vitals()
        for (const [projection, seconds] of Object.entries(behindSeconds)) behind.set({ projection }, seconds)
      },
    })
    const gauge = (name: string, help: string, read: () => number | Promise<number>) =>
      new Gauge({
        name,
        help,
        registers,
        async collect() {
          this.set(await read())
        },
      })
    gauge(
      'huiying_policies_behind_seconds',
      'For how long the oldest event that policies have not handled has been stored',
      async () => {
        const { policies } = await measured.vitals()
        return policies.behindSeconds
      },
    )
    gauge('huiying_policies_failures', 'How often in a row policies have failed; 0 while they work', async () => {
      const { policies } = await measured.vitals()
      return policies.failures
    })
    gauge('huiying_projecting', '1 while the read models are kept, 0 when what keeps them has stopped', async () =>
      (await measured.vitals()).projecting ? 1 : 0,
    )
    gauge('huiying_live_clients', 'Connections that follow changes', measured.liveClients)
    gauge('huiying_imports_waiting', 'Files that wait to be imported or are on their way', measured.importsWaiting)
    gauge('huiying_imports_running', 'Files being imported', measured.importsRunning)
    const written = new Counter({
      name: 'huiying_events_written_total',
      help: 'Events that this process has written',
      registers,
      collect: async () => {
        const { eventsWritten } = await measured.vitals()
        written.reset()
        written.inc(eventsWritten)
      },
    })
  }

  get mediaType(): string {
    return this.#registry.contentType
  }

  text(): Promise<string> {
    return this.#registry.metrics()
  }

  /** Counts an answered request; what met no route is counted together. */
  answered(request: FastifyRequest, reply: FastifyReply): void {
    const route = request.routeOptions.config?.row?.name ?? 'none'
    const method = route === 'none' ? 'ANY' : request.method
    this.#durations.observe({ method, route, status: String(reply.statusCode) }, reply.elapsedTime / 1000)
  }
}
