import type { Application, ProjectorHost } from '#application'
import type { EventStore } from '#event-store'
import { SubscriptionLag, within } from '#observability'
import type { Log } from '#observability'
import type { Written } from '#processes'
import type { Hindrance, Vitals } from './served.ts'

/** How far a read model may be behind before whoever asks is better told to wait. Lists go before search (DESIGN §10). */
const boundsSeconds: Readonly<Record<string, number>> = { casework: 10, intake: 10, watch: 10, search: 60 }
const POLICIES = 'policies'
/** Longer than a store that works takes to say how far it is. */
const HEAD_MS_MAX = 2_000

const SILENT: Hindrance = { code: 'EVENT_STORE_SILENT', detail: 'the event store does not say how far it is' }

/** What of an open system tells how it keeps up. */
export interface Watched {
  application: {
    ports: { store: Pick<EventStore, 'head'> }
    policies: Pick<Application['policies'], 'handled' | 'failure'>
  }
  projector: Pick<ProjectorHost, 'checkpoint' | 'failure'>
  written: Readonly<Written>
}

/** Watches how an open system keeps up. */
export class VitalsWatch {
  /** Of read models, search and policies. */
  readonly lag: SubscriptionLag
  readonly #huiying: Watched

  /** `nowMs`: milliseconds that never run backwards. */
  constructor(huiying: Watched, log: Log, nowMs?: () => number) {
    const { application, projector } = huiying
    this.#huiying = huiying
    this.lag = new SubscriptionLag({ head: () => application.ports.store.head(), log, nowMs })
    for (const [name, bound] of Object.entries(boundsSeconds)) {
      this.lag.watch({ name, position: () => projector.checkpoint(name), boundSeconds: bound })
    }
    // Policies that fail say so themselves; that they have much to do hinders nobody.
    this.lag.watch({ name: POLICIES, position: () => application.policies.handled, boundSeconds: Infinity })
  }

  stop(): void {
    this.lag.stop()
  }

  async read(): Promise<Vitals> {
    const noted = await within(HEAD_MS_MAX, this.lag.note())
    const { projector, application, written } = this.#huiying
    const { [POLICIES]: policiesBehind = 0, ...behindSeconds } = Object.fromEntries(
      this.lag.standings().map((standing) => [standing.name, standing.behindSeconds]),
    )
    return {
      behindSeconds,
      policies: { behindSeconds: policiesBehind, failures: application.policies.failure?.failures ?? 0 },
      projecting: projector.failure === null,
      eventsWritten: written.events,
      hindrances: [
        ...(noted.kind === 'answered' ? [] : [SILENT]),
        ...this.#projectionHindrances(behindSeconds),
        ...this.#policyHindrances(),
      ],
    }
  }

  #projectionHindrances(behindSeconds: Readonly<Record<string, number>>): Hindrance[] {
    const { projector } = this.#huiying
    if (projector.failure) return [{ code: 'PROJECTIONS_STOPPED', detail: projector.failure.message }]
    return Object.entries(boundsSeconds).flatMap(([name, bound]): Hindrance[] => {
      const isBuilt = projector.checkpoint(name) !== null
      const seconds = behindSeconds[name]!
      if (isBuilt && seconds <= bound) return []
      const detail = isBuilt ? `${name}: ${Math.round(seconds)} s behind` : `${name} is being built`
      return [{ code: 'PROJECTIONS_BEHIND', detail }]
    })
  }

  #policyHindrances(): Hindrance[] {
    const { failure } = this.#huiying.application.policies
    if (!failure) return []
    const { error, failures } = failure
    const reason = error instanceof Error ? error.message : String(error)
    return [{ code: 'POLICIES_FAILING', detail: `${failures} times in a row: ${reason}` }]
  }
}
