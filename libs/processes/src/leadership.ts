import { errorFields } from '#observability'
import type { Log } from '#observability'
import { holdLease } from '#read-store'
import type { Leases } from '#read-store'

export interface LeadershipParts {
  leases: Leases
  /** Who this process is. */
  holder: string
  leaseMs: number
  /** Of the lease: what only one process does. Lower case letters, digits, hyphens. */
  name: string
  log: Log
}

/** `waiting`: another process does it. `failing`: it failed here, and is tried again by whoever is first. */
export type LeadershipState = 'waiting' | 'leading' | 'failing'

/**
 * Work that one process of several does, for as long as it holds the lease of that name. It saves work and carries no
 * correctness: whatever is done so may be done by two at once for a moment, after a pause that nobody foresaw (DESIGN §5).
 */
export class Leadership {
  readonly #parts: LeadershipParts
  #state: LeadershipState = 'waiting'
  #failures = 0

  constructor(parts: LeadershipParts) {
    this.#parts = parts
  }

  get name(): string {
    return this.#parts.name
  }

  get state(): LeadershipState {
    return this.#state
  }

  /** How often in a row it failed here, or could not be asked who leads. */
  get failures(): number {
    return this.#failures
  }

  /**
   * Until the signal aborts. `work` ends when its own signal aborts, because the lease is lost or the process is to stop,
   * and has put everything down when it resolves. What it throws is logged, and it is tried again.
   */
  async run(signal: AbortSignal, work: (held: { fence: number; signal: AbortSignal }) => Promise<void>): Promise<void> {
    const { leases, name, holder, leaseMs, log } = this.#parts
    await holdLease({
      leases,
      name,
      holder,
      durationMs: leaseMs,
      signal,
      work: async ({ lease, signal: held }) => {
        this.#state = 'leading'
        log('info', 'leads', { lease: name, fence: lease.fence })
        await work({ fence: lease.fence, signal: held })
        this.#failures = 0
        this.#state = 'waiting'
        log('info', 'leads no longer', { lease: name })
      },
      onFailure: (error) => {
        this.#failures += 1
        this.#state = 'failing'
        log('error', 'fails and will be tried again', { lease: name, failures: this.#failures, ...errorFields(error) })
      },
    })
  }
}
