import type { Application, ProjectorHost } from '#application'
import type { EventStore } from '#event-store'
import { errorFields } from '../../gateway/src/http/log.ts'
import type { Log } from '../../gateway/src/http/log.ts'
import type { Hindrance, Vitals } from '../../gateway/src/served.ts'
import type { Embedded } from './embedded.ts'
import { Lag } from './lag.ts'

/** How far a read model may be behind before whoever asks is better told to wait. Lists go before search (DESIGN §10). */
const boundsSeconds: Readonly<Record<string, number>> = { casework: 10, intake: 10, watch: 10, search: 60 }
const NOTE_INTERVAL_MS = 1_000

/** What of an open system tells how it keeps up. */
interface Watched {
  application: {
    ports: { store: Pick<EventStore, 'head'> }
    policies: Pick<Application['policies'], 'handled' | 'failure'>
  }
  projector: Pick<ProjectorHost, 'checkpoint' | 'failure'>
  written: Embedded['written']
}

/** Watches how an open system keeps up. */
export class VitalsWatch {
  readonly #huiying: Watched
  readonly #nowMs: () => number
  readonly #lag = new Lag()
  readonly #timer: NodeJS.Timeout

  /** `nowMs`: milliseconds that never run backwards. */
  constructor(huiying: Watched, log: Log, nowMs: () => number = () => performance.now()) {
    this.#huiying = huiying
    this.#nowMs = nowMs
    this.#timer = setInterval(() => {
      this.#note().catch((error: unknown) => log('warn', 'it is not known how far the store is', errorFields(error)))
    }, NOTE_INTERVAL_MS)
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  async read(): Promise<Vitals> {
    const nowMs = await this.#note()
    const { projector, application, written } = this.#huiying
    const { failure, handled } = application.policies
    const behindSeconds = Object.fromEntries(
      Object.keys(boundsSeconds).map((name) => [name, this.#lag.behindSeconds(projector.checkpoint(name), nowMs)]),
    )
    return {
      behindSeconds,
      policies: { behindSeconds: this.#lag.behindSeconds(handled, nowMs), failures: failure?.failures ?? 0 },
      projecting: projector.failure === null,
      eventsWritten: written.events,
      hindrances: [...this.#projectionHindrances(behindSeconds), ...this.#policyHindrances()],
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

  async #note(): Promise<number> {
    const { application, projector } = this.#huiying
    const head = await application.ports.store.head()
    const nowMs = this.#nowMs()
    this.#lag.note(head, nowMs)
    const checkpoints = Object.keys(boundsSeconds).map((name) => projector.checkpoint(name))
    this.#lag.forget([...checkpoints, application.policies.handled])
    return nowMs
  }
}
