import { STATUS_CODES } from 'node:http'
import type { z } from 'zod'
import { allErrors } from '../http/http-errors.ts'
import { defaultLimits } from '../http/limits.ts'
import { PROBLEM_MEDIA_TYPE, problemDetails } from '../http/problem.ts'
import { errorsOf } from '../routes/errors-of.ts'
import { requiredHeaders } from '../routes/route.ts'
import type { AnswerSpec, Route, TakenHeader } from '../routes/route.ts'
import { nameSchemas } from './names.ts'
import { Schemas } from './schemas.ts'
import type { JsonSchema } from './schemas.ts'

export type OpenApiDocument = Record<string, unknown> & {
  paths: Record<string, Record<string, Operation>>
  components: Record<string, Record<string, unknown>>
}

export interface Operation extends Record<string, unknown> {
  operationId: string
  responses: Record<string, unknown>
}

const description = `Every message (留言) and opinion item (网络舆情) a case that is answered in time; every promise in an
answer followed until it is kept and seen to be kept.

**Commands** are \`POST\`s to their collection, whom they are for, their name: \`/api/cases/{id}/route-case\`. Each takes an
\`Idempotency-Key\`: the same key from the same person answers as the first time and changes nothing, whatever restarted in
between. \`If-Match\` with a revision refuses the command where somebody else was faster (\`VERSION_CONFLICT\`). Answers carry
the new revision as \`ETag\` and a \`Huiying-Token\`: a read that is given it, as a header or as \`?token=\`, shows at least what
the command did, or answers 503 with \`Retry-After\`.

**Lists** come in pages of at most 200, by cursor, and say how far they had come (\`asOf\`).

**Errors** are problem details (RFC 9457) with a code of one table, each with a Chinese and an English sentence. A code has
one status; of the fields that do not fit, \`errors\` names each, and never what stood there.`

/** The interface as OpenAPI 3.1, from the table of routes alone. */
export function openApiDocument(routes: readonly Route[]): OpenApiDocument {
  nameSchemas()
  const schemas = new Schemas()
  const problems = new Problems()
  schemas.of(problemDetails.meta({ id: 'Problem' }), 'output')
  const paths: OpenApiDocument['paths'] = {}
  for (const route of routes) {
    const operations = (paths[route.path] ??= {})
    operations[route.method.toLowerCase()] = operation(route, schemas, problems)
  }
  return {
    openapi: '3.1.0',
    info: { title: '回应 Huiying', version: '1', description },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: schemas.components,
      parameters: headerParameters(),
      responses: problems.components,
      securitySchemes: {
        operator: {
          type: 'http',
          scheme: 'bearer',
          description: 'The token in `server.json` in the folder of the stores, on this machine.',
        },
        developmentActor: {
          type: 'apiKey',
          in: 'header',
          name: 'Huiying-Actor',
          description: '`person;department;role`. In development only (`npm run dev`), on this machine.',
        },
      },
    },
  }
}

function operation(route: Route, schemas: Schemas, problems: Problems): Operation {
  const { name, tag, summary, access, body } = route
  const roles = access === 'public' ? [] : access.filter((each) => each !== 'operator')
  const isOperators = access !== 'public' && access.includes('operator')
  return {
    operationId: name,
    tags: [tag],
    summary,
    ...(route.description !== undefined && { description: route.description }),
    security: [...(roles.length > 0 ? [{ developmentActor: [] }] : []), ...(isOperators ? [{ operator: [] }] : [])],
    ...(access !== 'public' && { 'x-roles': access }),
    parameters: [
      ...parametersIn('path', route.parameters.path, schemas),
      ...parametersIn('query', route.parameters.query, schemas),
      ...route.headers.map((header) => ({ $ref: `#/components/parameters/${header}` })),
    ],
    ...(body.kind !== 'none' && { requestBody: requestBody(body, schemas) }),
    responses: {
      ...Object.fromEntries(route.answers.map((answer) => [String(answer.status), response(answer, schemas)])),
      ...problems.of(route),
    },
  }
}

function parametersIn(place: 'path' | 'query', schema: z.ZodObject, schemas: Schemas): JsonSchema[] {
  return Object.entries(schema.shape).map(([name, each]) => {
    const { description, ...described } = schemas.of(each as z.ZodType, 'input')
    const required = place === 'path' || !(each as z.ZodType).safeParse(undefined).success
    return {
      name,
      in: place,
      required,
      ...(description !== undefined && { description }),
      schema: described,
    }
  })
}

const headerTexts: Readonly<Record<TakenHeader, string>> = {
  'Idempotency-Key': 'A new one for each act, the same one when it is repeated. 1 to 200 visible ASCII characters.',
  'If-Match': 'The revision that was seen, as ETag gave it: `"4"`.',
  'Huiying-Token': 'What a command gave: the answer shows at least what it did. Also as `?token=`.',
  'Last-Event-ID': 'The id of the last event that was received.',
  'Webhook-Id': 'The platform’s id of the delivery; the same when it is sent again.',
  'Webhook-Timestamp': 'When it was signed, in seconds since 1970; within five minutes of now.',
  'Webhook-Signature': 'One or several `v1,…`, parted by spaces (Standard Webhooks).',
}

function headerParameters(): Record<string, JsonSchema> {
  return Object.fromEntries(
    Object.entries(headerTexts).map(([name, description]) => {
      const required = requiredHeaders.has(name as TakenHeader)
      return [name, { name, in: 'header', required, description, schema: { type: 'string' } }]
    }),
  )
}

function requestBody(body: Exclude<Route['body'], { kind: 'none' }>, schemas: Schemas): JsonSchema {
  const limit = `At most ${defaultLimits[body.limit].toLocaleString('en')} bytes.`
  if (body.kind === 'json') {
    return {
      description: limit,
      required: true,
      content: { 'application/json': { schema: schemas.of(body.schema, 'input') } },
    }
  }
  const content = body.kind === 'bytes' ? { schema: schemas.of(body.schema, 'input') } : {}
  return {
    description: limit,
    required: true,
    content: Object.fromEntries(body.mediaTypes.map((type) => [type, content])),
  }
}

function response({ description, schema, mediaType, headers }: AnswerSpec, schemas: Schemas): JsonSchema {
  const content = schema ? { schema: schemas.of(schema, 'output') } : {}
  return {
    description,
    ...(headers && {
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, text]) => [name, { description: text, schema: { type: 'string' } }]),
      ),
    }),
    content: { [mediaType ?? 'application/json']: content },
  }
}

/** Problems by status, each described once for all routes that answer with the same codes. */
class Problems {
  readonly #components = new Map<string, JsonSchema>()
  readonly #names = new Map<string, string>()

  get components(): Record<string, JsonSchema> {
    return Object.fromEntries(this.#components)
  }

  of(route: Route): Record<string, JsonSchema> {
    const byStatus = Map.groupBy(errorsOf(route), (code) => allErrors[code]!.status)
    const entries = [...byStatus].sort(([a], [b]) => a - b)
    return Object.fromEntries(
      entries.map(([status, codes]) => [
        String(status),
        { $ref: `#/components/responses/${this.#name(status, codes)}` },
      ]),
    )
  }

  #name(status: number, codes: readonly string[]): string {
    const key = codes.join(' ')
    const known = this.#names.get(key)
    if (known !== undefined) return known
    const alike = [...this.#components.keys()].filter((name) => name.startsWith(`Problem${status}`)).length
    const name = `Problem${status}${alike === 0 ? '' : `-${alike + 1}`}`
    this.#names.set(key, name)
    const code = { properties: { code: { enum: codes } } }
    this.#components.set(name, {
      description: `${STATUS_CODES[status]}: ${codes.join(', ')}`,
      content: { [PROBLEM_MEDIA_TYPE]: { schema: { allOf: [{ $ref: '#/components/schemas/Problem' }, code] } } },
    })
    return name
  }
}
