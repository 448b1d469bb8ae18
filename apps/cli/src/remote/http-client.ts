import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { problemDetails, PROBLEM_MEDIA_TYPE } from '../../../gateway/src/http/problem.ts'
import type { ProblemDetails } from '../../../gateway/src/http/problem.ts'

/** What a server answered when it did not do what it was asked. */
export class ServerProblem extends Error {
  readonly code: string
  readonly details: ProblemDetails

  constructor(details: ProblemDetails) {
    super(`${details.messages.zh}${details.detail === null ? '' : `（${details.detail}）`}`)
    this.name = 'ServerProblem'
    this.code = details.code
    this.details = details
  }
}

/** What answers at the address is no server of ours: one that was killed left its file behind. */
export class NoServer extends Error {
  readonly code = 'SERVER_GONE'

  constructor(cause: unknown) {
    super('nothing of ours answers there', { cause })
    this.name = 'NoServer'
  }
}

/** Asks a server on this machine, for as long as it takes: some of it walks the whole store. */
export class HttpClient {
  readonly #address: string
  readonly #token: string

  constructor(address: string, token: string) {
    this.#address = address
    this.#token = token
  }

  get<Body>(path: string): Promise<Body> {
    return this.#ask<Body>('GET', path, null, {})
  }

  post<Body>(path: string, body: unknown = {}): Promise<Body> {
    const bytes = Buffer.from(JSON.stringify(body))
    const headers = { 'Content-Type': 'application/json', 'Content-Length': String(bytes.length) }
    return this.#ask<Body>('POST', path, Readable.from([bytes], { objectMode: false }), headers)
  }

  /** Asks for something that takes no body. */
  call<Body>(path: string): Promise<Body> {
    return this.#ask<Body>('POST', path, null, { 'Content-Length': '0' })
  }

  upload<Body>(path: string, content: Readable, sizeBytes: number): Promise<Body> {
    const headers = { 'Content-Type': 'application/octet-stream', 'Content-Length': String(sizeBytes) }
    return this.#ask<Body>('POST', path, content, headers)
  }

  async #ask<Body>(
    method: string,
    path: string,
    body: Readable | null,
    headers: Record<string, string>,
  ): Promise<Body> {
    const asked = request(`${this.#address}${path}`, {
      method,
      headers: { ...headers, Authorization: `Bearer ${this.#token}` },
    })
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      asked.once('response', resolve).once('error', reject)
    })
    // What keeps a body from being sent ends the request; a server that refuses it answers before it has all of it.
    if (body === null) asked.end()
    else pipeline(body, asked).catch(() => {})
    const answer = await answered.catch((error: unknown) => {
      throw body?.errored ?? new NoServer(error)
    })
    return await bodyOf<Body>(answer)
  }
}

async function bodyOf<Body>(answer: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = []
  for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk)
  let body: unknown
  try {
    body = JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch (error) {
    throw new NoServer(error)
  }
  if (answer.statusCode! < 400) return body as Body
  const problem = problemDetails.safeParse(body)
  const isProblem = answer.headers['content-type']?.startsWith(PROBLEM_MEDIA_TYPE) === true && problem.success
  throw isProblem ? new ServerProblem(problem.data) : new NoServer(body)
}
