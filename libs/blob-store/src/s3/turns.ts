import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { BlobStoreError } from '../errors.ts'
import { Turns } from '../turns.ts'
import type { S3Bucket } from './bucket.ts'

export interface TurnLimits {
  /** How long a turn lasts that nobody renews, because its process died. It is renewed four times as often. */
  leaseMs: number
  /** How long is waited for one. */
  waitMsMax: number
}

/** A turn under way: what its work saw, and whether it is still its own. */
export interface Turn {
  /** The ETag of each file that was looked at, null where there was none. What is written takes the place of that only. */
  readonly seen: Map<string, string | null>
  /** Throws `BLOB_STORE_BUSY` where the turn was held so long without an answer that another may have begun. */
  check(): void
}

const POLL_MS = 50
const POLL_MS_MAX = 1_000

/**
 * One after another for an owner, among all processes: S3 has no locks, so an object that is created only where there is
 * none says whose turn it is. Its holder writes it anew as long as it works; who sees it unchanged for the length of a
 * lease, by a clock that never jumps, takes it over. A process that was paused for longer learns it from what it writes:
 * that names what it saw, and is refused where another has been there since.
 */
export class SharedTurns {
  readonly #bucket: S3Bucket
  readonly #prefix: string
  readonly #limits: TurnLimits
  readonly #own = new Turns()
  readonly #current = new AsyncLocalStorage<Turn>()

  constructor(bucket: S3Bucket, prefix: string, limits: TurnLimits) {
    this.#bucket = bucket
    this.#prefix = prefix
    this.#limits = limits
  }

  /** The turn that the caller works in. */
  get current(): Turn | null {
    return this.#current.getStore() ?? null
  }

  async take<Result>(owner: string, work: () => Promise<Result>): Promise<Result> {
    return await this.#own.take(owner, async () => {
      const held = await this.#acquire(`${this.#prefix}${owner}`, owner)
      const turn: Turn = {
        seen: new Map(),
        check: () => {
          if (performance.now() < held.until) return
          throw busy(owner, 'was held too long without an answer of the store')
        },
      }
      try {
        return await this.#current.run(turn, work)
      } finally {
        await held.release()
      }
    })
  }

  async #acquire(key: string, owner: string): Promise<Held> {
    const { leaseMs, waitMsMax } = this.#limits
    const holder = randomUUID()
    const began = performance.now()
    let unchanged = null as { etag: string; since: number } | null
    for (let pollMs = POLL_MS; ; pollMs = Math.min(pollMs * 2, POLL_MS_MAX)) {
      const asked = performance.now()
      // Nobody is known to hold it, or who does has died.
      if (unchanged === null || asked - unchanged.since >= leaseMs) {
        const etag = await this.#bucket.put(key, Buffer.from(holder), { etag: unchanged?.etag ?? null }, holder)
        if (etag !== null) return this.#hold(key, holder, etag, asked)
      }
      if (performance.now() - began > waitMsMax) throw busy(owner, 'is taken by another process')
      const found = await this.#bucket.head(key)
      if (found === null) {
        unchanged = null
        continue
      }
      if (found.etag !== unchanged?.etag) unchanged = { etag: found.etag, since: asked }
      await pause(Math.min(pollMs, leaseMs / 2) * (0.5 + Math.random() / 2))
    }
  }

  #hold(key: string, holder: string, first: string, since: number): Held {
    const { leaseMs } = this.#limits
    let etag: string | null = first
    let renewing: Promise<void> | null = null
    /** The last one was not answered: it may have been done long before the next one finds it. */
    let isDoubtful = false
    const held = { until: since + leaseMs, release: async () => {} }
    const renew = async () => {
      if (etag === null) return
      const asked = performance.now()
      try {
        const next: string | null = await this.#bucket.put(key, Buffer.from(`${holder} ${asked}`), { etag }, holder)
        etag = next
        if (next !== null && !isDoubtful) held.until = asked + leaseMs
        isDoubtful = false
      } catch {
        isDoubtful = true
        // The lease runs on without it; whoever works on learns from `check` when it is over.
      }
    }
    const timer = setInterval(() => {
      renewing ??= renew().finally(() => {
        renewing = null
      })
    }, leaseMs / 4)
    timer.unref()
    held.release = async () => {
      clearInterval(timer)
      await renewing
      if (etag === null) return
      try {
        await this.#bucket.remove(key, etag)
      } catch (error) {
        // What was done is done; the next one waits until the lease is over.
        if (!(error instanceof BlobStoreError)) throw error
      }
    }
    return held
  }
}

interface Held {
  /** By `performance.now()`. */
  until: number
  release(): Promise<void>
}

function busy(owner: string, why: string): BlobStoreError {
  return new BlobStoreError('BLOB_STORE_BUSY', `The turn to change the files of ${owner} ${why}; try again.`)
}
