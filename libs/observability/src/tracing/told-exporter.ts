import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace'
import { errorFields } from '../log.ts'
import type { Log } from '../log.ts'

type Done = Parameters<SpanExporter['export']>[1]
/** As `ExportResultCode` has them, which is not loaded here. */
const SUCCESS = 0
const FAILED = 1

/**
 * Says once that spans cannot be delivered, and once that they can be again, with how many were lost meanwhile; a collector
 * that is away for a night fills no log.
 */
export class ToldExporter implements SpanExporter {
  readonly #exporter: SpanExporter
  readonly #log: Log
  readonly #where: string
  #lost = 0

  /** `where`: an address to name in the log. */
  constructor(exporter: SpanExporter, log: Log, where: string) {
    this.#exporter = exporter
    this.#log = log
    this.#where = where
  }

  export(spans: ReadableSpan[], done: Done): void {
    const tell: Done = (result) => {
      const code: number = result.code
      this.#note(code === SUCCESS, spans.length, result.error)
      done(result)
    }
    try {
      this.#exporter.export(spans, tell)
    } catch (error) {
      tell({ code: FAILED, error: error instanceof Error ? error : new Error(String(error)) })
    }
  }

  async forceFlush(): Promise<void> {
    await this.#exporter.forceFlush?.()
  }

  async shutdown(): Promise<void> {
    await this.#exporter.shutdown()
  }

  #note(delivered: boolean, spans: number, error: Error | undefined): void {
    if (delivered) {
      if (this.#lost > 0) this.#log('info', 'traces are delivered again', { collector: this.#where, lost: this.#lost })
      this.#lost = 0
      return
    }
    if (this.#lost === 0) {
      const { stack: _, ...fields } = errorFields(error)
      this.#log('warn', 'traces cannot be delivered and are lost until the collector answers', {
        collector: this.#where,
        ...fields,
      })
    }
    this.#lost += spans
  }
}
