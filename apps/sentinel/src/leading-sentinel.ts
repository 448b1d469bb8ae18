import type { PageChecker } from '#application'
import type { HealthHindrance, Log, ProcessMetrics, SubscriptionLag } from '#observability'
import { aborted, Leadership, policyRetry, SharedApplication } from '#processes'
import type { Stores } from '#processes'
import { SentinelModule } from './sentinel.module.ts'

/** What follows from an event waits no longer than this for its policy. */
const BEHIND_SECONDS_MAX = 10

export interface LeadingSentinelParts {
  stores: Stores
  leaseMs: number
  /** Looks at public pages; without one, people look at all of them. */
  pageChecker?: PageChecker
  /** Is told how far policies are, while they run here. */
  lag: Pick<SubscriptionLag, 'watch'>
  log: Log
  /** What is measured of the read store goes here. */
  metrics?: Pick<ProcessMetrics, 'read'>
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

  /** What keeps policies from going on here; nothing while they do, or while another leads. */
  hindrances(): HealthHindrance[] {
    const failure = this.#shared?.application.policies.failure
    if (!failure) return []
    const reason = failure.error instanceof Error ? failure.error.message : String(failure.error)
    return [{ code: 'POLICIES_FAILING', detail: `${failure.failures} times in a row: ${reason}` }]
  }

  /** Until the signal aborts: then it finishes what is in hand and lets another lead. */
  run(signal: AbortSignal): Promise<void> {
    return this.leadership.run(signal, ({ signal: held }) => this.#lead(held))
  }

  async #lead(held: AbortSignal): Promise<void> {
    const { stores, pageChecker, lag, log, metrics } = this.#parts
    const shared = await SharedApplication.open({
      stores,
      log,
      metrics,
      pageChecker,
      policyRetry: policyRetry(log),
      modules: (application) => [SentinelModule.of(application)],
    })
    const { policies } = shared.application
    const unwatch = lag.watch({ name: 'policies', position: () => policies.handled, boundSeconds: BEHIND_SECONDS_MAX })
    try {
      await policies.start()
      this.#shared = shared
      await aborted(held)
    } finally {
      this.#shared = null
      unwatch()
      await shared.close()
    }
  }
}
