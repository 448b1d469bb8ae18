import { MIMEType } from 'node:util'
import { admitAddress } from './address.ts'
import type { Hosts } from './address.ts'
import { dialDirectly, openConnection } from './connect.ts'
import type { Dialer } from './connect.ts'
import { ACCEPT_ENCODING } from './content-coding.ts'
import { exchange, one } from './exchange.ts'
import type { Answer, ResponseHeaders } from './exchange.ts'
import { PageFailed } from './faults.ts'
import type { PageFault } from './faults.ts'
import { TimeLimit, pageLimits } from './limits.ts'
import type { PageLimits } from './limits.ts'
import { createResolve } from './resolve.ts'
import type { Resolve } from './resolve.ts'
import { webFailure } from './web-errors.ts'

export interface PageRequest {
  address: string
  hosts: Hosts
  /** Sent to the origin of `address` only, so that no redirect carries them elsewhere. */
  headers?: Record<string, string>
  signal?: AbortSignal
}

export type FetchedPage =
  | {
      outcome: 'fetched'
      /** Any status that is not a redirect followed: 200, and also 404 or 503. */
      status: number
      /** Where it was found, after redirects. */
      address: string
      /** `text/html`, lower-case; '' where the site declares none. */
      mediaType: string
      /** As declared in Content-Type, lower-case; '' where it is not. */
      charset: string
      /** With its content coding undone. */
      body: Uint8Array
      /** `etag` and `last-modified`, where the site sends them in a form that can be sent back. */
      headers: Record<string, string>
    }
  /** 304, to a request whose headers asked for it. */
  | { outcome: 'not-modified' }
  /** `detail` is one line of English; `transient` says that trying again later may help. */
  | { outcome: 'failed'; fault: PageFault; detail: string; transient: boolean }

export interface PageFetcher {
  /**
   * Never throws for what the web does; throws for faults of ours, and the signal's reason when it aborts.
   */
  fetch(request: PageRequest): Promise<FetchedPage>
}

/** Some sites answer nothing without the first of these, and English pages without the second. */
const OUR_HEADERS = { 'user-agent': 'Mozilla/5.0 (compatible; Huiying)', 'accept-language': 'zh-CN,zh;q=0.9' }

/**
 * Fetches pages of the public internet by GET, each request over a new connection to an address that was checked. `resolve`
 * and `connect` are there for tests; no setting opens private addresses, and no proxy is used.
 */
export function createPageFetcher(
  options: { resolve?: Resolve; connect?: Dialer; limits?: Partial<PageLimits> } = {},
): PageFetcher {
  const limits = { ...pageLimits, ...options.limits }
  const ways = { resolve: options.resolve ?? createResolve(), dial: options.connect ?? dialDirectly, limits }

  async function ask(url: URL, headers: Headers, signal: AbortSignal): Promise<Answer> {
    const sent = new Headers({ ...OUR_HEADERS, ...Object.fromEntries(headers) })
    sent.set('accept-encoding', ACCEPT_ENCODING)
    sent.set('host', url.host)
    return exchange(url, await openConnection(url, ways, signal), Object.fromEntries(sent), limits, signal)
  }

  async function follow(request: PageRequest, signal: AbortSignal): Promise<FetchedPage> {
    const own = new Headers(request.headers)
    let url = admitAddress(request.address, request.hosts)
    const { origin } = url
    for (let redirects = 0; redirects <= limits.redirectsMax; redirects += 1) {
      const headers = url.origin === origin ? own : new Headers()
      const answer = await ask(url, headers, signal)
      if (answer.kind === 'content') return describe(answer, url, headers)
      url = admitAddress(answer.location, request.hosts, url)
    }
    throw new PageFailed('too-many-redirects', `more than ${limits.redirectsMax} redirects, the last to ${url.href}`)
  }

  return {
    async fetch(request) {
      request.signal?.throwIfAborted()
      using limit = new TimeLimit(limits.totalTimeoutMs, 'the page', request.signal)
      try {
        return await follow(request, limit.signal)
      } catch (error) {
        request.signal?.throwIfAborted()
        const { fault, message, transient } = webFailure(error)
        return { outcome: 'failed', fault, detail: message, transient }
      }
    },
  }
}

function describe(
  { status, headers, body }: Extract<Answer, { kind: 'content' }>,
  url: URL,
  sent: Headers,
): FetchedPage {
  if (status === 304 && (sent.has('if-none-match') || sent.has('if-modified-since'))) return { outcome: 'not-modified' }
  return { outcome: 'fetched', status, address: url.href, ...contentType(headers), body, headers: validators(headers) }
}

function contentType(headers: ResponseHeaders): { mediaType: string; charset: string } {
  const declared = one(headers['content-type'])
  try {
    const { essence, params } = new MIMEType(declared)
    return { mediaType: essence, charset: params.get('charset')?.toLowerCase() ?? '' }
  } catch {
    return { mediaType: '', charset: '' } // what cannot be read declares nothing
  }
}

function validators(headers: ResponseHeaders): Record<string, string> {
  return Object.fromEntries(
    ['etag', 'last-modified']
      .map((name) => [name, one(headers[name])] as const)
      .filter(([, value]) => /^[\x20-\x7e]{1,1000}$/.test(value)),
  )
}
