import type { ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { ChangeFeed, ShownChanges } from '#application'
import type { LiveLimits } from '../http/limits.ts'
import { Problem } from '../http/problem.ts'
import { askerOf } from '../identity/authenticator.ts'
import type { Identity } from '../identity/authenticator.ts'
import type { Answer, Call } from '../routes/call.ts'

/** Milliseconds after which a browser connects again. */
const RETRY_MS = 3_000

/** Everybody who follows what changes, each on a connection of their own. */
export class LiveClients {
  readonly #feed: ChangeFeed
  readonly #limits: LiveLimits
  readonly #stopping = new AbortController()
  /** By person; the operator under ''. */
  readonly #clients = new Map<string, number>()

  constructor(feed: ChangeFeed, limits: LiveLimits) {
    this.#feed = feed
    this.#limits = limits
  }

  get count(): number {
    return [...this.#clients.values()].reduce((sum, each) => sum + each, 0)
  }

  /** Lets somebody in, from where they broke off or from now on. Throws the problem where they cannot. */
  async follow({ identity, lastEventId, signal }: Call): Promise<Answer> {
    const leave = this.#enter(identity!)
    const over = new AbortController()
    const end = () => over.abort()
    const life = setTimeout(end, this.#limits.lifeMsMax)
    for (const each of [signal, this.#stopping.signal]) each.addEventListener('abort', end, { once: true })
    const done = () => {
      this.#stopping.signal.removeEventListener('abort', end)
      clearTimeout(life)
      leave()
    }
    try {
      const pages = this.#feed.follow(askerOf(identity!), lastEventId, over.signal)
      const first = await pages.next()
      return {
        headers: { 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' },
        stream: (response) => this.#write(response, first.value!, pages, over).finally(done),
      }
    } catch (error) {
      done()
      throw error
    }
  }

  /** Ends every connection; whoever was on one connects again, elsewhere or later. */
  close(): void {
    this.#stopping.abort()
  }

  #enter(identity: Identity): () => void {
    const { clientsMax, clientsPerPersonMax } = this.#limits
    const person = identity.kind === 'person' ? identity.actor.person : ''
    const own = this.#clients.get(person) ?? 0
    if (this.count >= clientsMax || own >= clientsPerPersonMax || this.#stopping.signal.aborted) {
      throw new Problem('LIVE_CLIENTS_FULL', null, { headers: { 'Retry-After': '30' } })
    }
    this.#clients.set(person, own + 1)
    return () => {
      const left = this.#clients.get(person)! - 1
      if (left > 0) this.#clients.set(person, left)
      else this.#clients.delete(person)
    }
  }

  /** Server-sent events. Nothing more is asked for while the client has not taken what was sent. */
  async #write(
    response: ServerResponse,
    first: ShownChanges,
    pages: AsyncIterable<ShownChanges>,
    over: AbortController,
  ): Promise<void> {
    const { heartbeatMs, stallMsMax } = this.#limits
    let { position } = first
    let isFull = false
    const send = async (text: string): Promise<void> => {
      over.signal.throwIfAborted()
      if (response.write(text)) return
      isFull = true
      await once(response, 'drain', { signal: AbortSignal.any([over.signal, AbortSignal.timeout(stallMsMax)]) })
      isFull = false
    }
    // An id without data moves the place to resume at past what is not shown to this client.
    const heartbeat = setInterval(() => {
      if (!isFull && !over.signal.aborted) response.write(`: \nid: ${position}\n\n`)
    }, heartbeatMs)
    try {
      await send(`retry: ${RETRY_MS}\nid: ${position}\n\n`)
      for await (const page of pages) {
        if (page.changes.length > 0) await send(page.changes.map(eventOf).join(''))
        position = page.position
      }
      response.end()
    } catch (error) {
      // Who takes nothing is cut off, and finds the rest when they come back.
      response.destroy()
      if (!isAbort(error)) throw error
    } finally {
      clearInterval(heartbeat)
      over.abort()
    }
  }
}

function eventOf({ position, kind, id, number, type, revision }: ShownChanges['changes'][number]): string {
  return `id: ${position}\nevent: change\ndata: ${JSON.stringify({ kind, id, number, type, revision })}\n\n`
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}
