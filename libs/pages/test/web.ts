import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import type { RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { createPageFetcher } from '#pages'
import type { Dialer, FetchedPage, PageFetcher, PageLimits, PageRequest, Resolve } from '#pages'
import { key } from './certificates.ts'

export const HOST = 'www.county.example'
export const PAGE = `http://${HOST}/`

/**
 * A public internet on 127.0.0.1: each name has public addresses in its DNS, and whoever dials one of these reaches a
 * server of the test. What is not there refuses connections.
 */
export class Web implements AsyncDisposable {
  /** What has been dialled, as `address:port`, in order. */
  readonly dialled: string[] = []
  readonly #addresses = new Map<string, string[]>()
  readonly #ports = new Map<string, number>()
  readonly #servers: Server[] = []
  readonly #connections = new Set<Socket>()

  readonly resolve: Resolve = async (name) => {
    const addresses = this.#addresses.get(name)
    if (addresses === undefined) throw Object.assign(new Error(`query ${name}`), { code: 'ENOTFOUND' })
    return addresses
  }

  readonly dial: Dialer = ({ address, port }) => {
    this.dialled.push(`${address}:${port}`)
    return connect({ host: '127.0.0.1', port: this.#ports.get(`${address}:${port}`) ?? 1 })
  }

  /** Gives a name its addresses. */
  name(name: string, ...addresses: string[]): void {
    this.#addresses.set(name, addresses)
  }

  /** A site that answers HTTP, at the name's only address. */
  async site(name: string, answer: RequestListener): Promise<void> {
    await this.#listen(createHttpServer(answer), this.#addressOf(name), 80)
  }

  /** A site that answers HTTPS with a certificate. */
  async secureSite(name: string, certificate: string, answer: RequestListener): Promise<void> {
    await this.#listen(createHttpsServer({ key, cert: certificate }, answer), this.#addressOf(name), 443)
  }

  /** Something that answers bytes of its own as soon as somebody connects; takes what is sent to it. */
  async speaker(name: string, speak: (socket: Socket) => void, port = 80): Promise<void> {
    const server = createServer((socket) => {
      socket.on('error', () => {}) // whoever is cut off in the middle
      socket.resume()
      speak(socket)
    })
    await this.#listen(server, this.#addressOf(name), port)
  }

  /** How many connections to its servers are open. */
  get connections(): number {
    return this.#connections.size
  }

  fetcher(limits: Partial<PageLimits> = {}): PageFetcher {
    return createPageFetcher({ resolve: this.resolve, connect: this.dial, limits })
  }

  /** Fetches a page of the county's site, with bounds that a test may be tighter about. */
  async fetch(request: Partial<PageRequest> = {}, limits: Partial<PageLimits> = {}): Promise<FetchedPage> {
    return this.fetcher(limits).fetch({ address: PAGE, hosts: [HOST], ...request })
  }

  #addressOf(name: string): string {
    const [address] = this.#addresses.get(name) ?? []
    if (address !== undefined) return address
    const next = `123.125.1.${this.#addresses.size + 1}`
    this.name(name, next)
    return next
  }

  async #listen(server: Server, address: string, port: number): Promise<void> {
    server.on('connection', (socket) => {
      this.#connections.add(socket)
      socket.once('close', () => this.#connections.delete(socket))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    this.#servers.push(server)
    this.#ports.set(`${address}:${port}`, (server.address() as AddressInfo).port)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#connections) socket.destroy()
    await Promise.all(
      this.#servers.map(async (server) => {
        const closed = once(server, 'close')
        server.close()
        await closed
      }),
    )
  }
}

/** A site that says so. */
export const says =
  (body: string | Uint8Array, headers: Record<string, string | string[]> = {}, status = 200): RequestListener =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(body)
  }

export const redirectsTo =
  (location: string, status = 302): RequestListener =>
  (_, response) => {
    response.writeHead(status, { location: Buffer.from(location).toString('latin1') }).end()
  }

/** The fault and detail of an outcome, or what it was instead. */
export const faultOf = (page: FetchedPage): string =>
  page.outcome === 'failed' ? `${page.fault}: ${page.detail}` : page.outcome

export const textOf = (page: FetchedPage): string =>
  page.outcome === 'fetched' ? Buffer.from(page.body).toString() : faultOf(page)
