import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { Call } from '../routes/call.ts'
import type { Route } from '../routes/route.ts'
import { fit } from './fitting.ts'
import { Problem } from './problem.ts'
import type { FieldError } from './problem.ts'

/** Visible ASCII: what survives every proxy and log. */
const KEY = /^[\x21-\x7e]{1,200}$/
/** A position of whichever event store there is. */
const TOKEN = /^[0-9a-z-]{1,64}$/i
const REVISION = /^"(\d{1,9})"$/

/** A request as its row wants it. Throws the problem that names what does not fit. */
export function callOf(row: Route, request: FastifyRequest, reply: FastifyReply): Call {
  const { headers } = request
  const path = parameters(row.parameters.path, request.params, 'path')
  const { token: asked, ...rest } = request.query as Record<string, unknown>
  const takesToken = row.headers.includes('Huiying-Token')
  const query = parameters(row.parameters.query, takesToken ? rest : request.query, 'query')
  const taken = {
    idempotencyKey: row.headers.includes('Idempotency-Key') ? idempotencyKeyOf(headers['idempotency-key']) : null,
    basedOn: row.headers.includes('If-Match') ? basedOnOf(headers['if-match']) : null,
    token: takesToken ? tokenOf(headers['huiying-token'] ?? asked, 'Huiying-Token') : null,
    lastEventId: row.headers.includes('Last-Event-ID') ? tokenOf(headers['last-event-id'], 'Last-Event-ID') : null,
    signed: row.headers.includes('Webhook-Signature') ? headers : {},
  }
  return {
    parameters: { ...path, ...query },
    body: bodyOf(row, request),
    identity: request.identity,
    ...taken,
    requestId: request.id,
    signal: goneSignal(reply),
  }
}

/** Fastify's own signal fires when the request has been read. */
function goneSignal({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController()
  raw.once('close', () => gone.abort())
  return gone.signal
}

function parameters(schema: z.ZodObject, value: unknown, place: 'path' | 'query'): Record<string, unknown> {
  const fitting = fit(schema, value, place)
  if (fitting.fits) return fitting.value
  throw new Problem('PARAMETERS_INVALID', null, { errors: fitting.errors })
}

function bodyOf(row: Route, request: FastifyRequest): unknown {
  if (row.body.kind !== 'json') return request.body
  // Nothing sent at all is an empty object.
  const fitting = fit(row.body.schema, request.body ?? {}, 'body')
  if (fitting.fits) return fitting.value
  throw new Problem('INVALID_COMMAND', null, { errors: fitting.errors })
}

function idempotencyKeyOf(value: unknown): string {
  if (value === undefined || value === '') throw new Problem('IDEMPOTENCY_KEY_MISSING')
  if (typeof value === 'string' && KEY.test(value)) return value
  throw headerInvalid('Idempotency-Key', '1 至 200 个可见的 ASCII 字符', '1 to 200 visible ASCII characters')
}

/** `"4"`, as ETag gives it; `*` asks for nothing that a command does not ask for anyway. */
function basedOnOf(value: unknown): number | null {
  if (value === undefined || value === '*') return null
  const revision = typeof value === 'string' ? REVISION.exec(value)?.[1] : undefined
  if (revision !== undefined) return Number(revision)
  throw headerInvalid('If-Match', '应为一个带引号的修订号，如 "4"', 'one revision in quotation marks, as "4"')
}

function tokenOf(value: unknown, header: string): string | null {
  if (value === undefined || value === '') return null
  if (typeof value === 'string' && TOKEN.test(value)) return value
  throw headerInvalid(header, '应为本服务给出的值', 'what this server gave')
}

function headerInvalid(field: string, zh: string, en: string): Problem {
  const errors: FieldError[] = [{ place: 'header', field, zh, en }]
  return new Problem('HEADER_INVALID', field, { errors })
}
