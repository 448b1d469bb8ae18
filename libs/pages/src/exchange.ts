import type { Socket } from 'node:net'
import { Client } from 'undici'
import type { Dispatcher } from 'undici'
import { undoContentCoding } from './content-coding.ts'
import { PageFailed } from './faults.ts'
import type { PageLimits } from './limits.ts'

export type ResponseHeaders = Dispatcher.ResponseData['headers']

/** What a site answered to one request. */
export type Answer =
  | { kind: 'redirect'; location: string }
  | { kind: 'content'; status: number; headers: ResponseHeaders; body: Uint8Array }

const REDIRECTS = new Set([301, 302, 303, 307, 308])

/**
 * Asks for one address over a connection of its own, which is closed afterwards. The body of a redirect is not read.
 * Throws `PageFailed`, the signal's reason, or the errors of sockets and HTTP.
 */
export async function exchange(
  url: URL,
  socket: Socket,
  headers: Record<string, string>,
  limits: PageLimits,
  signal: AbortSignal,
): Promise<Answer> {
  const client = new Client(url.origin, {
    connect: handOver(socket),
    pipelining: 0, // no connection is kept
    maxHeaderSize: limits.headersBytesMax,
    headersTimeout: limits.headersTimeoutMs,
    bodyTimeout: 0, // the time for all of it bounds the body, too
  })
  try {
    const response = await client.request({ method: 'GET', path: url.pathname + url.search, headers, signal })
    const { statusCode: status } = response
    const location = one(response.headers['location'])
    if (REDIRECTS.has(status) && location !== '') return { kind: 'redirect', location: fromLatin1(location) }
    return { kind: 'content', status, headers: response.headers, body: await readBody(response, limits) }
  } finally {
    await client.destroy()
    socket.destroy()
  }
}

/** The connection is made before the client is: it gets this one, and no other in its place. It does not hear a callback that comes at once. */
function handOver(socket: Socket): NonNullable<Client.Options['connect']> {
  let given = false
  return (_, callback) => {
    const closed = given
      ? new PageFailed('unreachable', 'the connection was closed before the answer', { transient: true })
      : null
    given = true
    queueMicrotask(() => (closed === null ? callback(null, socket) : callback(closed, null)))
  }
}

async function readBody({ headers, body }: Dispatcher.ResponseData, limits: PageLimits): Promise<Uint8Array> {
  const bytesMax = limits.bodyBytesMax
  const tooLarge = () =>
    new PageFailed('too-large', `the body has more than ${bytesMax} bytes: ${one(headers['content-type'])}`)
  if (Number(one(headers['content-length'])) > bytesMax) throw tooLarge()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > bytesMax) throw tooLarge()
    chunks.push(chunk)
  }
  const coding = [headers['content-encoding'] ?? ''].flat().join(', ')
  return undoContentCoding(Buffer.concat(chunks), coding, bytesMax)
}

/** A header's value; the first where a server sends it twice, '' where it sends none. */
export function one(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? ''
}

/** Many servers write Chinese into a Location as bare UTF-8, of which HTTP's own Latin-1 would make other characters. */
function fromLatin1(value: string): string {
  const bytes = Buffer.from(value, 'latin1')
  const text = bytes.toString('utf8')
  return text.includes('\uFFFD') ? value : text
}
