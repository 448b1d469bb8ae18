import { parseFeed } from '#channels'
import type { InboundRow } from '#channels'
import { feedRun } from '#domain'
import type { Feed, Settings } from '#domain'
import { instantAt } from '../../clock.ts'
import type { Clock } from '../../clock.ts'
import type { CommandOutcome, CommandRequest } from '../../commands/request.ts'
import type { RowIntake } from '../../imports/row-intake.ts'
import type { PageFetcher, PageReply } from '../page-fetcher.ts'
import { sortEntries } from './feed-entries.ts'
import { DUE_IN_MS_MAX, retryAfterMs, waitMs } from './feed-schedule.ts'
import { firstState } from './feed-state.ts'
import type { FeedProgress, FeedState } from './feed-state.ts'

export interface FeedPollerParts {
  settings: () => Settings
  storeSecret: Uint8Array
  execute: (request: CommandRequest) => Promise<CommandOutcome>
  rows: RowIntake
  clock: Clock
  fetcher: PageFetcher
  progress: FeedProgress
  /** From 0 to 1. */
  random: () => number
  /** Aborts when that many milliseconds have passed. */
  timeout: (timeoutMs: number) => AbortSignal
  /** Told of a fault of ours that kept a feed from being read; it is tried again like one that cannot be fetched. */
  onFault: (feedId: string, error: unknown) => void
}

/** What became of one look at a feed. */
export type FeedPoll =
  | { feedId: string; outcome: 'read'; taken: number; revised: number; unchanged: number; refused: number }
  | { feedId: string; outcome: 'not-modified' }
  | { feedId: string; outcome: 'failed'; fault: string }

const POLLS_AT_ONCE_MAX = 4
const FETCH_TIMEOUT_MS = 60_000
const BODY_BYTES_MAX = 5 * 1024 * 1024
/** Failures and time after which somebody should know. */
const FAILURES_REPORTED_MIN = 3
const FAILING_MS_REPORTED_MIN = 6 * 3_600_000
const ACCEPT =
  'application/atom+xml, application/rss+xml, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1'

/** Looks at feeds when they are due, a few at once, and delivers what is new in them. */
export class FeedPoller {
  readonly #parts: FeedPollerParts
  readonly #states = new Map<string, FeedState>()
  /** Feeds that this process has read. */
  readonly #read = new Set<string>()
  readonly #stopping = new AbortController()
  #polling: Promise<FeedPoll[]> | null = null

  constructor(parts: FeedPollerParts) {
    this.#parts = parts
  }

  /** Looks at every feed that is due; at none twice at once. Stopped, it breaks off what it fetches. */
  pollDue(): Promise<FeedPoll[]> {
    this.#polling ??= this.#pollDue().finally(() => {
      this.#polling = null
    })
    return this.#polling
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#polling
  }

  async #pollDue(): Promise<FeedPoll[]> {
    const { feeds, channels } = this.#parts.settings()
    const followed = [...feeds.values()].filter((feed) => feed.active && channels.get(feed.channelId)?.active === true)
    for (const id of this.#states.keys()) if (!followed.some((feed) => feed.id === id)) this.#states.delete(id)
    const polls: FeedPoll[] = []
    const waiting = followed.values()
    const worker = async () => {
      for (const feed of waiting) {
        if (this.#stopping.signal.aborted) return
        const poll = await this.#pollIfDue(feed)
        if (poll !== null) polls.push(poll)
      }
    }
    await Promise.all(Array.from({ length: Math.min(POLLS_AT_ONCE_MAX, followed.length) }, worker))
    return polls
  }

  async #pollIfDue(feed: Feed): Promise<FeedPoll | null> {
    try {
      const state = await this.#stateOf(feed)
      const wait = state.dueAtMs - this.#parts.clock.now()
      return wait > 0 && wait <= DUE_IN_MS_MAX ? null : await this.#poll(feed, state)
    } catch (error) {
      if (this.#stopping.signal.aborted && error === this.#stopping.signal.reason) return null
      // Nothing is written of it, since writing may be what failed: this process waits, another tries at once.
      this.#parts.onFault(feed.id, error)
      const state = this.#states.get(feed.id)
      if (state) this.#states.set(feed.id, this.#due(feed, { ...state, failures: state.failures + 1 }, 0))
      return { feedId: feed.id, outcome: 'failed', fault: 'fault-of-ours' }
    }
  }

  async #stateOf(feed: Feed): Promise<FeedState> {
    const { clock, progress } = this.#parts
    const known = this.#states.get(feed.id) ?? (await progress.load(feed.id))
    if (known?.address === feed.address) {
      this.#states.set(feed.id, known)
      return known
    }
    const first = firstState(feed.address, clock.now())
    const state = known === null ? first : { ...first, entries: known.entries }
    this.#states.set(feed.id, state)
    return state
  }

  async #poll(feed: Feed, state: FeedState): Promise<FeedPoll | null> {
    const reply = await this.#fetch(feed, state)
    if (reply === null) return null
    if (reply.outcome === 'failed') return await this.#failed(feed, state, reply.fault)
    if (reply.outcome === 'not-modified') {
      await this.#succeeded(feed, state, {})
      return { feedId: feed.id, outcome: 'not-modified' }
    }
    const nowMs = this.#parts.clock.now()
    const { status, headers, body, charset, address } = reply
    if (status !== 200) {
      return await this.#failed(feed, state, `status-${status}`, retryAfterMs(headers['retry-after'], nowMs))
    }
    if (body.length > BODY_BYTES_MAX) return await this.#failed(feed, state, 'too-large')
    const now = instantAt(nowMs)
    const reading = parseFeed({ body, charset, address, now })
    if (reading === null) return await this.#failed(feed, state, 'not-a-feed')

    const { storeSecret } = this.#parts
    const sorted = sortEntries(reading.entries, state.entries, { storeSecret, feed, nowMs, now })
    const poll = await this.#deliver(feed, sorted.rows)
    const tags = sorted.heldBack
      ? { etag: null, lastModified: null }
      : { etag: headers['etag'] ?? null, lastModified: headers['last-modified'] ?? null }
    await this.#succeeded(feed, state, { ...tags, entries: sorted.entries })
    return poll
  }

  /** Null where it was stopped meanwhile. A fetcher that does not heed its signal is left alone. */
  async #fetch({ address }: Feed, { etag, lastModified }: FeedState): Promise<PageReply | null> {
    const { fetcher, timeout } = this.#parts
    const stopping = this.#stopping.signal
    const signal = AbortSignal.any([stopping, timeout(FETCH_TIMEOUT_MS)])
    const headers = {
      accept: ACCEPT,
      ...(etag !== null && { 'if-none-match': etag }),
      ...(lastModified !== null && { 'if-modified-since': lastModified }),
    }
    const { promise: aborted, resolve } = Promise.withResolvers<PageReply>()
    const abort = () => resolve({ outcome: 'failed', fault: 'timeout', detail: `${FETCH_TIMEOUT_MS} ms` })
    signal.addEventListener('abort', abort, { once: true })
    try {
      const reply = await Promise.race([fetcher.fetch({ address, hosts: 'any-public', headers, signal }), aborted])
      return stopping.aborted ? null : reply
    } finally {
      signal.removeEventListener('abort', abort)
    }
  }

  /** An entry that is refused, because its item was erased, stays so; nobody has to look at it. Throws where its channel is gone. */
  async #deliver(feed: Feed, records: readonly InboundRow[]): Promise<FeedPoll> {
    const rows = records.map((record, index) => ({ row: index + 1, kind: 'row' as const, record, original: '' }))
    const results = await this.#parts.rows.take(
      rows,
      { channelId: feed.channelId, kind: 'opinion', by: 'feed', arrivalOf: () => ({ kind: 'feed' }) },
      false,
    )
    const counts = { taken: 0, revised: 0, unchanged: 0, refused: 0 }
    for (const result of results) {
      // Deactivated meanwhile: what was not taken is new again when it is active.
      if (result.outcome === 'refused' && result.code === 'UNKNOWN_CHANNEL')
        throw new Error(`${feed.channelId} is gone`)
      counts[result.outcome] += 1
    }
    return { feedId: feed.id, outcome: 'read', ...counts }
  }

  async #succeeded(feed: Feed, state: FeedState, changes: Partial<FeedState>): Promise<void> {
    // Said to fail, perhaps, by a process before this one whose state was lost.
    if (state.failures > 0 || !this.#read.has(feed.id)) await this.#tell('RecordFeedRecovery', feed, {})
    this.#read.add(feed.id)
    await this.#save(feed, { ...state, ...changes, failures: 0, failingSince: null }, 0)
  }

  async #failed(feed: Feed, state: FeedState, fault: string, retryAfter = 0): Promise<FeedPoll> {
    const now = this.#parts.clock.now()
    const failingSince = state.failingSince ?? instantAt(now)
    const failures = state.failures + 1
    const failed = { feedId: feed.id, outcome: 'failed' as const, fault: faultWord(fault) }
    if (failures >= FAILURES_REPORTED_MIN && now - Date.parse(failingSince) >= FAILING_MS_REPORTED_MIN) {
      await this.#tell('RecordFeedFailure', feed, { since: failingSince, attempts: failures, fault: failed.fault })
    }
    await this.#save(feed, { ...state, failures, failingSince }, retryAfter)
    return failed
  }

  /** Said once, whatever this process has forgotten: the feed's stream knows. One that never failed has none. */
  async #tell(command: string, { id: feedId, channelId }: Feed, payload: object): Promise<void> {
    const outcome = await this.#parts.execute({
      command,
      target: feedRun(channelId, feedId),
      payload: { feedId, ...payload },
      actor: { policy: 'feed' },
    })
    if (outcome.outcome !== 'refused' || outcome.code === 'NOT_FOUND' || outcome.code === 'STREAM_NEARLY_FULL') return
    throw new Error(`${command} of the feed ${feedId} was refused: ${outcome.code} ${outcome.detail ?? ''}`)
  }

  async #save(feed: Feed, state: FeedState, retryAfter: number): Promise<void> {
    const next = this.#due(feed, state, retryAfter)
    this.#states.set(feed.id, next)
    await this.#parts.progress.save(feed.id, next)
  }

  #due({ everyMinutes }: Feed, state: FeedState, retryAfter: number): FeedState {
    const { clock, random } = this.#parts
    return { ...state, dueAtMs: clock.now() + waitMs(everyMinutes, state.failures, random(), retryAfter) }
  }
}

function faultWord(fault: string): string {
  const word = fault
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 64)
  return word === '' ? 'unknown' : word
}
