import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { errorFields } from '../log.ts'
import type { Log } from '../log.ts'
import type { ProcessMetrics } from '../metrics/process-metrics.ts'
import { shared, within } from '../within.ts'
import { CHECK_MS_MAX } from './health.ts'
import type { Health } from './health.ts'

export interface OperationsOptions {
  /** The address to listen on, and the port; 0: any that is free. */
  host: string
  port: number
  metrics: Pick<ProcessMetrics, 'text' | 'mediaType' | 'collectProcess'>
  /** See `healthOf`. May take as long as it likes; the server does not. */
  health: () => Promise<Health>
  log: Log
}

export interface OperationsServer {
  /** Where it listens, `http://127.0.0.1:9400`. */
  readonly address: string
  close(): Promise<void>
}

const CONNECTIONS_MAX = 64
const HEADER_BYTES_MAX = 8 * 1024
const REQUEST_MS_MAX = 5_000
const KEEP_ALIVE_MS = 10_000
/** A little longer than one check may take, so that the checks themselves say who did not answer. */
const HEALTH_MS_MAX = CHECK_MS_MAX + 500
/** Whoever asks whether a process lives often waits for a second only, and kills it then. */
const ALIVE_MS_MAX = 500
const METRICS_MS_MAX = 8_000

interface Answer {
  status: number
  mediaType: string
  body: string
  headers?: Readonly<Record<string, string>>
}

/**
 * What every process that is not the gateway answers to whoever runs it: `/healthz`, `/readyz` and `/metrics`, as the gateway
 * does. It answers, whatever else does not, and tells nothing of anybody. Throws `EADDRINUSE` and the like.
 */
export async function openOperationsServer(options: OperationsOptions): Promise<OperationsServer> {
  const { host, port, metrics, log } = options
  metrics.collectProcess()
  const answerTo = answers(options)
  const server = createServer(
    {
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: REQUEST_MS_MAX,
      requestTimeout: REQUEST_MS_MAX,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: REQUEST_MS_MAX,
    },
    (request, response) => {
      void answerTo(request).then(
        (answer) => send(request, response, answer),
        (error: unknown) => {
          log('error', 'an operations request failed', errorFields(error))
          send(request, response, problem(500, 'this could not be answered; the log says why'))
        },
      )
    },
  )
  server.maxConnections = CONNECTIONS_MAX
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  server.on('error', (error) => log('error', 'the operations server failed', errorFields(error)))
  return {
    address: addressOf(server.address() as AddressInfo),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        // Nothing here takes long or is worth waiting for.
        server.closeAllConnections()
      }),
  }
}

function answers({ metrics, health, log }: OperationsOptions): (request: IncomingMessage) => Promise<Answer> {
  const ask = shared(health)
  const text = shared(() => metrics.text())
  const tell = teller(log)

  const alive = async (): Promise<Answer> => {
    const waited = await within(ALIVE_MS_MAX, ask())
    // Who has not said that they are past help is alive: this very answer shows it.
    const isAlive = waited.kind !== 'answered' || waited.result.alive
    return json(isAlive ? 200 : 503, { alive: isAlive })
  }
  const ready = async (): Promise<Answer> => {
    const waited = await within(HEALTH_MS_MAX, ask())
    const { ready, hindrances } = waited.kind === 'answered' ? waited.result : unanswered(waited, log)
    tell(ready, hindrances)
    return json(ready ? 200 : 503, { ready, hindrances })
  }
  const measured = async (): Promise<Answer> => {
    const waited = await within(METRICS_MS_MAX, text())
    if (waited.kind === 'answered') return { status: 200, mediaType: metrics.mediaType, body: waited.result }
    if (waited.kind === 'failed') log('error', 'measurements cannot be told', errorFields(waited.error))
    return problem(503, 'the measurements did not come in time')
  }
  const places: Readonly<Record<string, () => Promise<Answer>>> = {
    '/healthz': alive,
    '/readyz': ready,
    '/metrics': measured,
  }
  return async ({ method, url = '' }) => {
    const place = Object.hasOwn(places, pathOf(url)) ? places[pathOf(url)] : undefined
    if (place === undefined) return problem(404, 'this server answers /healthz, /readyz and /metrics')
    if (method !== 'GET' && method !== 'HEAD') {
      return { ...problem(405, 'this is only read'), headers: { Allow: 'GET, HEAD' } }
    }
    return await place()
  }
}

function unanswered(waited: { kind: 'failed'; error: unknown } | { kind: 'silent' }, log: Log): Health {
  if (waited.kind === 'silent') {
    const detail = `the process did not say how it is within ${HEALTH_MS_MAX / 1000} s`
    return { alive: true, ready: false, hindrances: [{ code: 'NO_ANSWER', detail }] }
  }
  log('error', 'the process cannot say how it is', errorFields(waited.error))
  const detail = 'the process cannot say how it is; the log says why'
  return { alive: true, ready: false, hindrances: [{ code: 'CHECK_FAILED', detail }] }
}

/** Says when readiness changes or has other reasons, and not at every question. */
function teller(log: Log): (ready: boolean, hindrances: Health['hindrances']) => void {
  let told = ''
  return (ready, hindrances) => {
    const codes = [...new Set(hindrances.map(({ code }) => code))].sort()
    const now = ready ? '' : `not ready: ${codes.join(' ')}`
    if (now === told) return
    told = now
    if (ready) log('info', 'ready again')
    else log('warn', 'not ready', { hindrances })
  }
}

function pathOf(url: string): string {
  return url.split('?', 1)[0]!
}

function json(status: number, body: object): Answer {
  return { status, mediaType: 'application/json; charset=utf-8', body: JSON.stringify(body) }
}

function problem(status: number, detail: string): Answer {
  return { ...json(status, { status, detail }), mediaType: 'application/problem+json; charset=utf-8' }
}

function send(request: IncomingMessage, response: ServerResponse, { status, mediaType, body, headers }: Answer): void {
  // A body that nobody reads would otherwise stay in the connection.
  request.resume()
  response.writeHead(status, {
    'Content-Type': mediaType,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...headers,
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

function addressOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}
