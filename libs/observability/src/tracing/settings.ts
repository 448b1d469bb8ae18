/** What the standard variables of OpenTelemetry say, as far as the packages do not read them themselves. */

export type Environment = Readonly<Record<string, string | undefined>>

export interface TracingSettings {
  /** Where spans are sent, whole. */
  url: string
  sampling: { kind: 'all' } | { kind: 'none' } | { kind: 'share'; share: number }
  batch: {
    maxQueueSize: number
    maxExportBatchSize: number
    scheduledDelayMillis: number
    exportTimeoutMillis: number
  }
  /** How long one delivery is tried, all its attempts together. */
  timeoutMs: number
  /** Sentences about what was not understood; the default holds for it. */
  misunderstood: string[]
}

const QUEUE_SPANS = 2_048
const QUEUE_SPANS_MAX = 65_536
const BATCH_SPANS = 512
const DELAY_MS = 5_000
const DELAY_MS_MAX = 60_000
/** Shorter than the standard's ten seconds: a process that stops waits for it. */
const TIMEOUT_MS = 3_000
const TIMEOUT_MS_MAX = 30_000

/** Null where nothing says that traces are to be sent anywhere. */
export function tracingSettingsIn(environment: Environment): TracingSettings | null {
  const said = (name: string): string | null => {
    const value = environment[name]?.trim()
    return value === undefined || value === '' ? null : value
  }
  if (said('OTEL_SDK_DISABLED')?.toLowerCase() === 'true' || said('OTEL_TRACES_EXPORTER') === 'none') return null
  const given = said('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT')
  const base = said('OTEL_EXPORTER_OTLP_ENDPOINT')
  if (given === null && base === null) return null

  const misunderstood: string[] = []
  const url = given ?? `${base!.replace(/\/+$/, '')}/v1/traces`
  const protocol = URL.parse(url)?.protocol
  if (protocol !== 'http:' && protocol !== 'https:') {
    const variable = given === null ? 'OTEL_EXPORTER_OTLP_ENDPOINT' : 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'
    throw new TracingSettingsError(`${variable}: an address such as http://collector:4318 is expected`)
  }
  const spoken = said('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') ?? said('OTEL_EXPORTER_OTLP_PROTOCOL')
  if (spoken !== null && spoken !== 'http/json') {
    misunderstood.push(`the protocol ${spoken} is not spoken; http/json is, which collectors take on port 4318`)
  }
  const numberOf = (names: readonly string[], otherwise: number, max: number): number => {
    for (const name of names) {
      const text = said(name)
      if (text === null) continue
      const value = Number(text)
      if (Number.isSafeInteger(value) && value > 0) return Math.min(value, max)
      misunderstood.push(`${name}: a whole number above 0 is expected; ${otherwise} is taken`)
    }
    return otherwise
  }
  const timeoutMs = numberOf(
    ['OTEL_EXPORTER_OTLP_TRACES_TIMEOUT', 'OTEL_EXPORTER_OTLP_TIMEOUT'],
    TIMEOUT_MS,
    TIMEOUT_MS_MAX,
  )
  const maxQueueSize = numberOf(['OTEL_BSP_MAX_QUEUE_SIZE'], QUEUE_SPANS, QUEUE_SPANS_MAX)
  return {
    url,
    sampling: samplingIn(said('OTEL_TRACES_SAMPLER'), said('OTEL_TRACES_SAMPLER_ARG'), misunderstood),
    batch: {
      maxQueueSize,
      maxExportBatchSize: Math.min(
        maxQueueSize,
        numberOf(['OTEL_BSP_MAX_EXPORT_BATCH_SIZE'], BATCH_SPANS, QUEUE_SPANS_MAX),
      ),
      scheduledDelayMillis: numberOf(['OTEL_BSP_SCHEDULE_DELAY'], DELAY_MS, DELAY_MS_MAX),
      // A little longer than the attempts themselves, so that these say how they ended.
      exportTimeoutMillis: numberOf(['OTEL_BSP_EXPORT_TIMEOUT'], timeoutMs + 1_000, TIMEOUT_MS_MAX + 1_000),
    },
    timeoutMs,
    misunderstood,
  }
}

/** A setting that leaves nothing to go on with. */
export class TracingSettingsError extends Error {
  readonly code = 'TRACING_SETTINGS'
}

function samplingIn(name: string | null, share: string | null, misunderstood: string[]): TracingSettings['sampling'] {
  // With a parent or without is the same here: a trace is recorded wholly or not at all, as its id has it.
  switch (name?.replace(/^parentbased_/, '') ?? 'always_on') {
    case 'always_on':
      return { kind: 'all' }
    case 'always_off':
      return { kind: 'none' }
    case 'traceidratio': {
      const value = Number(share ?? 1)
      if (value >= 0 && value <= 1) return { kind: 'share', share: value }
      misunderstood.push('OTEL_TRACES_SAMPLER_ARG: a number from 0 to 1 is expected; everything is recorded')
      return { kind: 'all' }
    }
    default:
      misunderstood.push(`OTEL_TRACES_SAMPLER: ${name} is not known; everything is recorded`)
      return { kind: 'all' }
  }
}
