import { expect, test } from 'vitest'
import { tracingSettingsIn } from '../src/tracing/settings.ts'

const OTEL_EXPORTER_OTLP_ENDPOINT = 'http://collector:4318'

test('without an endpoint, or where it is said to be off, nothing is recorded', () => {
  expect(tracingSettingsIn({})).toBeNull()
  expect(tracingSettingsIn({ OTEL_EXPORTER_OTLP_ENDPOINT: ' ' })).toBeNull()
  expect(tracingSettingsIn({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SDK_DISABLED: 'true' })).toBeNull()
  expect(tracingSettingsIn({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_EXPORTER: 'none' })).toBeNull()
})

test('the endpoint of everything is the beginning of an address, that of traces a whole one, and goes before it', () => {
  expect(tracingSettingsIn({ OTEL_EXPORTER_OTLP_ENDPOINT })?.url).toBe('http://collector:4318/v1/traces')
  expect(tracingSettingsIn({ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector/otlp/' })?.url).toBe(
    'https://collector/otlp/v1/traces',
  )
  const OTEL_EXPORTER_OTLP_TRACES_ENDPOINT = 'http://traces:4318/here'
  expect(tracingSettingsIn({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT })?.url).toBe(
    'http://traces:4318/here',
  )
})

test('an endpoint that is none says which variable is wrong', () => {
  expect(() => tracingSettingsIn({ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' })).toThrow(
    'OTEL_EXPORTER_OTLP_ENDPOINT: an address such as http://collector:4318 is expected',
  )
})

test('what is sampled, and how it is batched, is as the standard variables say, within bounds', () => {
  const settings = tracingSettingsIn({
    OTEL_EXPORTER_OTLP_ENDPOINT,
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0.1',
    OTEL_BSP_MAX_QUEUE_SIZE: '100',
    OTEL_BSP_SCHEDULE_DELAY: '250',
    OTEL_EXPORTER_OTLP_TIMEOUT: '99999999',
  })
  expect(settings).toMatchObject({
    sampling: { kind: 'share', share: 0.1 },
    batch: { maxQueueSize: 100, maxExportBatchSize: 100, scheduledDelayMillis: 250 },
    timeoutMs: 30_000,
    misunderstood: [],
  })
  expect(tracingSettingsIn({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_SAMPLER: 'always_off' })?.sampling).toEqual({
    kind: 'none',
  })
})

test('what is not understood is said, and the default holds', () => {
  const settings = tracingSettingsIn({
    OTEL_EXPORTER_OTLP_ENDPOINT,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    OTEL_TRACES_SAMPLER: 'jaeger_remote',
    OTEL_BSP_MAX_QUEUE_SIZE: 'many',
  })
  expect(settings).toMatchObject({ sampling: { kind: 'all' }, batch: { maxQueueSize: 2_048 } })
  expect(settings?.misunderstood).toEqual([
    expect.stringContaining('grpc'),
    expect.stringContaining('OTEL_BSP_MAX_QUEUE_SIZE'),
    expect.stringContaining('jaeger_remote'),
  ])
})
