import { createRequire } from 'node:module'

/**
 * Packages that only some processes use, loaded when one does: together they take a tenth of a second, which everybody who
 * starts `huiying` at a terminal would wait for. The API of OpenTelemetry is none of them: whoever has spans of their own imports it, and
 * a provider is only heard of by tracers that were taken from the same module as it was set on.
 */
const load = createRequire(import.meta.url)

export function loadTracing() {
  return {
    sdk: load('@opentelemetry/sdk-trace') as typeof import('@opentelemetry/sdk-trace'),
    core: load('@opentelemetry/core') as typeof import('@opentelemetry/core'),
    hooks: load('@opentelemetry/context-async-hooks') as typeof import('@opentelemetry/context-async-hooks'),
    resources: load('@opentelemetry/resources') as typeof import('@opentelemetry/resources'),
    conventions: load('@opentelemetry/semantic-conventions') as typeof import('@opentelemetry/semantic-conventions'),
  }
}

export function loadOtlp() {
  return load('@opentelemetry/exporter-trace-otlp-http') as typeof import('@opentelemetry/exporter-trace-otlp-http')
}

export function loadPrometheus() {
  return load('prom-client') as typeof import('prom-client')
}
