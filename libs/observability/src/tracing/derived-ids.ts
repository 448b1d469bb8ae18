import type { IdGenerator } from '@opentelemetry/sdk-trace'

/** Ids that the next span is to have, where they do not come from chance. */
export interface FixedIds {
  traceId?: string
  spanId?: string
}

/** Random ids, except for a span that is begun within `fixed`. */
export class DerivedIds implements IdGenerator {
  readonly #random: IdGenerator
  #fixed: FixedIds = {}

  constructor(random: IdGenerator) {
    this.#random = random
  }

  /** `begin` begins one span and waits for nothing. */
  fixed<Span>(ids: FixedIds, begin: () => Span): Span {
    this.#fixed = ids
    try {
      return begin()
    } finally {
      this.#fixed = {}
    }
  }

  generateTraceId(): string {
    return this.#fixed.traceId ?? this.#random.generateTraceId()
  }

  generateSpanId(): string {
    return this.#fixed.spanId ?? this.#random.generateSpanId()
  }
}
