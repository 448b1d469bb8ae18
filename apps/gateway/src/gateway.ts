import type { AddressInfo } from 'node:net'
import { nestLog, ProcessMetrics } from '#observability'
import type { Log } from '#observability'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { SwaggerModule } from '@nestjs/swagger'
import type { OpenAPIObject } from '@nestjs/swagger'
import type { FastifyInstance } from 'fastify'
import { patternOf } from './http/controller.ts'
import { defaultLimits } from './http/limits.ts'
import type { Limits } from './http/limits.ts'
import { Metrics } from './http/metrics.ts'
import { ProblemFilter } from './http/problem-filter.ts'
import { createServer } from './http/server.ts'
import type { Authenticator } from './identity/authenticator.ts'
import { isLoopback } from './identity/loopback.ts'
import { ImportDesk } from './imports/import-desk.ts'
import { LiveClients } from './live/live-clients.ts'
import { GatewayModule } from './module.ts'
import { openApiDocument } from './openapi/document.ts'
import { routes } from './routes/index.ts'
import type { Parts } from './routes/parts.ts'
import type { Served } from './served.ts'

export interface GatewayOptions {
  served: Served
  log: Log
  authenticator: Authenticator
  /** The address to listen on, and the port; 0: any that is free. */
  host: string
  port: number
  /** Further names that it is reached under. */
  hostNames: readonly string[]
  /** A folder for files on their way into the store; what lies in it is removed. */
  uploads: string
  /** What the process measures beside what the gateway does; both are told together. */
  metrics?: ProcessMetrics
  limits?: Limits
}

/** The county over HTTP. */
export class Gateway {
  /** Where it listens, `http://127.0.0.1:3000`. */
  readonly address: string
  readonly #app: NestFastifyApplication
  readonly #parts: Parts
  readonly #refuse: () => void

  private constructor(address: string, app: NestFastifyApplication, parts: Parts, refuse: () => void) {
    this.address = address
    this.#app = app
    this.#parts = parts
    this.#refuse = refuse
  }

  /** Throws `EADDRINUSE` and the like where it cannot listen. */
  static async open(options: GatewayOptions): Promise<Gateway> {
    const { log, authenticator, host, port } = options
    const parts = await partsOf(options)
    let isStopping = false
    const server = await createServer({
      limits: parts.limits,
      log,
      authenticator,
      hostNames: hostNamesOf(host, options.hostNames),
      isStopping: () => isStopping,
      onAnswered: (request, reply) => parts.metrics.answered(request, reply),
    })
    const app = await NestFactory.create<NestFastifyApplication>(
      GatewayModule.of(routes, parts),
      new FastifyAdapter(server as never),
      { bodyParser: false, logger: nestLog(log) },
    )
    app.useGlobalFilters(new ProblemFilter(log))
    refuseOtherMethods(server)
    SwaggerModule.setup('api/docs', app, () => parts.document() as OpenAPIObject, {
      raw: false,
      customSiteTitle: '回应 Huiying',
    })
    try {
      await app.listen(port, host)
    } catch (error) {
      await app.close()
      throw error
    }
    return new Gateway(addressOf(server), app, parts, () => {
      isStopping = true
    })
  }

  /** Takes nothing more, finishes what is in hand, for so long at most, and cuts off the rest. */
  async close(withinMs: number): Promise<void> {
    this.#refuse()
    this.#parts.clients.close()
    const importing = this.#parts.desk.close()
    const server = this.#app.getHttpServer()
    const timer = setTimeout(() => server.closeAllConnections(), withinMs)
    try {
      await this.#app.close()
      await importing
    } finally {
      clearTimeout(timer)
    }
  }
}

async function partsOf({
  served,
  log,
  uploads,
  limits = defaultLimits,
  metrics: ofProcess = new ProcessMetrics(),
}: GatewayOptions): Promise<Parts> {
  const clients = new LiveClients(served.changes, limits.live)
  const desk = await ImportDesk.open({
    folder: uploads,
    served,
    sizeBytesMax: limits.uploadBytesMax,
    silenceMsMax: limits.uploadSilenceMsMax,
    waitingMax: limits.importsWaitingMax,
    log,
  })
  const metrics = new Metrics(ofProcess, {
    vitals: () => served.vitals(),
    liveClients: () => clients.count,
    importsWaiting: () => desk.waiting,
    importsRunning: () => desk.running,
  })
  let document: object | null = null
  return { served, limits, metrics, clients, desk, document: () => (document ??= openApiDocument(routes)) }
}

/** Every name that means this server: this machine's own where it listens there, the address, what else was named. */
function hostNamesOf(host: string, further: readonly string[]): ReadonlySet<string> {
  const bare = host.includes(':') ? `[${host}]` : host
  const own = isLoopback(host) ? ['localhost', '127.0.0.1', '[::1]'] : []
  return new Set([...own, bare, ...further].map((name) => name.toLowerCase()))
}

/** Every address says of methods that it does not take which ones it takes. */
function refuseOtherMethods(server: FastifyInstance): void {
  for (const [path, rows] of Map.groupBy(routes, ({ path }) => patternOf(path))) {
    const taken = new Set<string>(rows.map(({ method }) => method))
    if (taken.has('GET')) taken.add('HEAD')
    const others = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].filter((each) => !taken.has(each))
    server.route({
      method: others,
      url: path,
      config: { allowed: [...taken].join(', ') },
      // The guards refuse it before it comes here.
      handler: (_request, reply) => reply.callNotFound(),
    })
  }
}

function addressOf(server: FastifyInstance): string {
  const { address, family, port } = server.server.address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}
