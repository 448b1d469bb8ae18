import { randomUUID } from 'node:crypto'
import type { Actor } from '#domain'
import { expect } from 'vitest'
import type { Limits } from '../../apps/gateway/src/http/limits.ts'
import { PROBLEM_MEDIA_TYPE, problemDetails } from '../../apps/gateway/src/http/problem.ts'
import type { ProblemDetails } from '../../apps/gateway/src/http/problem.ts'
import { commandPath } from '../../apps/gateway/src/routes/commands.ts'
import { errorsOf } from '../../apps/gateway/src/routes/errors-of.ts'
import { routes } from '../../apps/gateway/src/routes/index.ts'
import type { Route } from '../../apps/gateway/src/routes/route.ts'
import type { ServeOptions, Serving } from '../../apps/gateway/src/serve.ts'
import { serve } from '../../apps/standalone/src/serve.ts'
import { readServerFile } from '../../apps/gateway/src/server-file.ts'
import { commandTable } from '#application'
import { jsonLog } from '#observability'
import { County } from './county.ts'

export interface Asking {
  as?: Actor | 'operator'
  key?: string
  basedOn?: number
  token?: string
  headers?: Record<string, string>
}

export interface Answered<Body = unknown> {
  status: number
  headers: Headers
  body: Body
}

export interface CommandBody {
  outcome: 'accepted' | 'nothing'
  id: string
  revision: number
  token: string
  events: { id: string; type: string; revision: number; data: Record<string, never> }[]
}

interface HttpOptions {
  limits?: Limits
  development?: boolean
}

type CountyOptions = NonNullable<Parameters<typeof County.open>[1]>

/** What is served: the embedded default, or the distributed profile. */
export type ServedCounty = Pick<County, 'folder' | 'clock' | 'settled' | 'events' | 'types' | 'extent' | 'close'>

/** A county that is asked over HTTP. Every answer is held against what the table of routes says of it. */
export class HttpCounty<Served extends ServedCounty = County> {
  readonly county: Served
  readonly serving: Serving
  /** What was logged, line by line. */
  readonly logged: string[]
  readonly #operatorToken: string

  private constructor(county: Served, serving: Serving, logged: string[], operatorToken: string) {
    this.county = county
    this.serving = serving
    this.logged = logged
    this.#operatorToken = operatorToken
  }

  static async open({
    local,
    policyRetry,
    ...options
  }: { local?: string } & CountyOptions & HttpOptions = {}): Promise<HttpCounty> {
    const county = await County.open(local, policyRetry ? { policyRetry } : {})
    return await HttpCounty.#over(county, options)
  }

  /** On a folder that holds a county already. */
  static async on(folder: string, local = '2026-03-06 09:00'): Promise<HttpCounty> {
    return await HttpCounty.#over(await County.on(folder, local), {})
  }

  static #over(county: County, options: HttpOptions): Promise<HttpCounty> {
    return HttpCounty.serving(county, options, (how) => serve(county.huiying, how))
  }

  /** Over a county that `open` serves. */
  static async serving<Served extends ServedCounty>(
    county: Served,
    { limits, development = true }: HttpOptions,
    open: (options: ServeOptions) => Promise<Serving>,
  ): Promise<HttpCounty<Served>> {
    const logged: string[] = []
    const serving = await open({
      folder: county.folder,
      host: '127.0.0.1',
      port: 0,
      development,
      log: jsonLog(
        (line) => logged.push(line),
        () => county.clock.instant,
      ),
      ...(limits && { limits }),
    })
    const { token } = (await readServerFile(county.folder))!
    return new HttpCounty(county, serving, logged, token)
  }

  async close(): Promise<void> {
    await this.serving.close()
    await this.county.close()
  }

  get<Body = unknown>(path: string, asking: Asking = {}): Promise<Answered<Body>> {
    return this.send('GET', path, undefined, asking)
  }

  post<Body = unknown>(path: string, body: unknown, asking: Asking = {}): Promise<Answered<Body>> {
    const headers = { 'Content-Type': 'application/json', ...asking.headers }
    return this.send('POST', path, JSON.stringify(body), { ...asking, headers })
  }

  async send<Body>(method: string, path: string, body: RequestInit['body'], asking: Asking): Promise<Answered<Body>> {
    const { key, basedOn, token } = asking
    const response = await fetch(`${this.serving.address}${path}`, {
      method,
      body: body ?? null,
      headers: {
        ...this.headersOf(asking.as),
        ...(key !== undefined && { 'Idempotency-Key': key }),
        ...(basedOn !== undefined && { 'If-Match': `"${basedOn}"` }),
        ...(token !== undefined && { 'Huiying-Token': token }),
        ...asking.headers,
      },
    })
    const text = await response.text()
    const mediaType = response.headers.get('content-type') ?? ''
    const answered = {
      status: response.status,
      headers: response.headers,
      body: /json/.test(mediaType) ? JSON.parse(text) : text,
    }
    expectDescribed(method, path, answered)
    return answered
  }

  /** Who asks, as headers say it. */
  headersOf(as: Asking['as']): Record<string, string> {
    if (as === undefined) return {}
    if (as === 'operator') return { Authorization: `Bearer ${this.#operatorToken}` }
    if ('policy' in as) throw new Error('policies ask nothing over HTTP')
    return { 'Huiying-Actor': `${as.person};${as.department};${as.role}` }
  }

  /** Gives a command, with a key of its own unless told. */
  ask<Body = CommandBody>(
    command: string,
    id: string | null,
    payload: unknown,
    asking: Asking,
  ): Promise<Answered<Body>> {
    this.county.clock.advance(60_000)
    const { query, ...rest } = { query: '', key: randomUUID(), ...asking } as Asking & { query?: string }
    return this.post<Body>(`${pathOf(command, id)}${query}`, payload, rest)
  }

  /** Gives a command that must be accepted. */
  async give(
    command: string,
    id: string | null,
    payload: unknown,
    as: Actor,
    asking: Asking = {},
  ): Promise<CommandBody> {
    const answered = await this.ask(command, id, payload, { ...asking, as })
    expect(answered, command).toMatchObject({ status: 200 })
    return answered.body
  }

  /** The problem with which a request is refused. */
  async refused(
    command: string,
    id: string | null,
    payload: unknown,
    as: Actor,
    asking: Asking = {},
  ): Promise<ProblemDetails> {
    const answered = await this.ask<ProblemDetails>(command, id, payload, { ...asking, as })
    expect(answered.headers.get('content-type'), command).toContain(PROBLEM_MEDIA_TYPE)
    return answered.body
  }
}

/** Where a command is given. */
export function pathOf(command: string, id: string | null): string {
  return commandPath(commandTable.get(command)!).replace('{id}', id ?? '')
}

/** The row that an address belongs to; a static name goes before a parameter. */
export function routeAt(method: string, path: string): Route | null {
  const [bare = ''] = path.split('?')
  const isAt = (route: Route) => new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(bare)
  const found = routes.filter((route) => route.method === method && isAt(route))
  return found.toSorted((a, b) => a.path.split('{').length - b.path.split('{').length)[0] ?? null
}

/** That an answer is one of those that its row describes. */
function expectDescribed(method: string, path: string, { status, headers, body }: Answered): void {
  const route = routeAt(method, path)
  if (status >= 400 && headers.get('content-type')?.startsWith(PROBLEM_MEDIA_TYPE)) {
    const problem = problemDetails.parse(body)
    expect(problem.status).toBe(status)
    if (route) expect(errorsOf(route), `${route.name} answers with it`).toContain(problem.code)
    return
  }
  const spec = route?.answers.find((answer) => answer.status === status)
  if (!route || !spec)
    throw new Error(`${method} ${path} answers ${status}, which nothing describes: ${JSON.stringify(body)}`)
  if (!spec.schema) return
  const { success, error } = spec.schema.safeParse(body)
  if (!success)
    throw new Error(`${route.name} answers otherwise than described: ${error.message}\n${JSON.stringify(body)}`)
}
