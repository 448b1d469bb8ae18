import type { PageChecker } from '#application'
import type { From } from '#event-store'
import type { Log } from '#observability'
import { aborted, Leadership, policyRetry, SharedApplication } from '#processes'
import type { Stores } from '#processes'
import { SentinelModule } from './sentinel.module.ts'

export interface LeadingSentinelParts {
  stores: Stores
  leaseMs: number
  pageChecker: PageChecker
  log: Log
}

/**
 * The sentinel among several: one leads, does what time and events bring, and another takes over when it falls silent. That
 * two should lead at once does no harm: the ids of what they do derive from its cause, so that it happens once (DESIGN §5).
 */
export class LeadingSentinel {
  readonly leadership: Leadership
  readonly #parts: LeadingSentinelParts
  #shared: SharedApplication | null = null

  constructor(parts: LeadingSentinelParts) {
    this.#parts = parts
    this.leadership = new Leadership({ ...parts.stores, leaseMs: parts.leaseMs, log: parts.log, name: 'sentinel' })
  }

  /** How far policies have come that run here; null while another leads. */
  get handled(): From | null {
    return this.#shared?.application.policies.handled ?? null
  }

  /** What keeps policies from going on here; null while they do, or while another leads. */
  get failure(): { error: unknown; failures: number } | null {
    return this.#shared?.application.policies.failure ?? null
  }

  /** Until the signal aborts: then it finishes what is in hand and lets another lead. */
  run(signal: AbortSignal): Promise<void> {
    return this.leadership.run(signal, ({ signal: held }) => this.#lead(held))
  }

  async #lead(held: AbortSignal): Promise<void> {
    const { stores, pageChecker, log } = this.#parts
    const shared = await SharedApplication.open({
      stores,
      log,
      pageChecker,
      policyRetry: policyRetry(log),
      modules: (application) => [SentinelModule.of(application)],
    })
    try {
      await shared.application.policies.start()
      this.#shared = shared
      await aborted(held)
    } finally {
      this.#shared = null
      await shared.close()
    }
  }
}
