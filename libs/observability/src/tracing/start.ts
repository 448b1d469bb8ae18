import { setTimeout } from 'node:timers/promises'
import * as api from '@opentelemetry/api'
import type { SpanExporter } from '@opentelemetry/sdk-trace'
import { loadOtlp, loadTracing } from '../load.ts'
import type { Log } from '../log.ts'
import { DerivedIds } from './derived-ids.ts'
import { complaints } from './diagnostics.ts'
import { running, setRunning } from './running.ts'
import { tracingSettingsIn, TracingSettingsError } from './settings.ts'
import type { Environment, TracingSettings } from './settings.ts'
import { ToldExporter } from './told-exporter.ts'

export interface TracingOptions {
  /** The process by its name, `huiying-gateway`; `OTEL_SERVICE_NAME` goes before it. */
  service: string
  /** `process.env`, from which the packages themselves read headers, certificates, compression and resource attributes. */
  environment: Environment
  /** Told once of a collector that cannot be reached, and of settings that are not understood. */
  log?: Log
  /** Takes the spans in place of a collector, whatever the environment says; for tests. */
  exporter?: SpanExporter
}

export interface Tracing {
  /** Whether anything is recorded. */
  readonly on: boolean
  /** Delivers what has been recorded so far; throws where that cannot be done. */
  flush(): Promise<void>
  /** Delivers what there is, for three seconds at most, and records nothing further. Never throws. */
  stop(): Promise<void>
}

const STOP_MS_MAX = 3_000
const OFF: Tracing = { on: false, flush: () => Promise.resolve(), stop: () => Promise.resolve() }
const QUIET: Log = () => {}

/**
 * Records traces and sends them to the OTLP endpoint that `OTEL_EXPORTER_OTLP_ENDPOINT` or
 * `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` names; without one nothing is recorded or loaded. Once for each thread; throws where
 * it is running already, which is a mistake of ours. Nothing that the collector does or does not do is felt by anybody.
 */
export function startTracing({ service, environment, log = QUIET, exporter }: TracingOptions): Tracing {
  const settings = settingsOf(environment, log, exporter !== undefined)
  if (settings === null) return OFF
  if (running !== null) throw new Error('traces are recorded already: startTracing is called once for each thread')
  const { sdk, core, hooks, resources, conventions } = loadTracing()

  // What is said of tracing belongs to no trace, least of all to the one that happened to be delivered.
  const aside: Log = (...said) => api.context.with(api.ROOT_CONTEXT, () => log(...said))
  api.diag.setLogger(complaints(aside), { logLevel: api.DiagLogLevel.WARN, suppressOverrideMessage: true })
  // A delivery that failed comes here, too, each time; the exporter has said so.
  core.setGlobalErrorHandler(() => {})
  const contexts = new hooks.AsyncLocalStorageContextManager().enable()
  const ids = new DerivedIds(new sdk.RandomIdGenerator())
  const root = samplerOf(settings, sdk)
  const provider = new sdk.TracerProvider({
    idGenerator: ids,
    // A parent elsewhere is one of ours, derived from an event: whether it is recorded follows from the trace's id.
    sampler: new sdk.ParentBasedSampler({ root, remoteParentSampled: root }),
    resource: resources
      .defaultResource()
      .merge(resources.resourceFromAttributes({ [conventions.ATTR_SERVICE_NAME]: service }))
      .merge(
        resources.detectResources({
          detectors: [
            resources.serviceInstanceIdDetector,
            resources.resourceAttributesEnvDetector,
            resources.serviceNameEnvDetector,
          ],
        }),
      ),
    spanProcessors: [
      new sdk.BatchSpanProcessor({
        exporter: exporter ?? new ToldExporter(otlpExporter(settings), aside, hostOf(settings.url)),
        ...settings.batch,
      }),
    ],
  })
  api.context.setGlobalContextManager(contexts)
  api.propagation.setGlobalPropagator(new core.W3CTraceContextPropagator())
  api.trace.setGlobalTracerProvider(provider)
  setRunning({ tracer: provider.getTracer('huiying'), ids })

  return {
    on: true,
    flush: () => provider.forceFlush(),
    stop: async () => {
      setRunning(null)
      const waiting = new AbortController()
      // The exporter has said what it could not deliver.
      const delivered = provider.shutdown().catch(() => {})
      const enough = setTimeout(STOP_MS_MAX, undefined, { signal: waiting.signal }).catch(() => {})
      await Promise.race([delivered, enough])
      waiting.abort()
      api.trace.disable()
      api.propagation.disable()
      api.context.disable()
      api.diag.disable()
    },
  }
}

function settingsOf(environment: Environment, log: Log, isTaken: boolean): TracingSettings | null {
  const taken = isTaken ? { ...environment, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318' } : environment
  try {
    const settings = tracingSettingsIn(taken)
    for (const sentence of settings?.misunderstood ?? []) log('warn', 'tracing', { reason: sentence })
    return settings
  } catch (error) {
    if (!(error instanceof TracingSettingsError)) throw error
    log('error', 'no traces are recorded', { code: error.code, reason: error.message })
    return null
  }
}

function samplerOf({ sampling }: TracingSettings, sdk: typeof import('@opentelemetry/sdk-trace')) {
  switch (sampling.kind) {
    case 'all':
      return new sdk.AlwaysOnSampler()
    case 'none':
      return new sdk.AlwaysOffSampler()
    case 'share':
      return new sdk.TraceIdRatioBasedSampler(sampling.share)
  }
}

function otlpExporter({ url, timeoutMs }: TracingSettings): SpanExporter {
  const { OTLPTraceExporter } = loadOtlp()
  return new OTLPTraceExporter({ url, timeoutMillis: timeoutMs })
}

/** Without what may stand before or behind it: a password, a token. */
function hostOf(url: string): string {
  const { protocol, host } = new URL(url)
  return `${protocol}//${host}`
}
