import type { FeedPoll, FeedPoller, FeedProgress, FeedState, PageFetcher, PageReply } from '#application'
import { staff } from './county.ts'
import type { County } from './county.ts'

export interface Entry {
  id?: string
  title: string
  link?: string
  content?: string
  date?: string
}

/** A site that gives out what a test puts there, and remembers what it was asked. */
export class Site implements PageFetcher {
  readonly asked: Parameters<PageFetcher['fetch']>[0][] = []
  /** By address. */
  readonly pages = new Map<string, PageReply | (() => Promise<PageReply>)>()

  async fetch(request: Parameters<PageFetcher['fetch']>[0]): Promise<PageReply> {
    this.asked.push(request)
    const page = this.pages.get(request.address)
    if (page === undefined) return { outcome: 'failed', fault: 'host-unknown', detail: request.address }
    const reply = typeof page === 'function' ? await page() : page
    const etag = request.headers?.['if-none-match']
    return reply.outcome === 'fetched' && etag !== undefined && etag === reply.headers['etag']
      ? { outcome: 'not-modified' }
      : reply
  }

  serve(address: string, content: string | Uint8Array, headers: Record<string, string> = {}, status = 200): void {
    const body = typeof content === 'string' ? Buffer.from(content) : content
    const reply = { status, address, mediaType: 'application/rss+xml', charset: '', body, headers }
    this.pages.set(address, { outcome: 'fetched', ...reply })
  }
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

export function rss(...entries: Entry[]): string {
  const items = entries.map(({ id, title, link, content, date }) =>
    [
      '<item>',
      id === undefined ? '' : `<guid isPermaLink="false">${escaped(id)}</guid>`,
      `<title>${escaped(title)}</title>`,
      link === undefined ? '' : `<link>${escaped(link)}</link>`,
      content === undefined ? '' : `<description>${escaped(content)}</description>`,
      date === undefined ? '' : `<pubDate>${date}</pubDate>`,
      '</item>',
    ].join(''),
  )
  return `<rss version="2.0"><channel><title>论坛</title>${items.join('')}</channel></rss>`
}

/** Feeds of a county, looked at by hand under its moved clock. */
export class Feeds {
  readonly site = new Site()
  readonly faults: unknown[] = []
  readonly states = new Map<string, FeedState>()
  poller: FeedPoller
  readonly #county: County
  #timeout = new AbortController()

  constructor(county: County) {
    this.#county = county
    this.poller = this.#open()
  }

  async define(id: string, address: string, given: Record<string, unknown> = {}): Promise<void> {
    const feed = { id, channelId: 'monitoring', address, everyMinutes: 15, active: true, ...given }
    await this.#county.give('DefineFeed', null, { feed, reason: null }, staff.administrator)
  }

  /** After so many minutes. */
  async poll(minutes = 20): Promise<FeedPoll[]> {
    this.#county.clock.advance(minutes * 60_000)
    return await this.poller.pollDue()
  }

  /** Another process, which knows what was saved, or nothing. */
  restart({ forgetting = false } = {}): void {
    if (forgetting) this.states.clear()
    this.poller = this.#open()
  }

  /** As if the longest that a site may take had passed. */
  timeOut(): void {
    this.#timeout.abort()
    this.#timeout = new AbortController()
  }

  #open(): FeedPoller {
    const progress: FeedProgress = {
      load: (id) => Promise.resolve(structuredClone(this.states.get(id) ?? null)),
      save: (id, state) => {
        this.states.set(id, structuredClone(state))
        return Promise.resolve()
      },
    }
    return this.#county.huiying.application.feedPoller({
      fetcher: this.site,
      progress,
      random: () => 0.5,
      timeout: () => this.#timeout.signal,
      onFault: (_feedId, error) => this.faults.push(error),
    })
  }
}
