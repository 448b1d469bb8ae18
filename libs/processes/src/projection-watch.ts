import type { From } from '#event-store'
import type { ReadStore } from '#read-store'

/** How long a reader waits for a projection to reach a token (DESIGN §4). */
const TOKEN_WAIT_MS = 2_000
/** While somebody waits, and while nobody does. */
const URGENT_MS = 20
const IDLE_MS = 500

interface Waiter {
  projection: string
  token: string
  resolve: (reached: boolean) => void
}

export interface ProjectionWatchParts {
  views: Pick<ReadStore, 'progress'>
  projections: readonly string[]
  /** Asked for again in a moment, whatever it is. */
  onFailure: (error: unknown) => void
}

/**
 * How far the projections have come that other processes write: asked of the read store, once for all who wait. A read store
 * tells nobody by itself.
 */
export class ProjectionWatch {
  readonly #parts: ProjectionWatchParts
  readonly #checkpoints = new Map<string, From>()
  readonly #waiters = new Set<Waiter>()
  readonly #listeners = new Set<(projection: string, checkpoint: From) => void>()
  #timer: NodeJS.Timeout | null = null
  #asking: Promise<void> | null = null
  #isStopped = false

  constructor(parts: ProjectionWatchParts) {
    this.#parts = parts
  }

  /** Resolves when it is known how far they are. Rejects where the read store cannot be asked. */
  async start(): Promise<void> {
    await this.#ask()
    this.#wait()
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    if (this.#timer) clearTimeout(this.#timer)
    for (const waiter of this.#waiters) waiter.resolve(false)
    await this.#asking
  }

  /** Null where a projection was never built. */
  checkpoint(projection: string): From | null {
    return this.#checkpoints.get(projection) ?? null
  }

  /** Says how far something is that this process itself keeps. */
  note(projection: string, checkpoint: From): void {
    if (this.#checkpoints.get(projection) === checkpoint) return
    this.#checkpoints.set(projection, checkpoint)
    for (const listener of this.#listeners) listener(projection, checkpoint)
    for (const waiter of this.#waiters) {
      if (waiter.projection === projection && this.#isReached(projection, waiter.token)) waiter.resolve(true)
    }
  }

  /** Calls back whenever a projection is further. */
  onProgress(listener: (projection: string, checkpoint: From) => void): void {
    this.#listeners.add(listener)
  }

  /** Whether a projection shows everything up to a token, waiting 2 s at most unless told otherwise. */
  async reached(projection: string, token: string, waitMs = TOKEN_WAIT_MS): Promise<boolean> {
    if (this.#isReached(projection, token)) return true
    if (this.#isStopped) return false
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const waiter: Waiter = { projection, token, resolve }
    const timer = setTimeout(() => resolve(false), waitMs)
    this.#waiters.add(waiter)
    this.#wait()
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      this.#waiters.delete(waiter)
    }
  }

  #isReached(projection: string, token: string): boolean {
    const checkpoint = this.#checkpoints.get(projection)
    return checkpoint !== undefined && checkpoint !== 'start' && checkpoint >= token
  }

  #wait(): void {
    if (this.#asking || this.#isStopped) return
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = setTimeout(
      () => {
        this.#asking = this.#ask()
          .catch((error: unknown) => this.#parts.onFailure(error))
          .then(() => {
            this.#asking = null
            this.#wait()
          })
      },
      this.#waiters.size > 0 ? URGENT_MS : IDLE_MS,
    )
  }

  async #ask(): Promise<void> {
    for (const projection of this.#parts.projections) {
      const { position, version } = await this.#parts.views.progress(projection)
      if (version === null) continue
      this.note(projection, position)
    }
  }
}
