import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import rateLimit from '@fastify/rate-limit'
import { fastify, LogController } from 'fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ErrorCode } from '#domain'
import { startRequestSpan } from '#observability'
import type { Log, RequestSpan } from '#observability'
import type { Authenticator, Identity } from '../identity/authenticator.ts'
import type { Route } from '../routes/route.ts'
import { jsonOf, wholeOf } from './body.ts'
import { checkBody, checkHost, checkOrigin, identify } from './guards.ts'
import type { Limits } from './limits.ts'
import { fastifyLog } from './log.ts'
import { Problem, PROBLEM_MEDIA_TYPE } from './problem.ts'
import { problemOf, refusal } from './problem-of.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The row that a route was made from. */
    row?: Route
    /** Methods that an address takes, where this one is not among them. */
    allowed?: string
  }
  interface FastifyRequest {
    identity: Identity | null
    /** What the request is in a trace; null where nothing is recorded, or nobody would want it to be. */
    span: RequestSpan | null
  }
}

export interface ServerOptions {
  limits: Limits
  log: Log
  authenticator: Authenticator
  /** Names in the Host header that the server answers under; lower-case, without port. */
  hostNames: ReadonlySet<string>
  isStopping: () => boolean
  onAnswered: (request: FastifyRequest, reply: FastifyReply) => void
}

/** What a correlation id of somebody else's may look like, so that it can stand in a log and a header. */
const SANE_ID = /^[A-Za-z0-9._-]{1,64}$/
const MINUTE_MS = 60_000
const HEADERS_MS_MAX = 15_000
const KEEP_ALIVE_MS = 65_000
/** Node looks for requests that take too long so often. */
const CHECK_INTERVAL_MS = 5_000
const PARAMETER_CHARACTERS_MAX = 128

/** Swagger UI brings styles in its page, and pictures in its styles. */
const DOCUMENTATION_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"

/** Fastify with our bounds, guards and body readers. Routes and the last word on errors are Nest's. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { limits, log } = options
  const server: FastifyInstance = fastify({
    http: {
      maxHeaderSize: limits.headersBytesMax,
      headersTimeout: HEADERS_MS_MAX,
      connectionsCheckingInterval: CHECK_INTERVAL_MS,
    },
    // The longest that any route takes; each has its own, below.
    requestTimeout: Math.max(limits.requestMsMax, limits.uploadMsMax),
    keepAliveTimeout: KEEP_ALIVE_MS,
    handlerTimeout: limits.requestMsMax,
    routerOptions: { maxParamLength: PARAMETER_CHARACTERS_MAX },
    genReqId: idOf,
    loggerInstance: fastifyLog(log),
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: false,
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => {
      const problem = problemOf(error)
      const untyped = reply as unknown as FastifyReply
      void untyped
        .code(problem.status)
        .type(PROBLEM_MEDIA_TYPE)
        .send(JSON.stringify(problem.details(request.id)))
    },
    clientErrorHandler: (error, socket) => answerBrokenRequest(error, socket),
  })
  server.server.maxConnections = limits.connectionsMax
  server.decorateRequest('identity', null)
  server.decorateRequest('span', null)
  // It remembers 5,000 callers; of more, those heard of longest ago start anew.
  await server.register(rateLimit, { global: false })
  addSpans(server)
  addAnswered(server, options)
  addFarewell(server, options)
  addGuards(server, options)
  addBodyReader(server, limits)
  return server
}

/** A connection that stays open after the last answer would keep a server that stops waiting. */
function addFarewell(server: FastifyInstance, { isStopping }: ServerOptions): void {
  server.addHook('onSend', (_request, reply, _payload, done) => {
    if (isStopping()) reply.header('Connection', 'close')
    done()
  })
}

function addGuards(server: FastifyInstance, options: ServerOptions): void {
  const { limits, authenticator, hostNames, isStopping } = options
  const perAddress = server.createRateLimit({ max: limits.requestsPerAddressMax, timeWindow: MINUTE_MS })
  const perPerson = server.createRateLimit({
    max: limits.requestsPerPersonMax,
    timeWindow: MINUTE_MS,
    keyGenerator: ({ identity }) => (identity?.kind === 'person' ? identity.actor.person : ''),
  })

  server.addHook('onRoute', (route) => {
    const row = route.config?.row
    if (row?.timeLimit !== undefined) route.handlerTimeout = limits[row.timeLimit]
  })
  server.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'X-Request-Id': request.id,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-store',
      'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    })
    const { row, allowed } = request.routeOptions.config
    if (isStopping()) throw refusal('SERVER_STOPPING', null)
    checkHost(request, hostNames)
    await checkRate(perAddress, request)
    if (request.is404) throw new Problem('ROUTE_UNKNOWN')
    if (allowed !== undefined) throw new Problem('METHOD_NOT_ALLOWED', null, { headers: { Allow: allowed } })
    // Only the head of an answer without end would never come to an end either.
    if (request.method === 'HEAD' && row?.name === 'FollowChanges') throw new Problem('METHOD_NOT_ALLOWED')
    checkOrigin(request, hostNames)
    if (row === undefined) {
      // What stands in no row is the documentation's page and what it is made of.
      reply.header('Content-Security-Policy', DOCUMENTATION_POLICY)
      return
    }
    request.identity = await identify(request, row.access, authenticator)
    if (request.identity?.kind === 'person') await checkRate(perPerson, request)
    checkBody(request, row, limits)
  })
}

/** Tags of routes that show in no trace: what is asked every few seconds, and connections that stay. */
const UNTRACED: ReadonlySet<string> = new Set(['health', 'live'])

/** Everything that is done about a request happens within its span. */
function addSpans(server: FastifyInstance): void {
  server.addHook('onRequest', (request, _reply, done) => {
    const { row } = request.routeOptions.config
    if (row !== undefined && UNTRACED.has(row.tag)) return done()
    request.span = startRequestSpan({
      route: row?.name ?? 'none',
      method: row?.method ?? 'ANY',
      path: row?.path ?? null,
      requestId: request.id,
      traceparent: textOf(request.headers['traceparent']),
    })
    if (request.span === null) return done()
    request.span.within(() => done())
  })
}

function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header
}

/** Says of every answer how long it took; of those who only look whether it is there, only when it is not. */
function addAnswered(server: FastifyInstance, { log, onAnswered }: ServerOptions): void {
  server.addHook('onResponse', (request, reply, done) => {
    onAnswered(request, reply)
    const { row } = request.routeOptions.config ?? {}
    const status = reply.statusCode
    if (row?.tag !== 'health' || status >= 400) {
      const told = {
        requestId: request.id,
        method: request.method,
        route: row?.name ?? null,
        status,
        ms: Math.round(reply.elapsedTime),
      }
      const say = () => log('info', 'answered', told)
      if (request.span === null) say()
      else request.span.within(say)
    }
    request.span?.end(status)
    done()
  })
}

type RateLimiter = ReturnType<FastifyInstance['createRateLimit']>

async function checkRate(limiter: RateLimiter, request: FastifyRequest): Promise<void> {
  const counted = await limiter(request)
  if (counted.isAllowed || !counted.isExceeded) return
  throw new Problem('RATE_LIMITED', null, { headers: { 'Retry-After': String(counted.ttlInSeconds) } })
}

/** One reader for every kind of body, because what a body is stands in the row and not in its Content-Type. */
function addBodyReader(server: FastifyInstance, limits: Limits): void {
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', async (request: FastifyRequest, payload: Readable) => {
    const body = request.routeOptions.config.row?.body ?? { kind: 'none' }
    if (body.kind === 'stream') return payload
    if (body.kind === 'none') return undefined
    const bytes = await wholeOf(payload, limits[body.limit])
    return body.kind === 'bytes' ? bytes : jsonOf(bytes)
  })
}

function idOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id']
  return typeof given === 'string' && SANE_ID.test(given) ? given : randomUUID()
}

const brokenRequests: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
}

/** What is no request, or takes too long to become one, is answered on the bare connection, which then ends. */
function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const problem = new Problem(brokenRequests[error.code ?? ''] ?? 'REQUEST_INVALID')
  const body = JSON.stringify(problem.details(randomUUID()))
  if (socket.writable) {
    socket.write(
      `HTTP/1.1 ${problem.status} ${problem.code}\r\nContent-Type: ${PROBLEM_MEDIA_TYPE}\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    )
  }
  socket.destroySoon()
}
