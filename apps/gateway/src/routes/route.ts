import type { ErrorCode, Role } from '#domain'
import { z } from 'zod'
import type { Answer, Call } from './call.ts'
import type { Parts } from './parts.ts'

/** Who may ask: anybody, also without saying who they are; or people in these roles, and the operator where named. */
export type Access = 'public' | readonly (Role | 'operator')[]

/** Request headers that a route takes. */
export type TakenHeader =
  | 'Idempotency-Key'
  | 'If-Match'
  | 'Huiying-Token'
  | 'Last-Event-ID'
  | 'Webhook-Id'
  | 'Webhook-Timestamp'
  | 'Webhook-Signature'
/** Those that must be given where they stand in a row. */
export const requiredHeaders: ReadonlySet<TakenHeader> = new Set([
  'Idempotency-Key',
  'Webhook-Id',
  'Webhook-Timestamp',
  'Webhook-Signature',
])

/** What a request's body is. `limit`: the one of `Limits` that bounds it. */
export type BodySpec =
  | { kind: 'none' }
  | { kind: 'json'; schema: z.ZodType; limit: BodyLimit }
  /** Whole, as it came: what is signed must be checked as it was signed. `schema` documents it. */
  | { kind: 'bytes'; mediaTypes: readonly string[]; schema: z.ZodType; limit: BodyLimit }
  /** As it comes. Whoever handles it reads it to its end, and counts. */
  | { kind: 'stream'; mediaTypes: readonly string[]; limit: BodyLimit }
type BodyLimit = 'bodyBytesMax' | 'uploadBytesMax'

/** One way in which a route answers when it does what was asked. */
export interface AnswerSpec {
  status: number
  description: string
  /** `application/json` where it has a schema and nothing else is said. */
  mediaType?: string
  schema?: z.ZodType
  /** Headers beside those that every answer has, and what they say. */
  headers?: Readonly<Record<string, string>>
}

/**
 * One row of the table of routes: from it come the route itself, who may ask, what is checked, its limits and its
 * documentation, so that they cannot drift apart.
 */
export interface Route {
  /** Unique: the operation's id in OpenAPI, the route's name in logs and metrics. */
  name: string
  method: 'GET' | 'POST'
  /** `/api/cases/{id}`; parameters have the names of `path`. */
  path: string
  /** The heading that it stands under in the documentation. */
  tag: string
  summary: string
  description?: string
  access: Access
  parameters: { path: z.ZodObject; query: z.ZodObject }
  headers: readonly TakenHeader[]
  body: BodySpec
  answers: readonly AnswerSpec[]
  /** Codes that this route can answer with beside those that any route can. */
  errors: readonly ErrorCode[]
  /** The one of `Limits` after which the request ends, sending included; `requestMsMax` where nothing is said. */
  timeLimit?: 'requestMsMax' | 'uploadMsMax' | 'maintenanceMsMax'
  handle: (call: Call, parts: Parts) => Promise<Answer>
}

interface RouteDefinition<Path extends z.ZodObject, Query extends z.ZodObject, Body> extends Omit<
  Route,
  'parameters' | 'headers' | 'body' | 'errors' | 'handle'
> {
  path: string
  parameters?: { path?: Path; query?: Query }
  headers?: Route['headers']
  body?: BodySpec & { schema?: z.ZodType<Body> }
  errors?: Route['errors']
  handle: (call: Call<z.output<Path> & z.output<Query>, Body>, parts: Parts) => Promise<Answer>
}

/** A row with its own types closed over. */
export function route<
  Path extends z.ZodObject = z.ZodObject<z.ZodRawShape>,
  Query extends z.ZodObject = z.ZodObject<z.ZodRawShape>,
  Body = undefined,
>({ parameters, headers, body, errors, handle, ...row }: RouteDefinition<Path, Query, Body>): Route {
  return {
    ...row,
    parameters: { path: parameters?.path ?? z.strictObject({}), query: parameters?.query ?? z.strictObject({}) },
    headers: headers ?? [],
    body: body ?? { kind: 'none' },
    errors: errors ?? [],
    handle: handle as Route['handle'],
  }
}
