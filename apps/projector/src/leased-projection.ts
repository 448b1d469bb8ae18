import { Projector } from '#application'
import type { Projection } from '#application'
import type { From } from '#event-store'
import type { Log, SubscriptionLag } from '#observability'
import { aborted, Leadership, pause } from '#processes'
import type { LeadershipState, Stores } from '#processes'

/** While a newer version is in use. */
const SUPERSEDED_MS = 5_000
/** A list that is further behind than this is better not asked (DESIGN §10). */
const BEHIND_SECONDS_MAX = 10

export interface LeasedProjectionParts {
  stores: Stores
  leaseMs: number
  projection: Projection
  /** Is told how far it is, while it is written here. */
  lag: Pick<SubscriptionLag, 'watch'>
  log: Log
}

/** `superseded`: a newer release has built a newer version, which is in use. */
export type LeasedProjectionState = LeadershipState | 'superseded'

/**
 * One projection, written by whichever process holds its lease. Two releases hold leases of their own, each for the version
 * that it knows: the old one's runs until the new one's is built and has taken over (DESIGN §4).
 */
export class LeasedProjection {
  readonly #parts: LeasedProjectionParts
  readonly leadership: Leadership
  #isSuperseded = false
  #checkpoint: From | null = null

  constructor(parts: LeasedProjectionParts) {
    const { stores, leaseMs, projection, log } = parts
    this.#parts = parts
    this.leadership = new Leadership({
      ...stores,
      leaseMs,
      log,
      name: `projection-${projection.name}-${projection.version}`,
    })
  }

  get name(): string {
    return this.#parts.projection.name
  }

  get state(): LeasedProjectionState {
    return this.#isSuperseded ? 'superseded' : this.leadership.state
  }

  /** What readers see of what this process has written; null while it writes nothing. */
  get checkpoint(): From | null {
    return this.#checkpoint
  }

  /** Until the signal aborts: then it finishes the page in hand and lets go of its lease. */
  run(signal: AbortSignal): Promise<void> {
    return this.leadership.run(signal, async ({ fence, signal: held }) => {
      // Building a version that is older than the one in use would only take the newer one away again.
      const { version } = await this.#parts.stores.views.progress(this.name)
      this.#isSuperseded = version !== null && version > this.#parts.projection.version
      await (this.#isSuperseded ? pause(SUPERSEDED_MS, held) : this.#write(fence, held))
    })
  }

  async #write(fence: number, signal: AbortSignal): Promise<void> {
    const { store, views } = this.#parts.stores
    const failed = Promise.withResolvers<never>()
    const projector = new Projector({
      store,
      views,
      fence,
      projections: [this.#parts.projection],
      onProgress: (_, checkpoint) => {
        this.#checkpoint = checkpoint
      },
    })
    const unwatch = this.#parts.lag.watch({
      name: this.name,
      position: () => this.#checkpoint,
      boundSeconds: BEHIND_SECONDS_MAX,
    })
    try {
      await projector.start(failed.reject)
      await Promise.race([failed.promise, aborted(signal)])
    } finally {
      unwatch()
      await projector.stop()
      this.#checkpoint = null
    }
  }
}
