import type { Counter, Registry } from 'prom-client'
import { loadPrometheus } from '../load.ts'
import { shared, within } from '../within.ts'

/** Longer than what is asked takes, shorter than Prometheus waits for all of it. */
const ANSWER_MS_MAX = 2_000

/** Values that are asked for when somebody reads them. Each may be missing: it then shows nothing, rather than what was. */
export type Reading = number | Readonly<Record<string, number>>

export interface ReadGauge {
  name: string
  help: string
  /** The label whose values the record's names are; null where there is one number. */
  label: string | null
  read: () => Reading | Promise<Reading>
}

/** Gauges of a registry that are read when they are asked for, and never hold up the others. */
export class ReadGauges {
  readonly #registry: Registry
  readonly #unread: Counter<'metric'>

  constructor(registry: Registry) {
    const { Counter } = loadPrometheus()
    this.#registry = registry
    this.#unread = new Counter({
      name: 'huiying_measurements_missing_total',
      help: 'Measurements that could not be taken when they were asked for, by metric',
      labelNames: ['metric'] as const,
      registers: [registry],
    })
  }

  add({ name, help, label, read }: ReadGauge): void {
    const { Gauge } = loadPrometheus()
    const ask = shared(async () => await read())
    const unread = this.#unread
    const gauge = new Gauge({
      name,
      help,
      labelNames: label === null ? [] : [label],
      registers: [],
      async collect() {
        const waited = await within(ANSWER_MS_MAX, ask())
        // One that is gone, a lease that was given back, must not be shown for ever.
        this.reset()
        if (waited.kind !== 'answered') {
          if (label === null) this.remove()
          unread.inc({ metric: name })
          return
        }
        if (typeof waited.result === 'number') return this.set(waited.result)
        for (const [value, count] of Object.entries(waited.result)) this.set({ [label!]: value }, count)
      },
    })
    this.#registry.registerMetric(gauge)
  }

  /** A count that somebody else keeps; as it was, where they do not answer. */
  addTotal(name: string, help: string, read: () => number | Promise<number>): void {
    const { Counter } = loadPrometheus()
    const ask = shared(async () => await read())
    const unread = this.#unread
    const total = new Counter({
      name,
      help,
      registers: [],
      async collect() {
        const waited = await within(ANSWER_MS_MAX, ask())
        if (waited.kind !== 'answered') return unread.inc({ metric: name })
        this.reset()
        this.inc(waited.result)
      },
    })
    this.#registry.registerMetric(total)
  }
}
