import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import {
  inSpan,
  jsonLog,
  observedEventStore,
  startRequestSpan,
  startTracing,
  withCommand,
  withEvent,
} from '../src/index.ts'
import type { Log, Tracing } from '../src/index.ts'
import { memoryStore } from './memory-store.ts'
import { OtlpStub } from './otlp-stub.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

const event = { id: 'event-1', metadata: { correlationId: 'command-1' } }
const nothing = () => Promise.resolve()

const loaded = () => Object.keys(createRequire(import.meta.url).cache).filter((path) => path.includes('@opentelemetry'))

function start(environment: Record<string, string>): {
  tracing: Tracing
  logged: { level: string; message: string }[]
} {
  const logged: { level: string; message: string; fields?: object }[] = []
  const log: Log = (level, message, fields) => logged.push({ level, message, ...(fields && { fields }) })
  const tracing = startTracing({ service: 'huiying-test', environment, log })
  closers.push(() => tracing.stop())
  return { tracing, logged }
}

// First in its file: what a later test loads stays loaded.
test('without the variable nothing is recorded, and nothing is loaded that would be used for it', async () => {
  const { tracing } = start({})
  expect(tracing.on).toBe(false)
  expect(loaded()).toEqual([])

  expect(await inSpan('work', {}, () => Promise.resolve(1))).toBe(1)
  expect(await withEvent(event, 'work', () => Promise.resolve(2))).toBe(2)
  expect(startRequestSpan({ route: 'A', method: 'GET', path: null, requestId: '1', traceparent: undefined })).toBeNull()
  const lines: string[] = []
  jsonLog(
    (line) => lines.push(line),
    () => 'now',
  )('info', 'said')
  expect(lines).toEqual(['{"time":"now","level":"info","message":"said"}\n'])
})

test('with it, what was recorded comes to the collector by the standard’s rules, and says whose it is', async () => {
  const collector = await OtlpStub.open()
  closers.push(() => collector.close())
  const { tracing, logged } = start({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.address })
  expect(tracing.on).toBe(true)
  expect(loaded()).not.toEqual([])
  await withCommand({ name: 'Do', correlationId: 'command-1', causationId: null }, nothing)
  await withEvent(event, 'policy answer', nothing)
  await tracing.flush()
  expect(collector.requests.map(({ path, contentType }) => [path, contentType])).toEqual([
    ['/v1/traces', 'application/json'],
  ])
  expect(collector.resource).toMatchObject({ 'service.name': 'huiying-test' })
  const [command, policy] = collector.spans
  expect(command).toMatchObject({ name: 'command Do' })
  expect(policy).toMatchObject({ name: 'policy answer', traceId: command!.traceId })
  expect(logged).toEqual([])
})

test('what is still there when the process stops is delivered first', async () => {
  const collector = await OtlpStub.open()
  closers.push(() => collector.close())
  const { tracing } = start({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.address })
  await inSpan('last', {}, nothing)
  await tracing.stop()
  expect(collector.spans.map(({ name }) => name)).toEqual(['last'])
  // And nothing is recorded afterwards.
  await inSpan('later', {}, nothing)
  await tracing.stop()
  expect(collector.spans).toHaveLength(1)
})

test('a collector that is not there is one line in the log, however much is lost; one that is there again another', async () => {
  const free = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => free.once('listening', resolve))
  const { port } = free.address() as AddressInfo
  await new Promise((resolve) => free.close(resolve))
  const { tracing, logged } = start({
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    OTEL_EXPORTER_OTLP_TIMEOUT: '50',
  })
  for (const name of ['a', 'b', 'c']) {
    await inSpan(name, {}, nothing)
    await expect(tracing.flush()).rejects.toBeDefined()
  }
  expect(logged).toMatchObject([{ level: 'warn', fields: { code: 'ECONNREFUSED' } }])
})

test('a collector that refuses and then takes again', async () => {
  const collector = await OtlpStub.open()
  closers.push(() => collector.close())
  const { tracing, logged } = start({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.address })
  collector.status = 400
  for (const name of ['a', 'b']) {
    await inSpan(name, {}, nothing)
    await expect(tracing.flush()).rejects.toBeDefined()
  }
  collector.status = 200
  await inSpan('c', {}, nothing)
  await tracing.flush()
  expect(logged).toMatchObject([
    { level: 'warn', message: 'traces cannot be delivered and are lost until the collector answers' },
    { level: 'info', message: 'traces are delivered again', fields: { lost: 2 } },
  ])
})

test('a collector that takes and never answers holds up nobody who stops', async () => {
  const collector = await OtlpStub.open()
  closers.push(() => collector.close())
  collector.status = null
  const { tracing } = start({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.address, OTEL_EXPORTER_OTLP_TIMEOUT: '100' })
  await inSpan('a', {}, nothing)
  await tracing.stop()
  expect(collector.spans).toHaveLength(1)
})

test('spans that come faster than they are delivered are dropped, and that is said once', async () => {
  const collector = await OtlpStub.open()
  closers.push(() => collector.close())
  const { tracing, logged } = start({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.address,
    OTEL_BSP_MAX_QUEUE_SIZE: '10',
  })
  for (let round = 0; round < 3; round += 1) {
    for (let number = 0; number < 50; number += 1) await inSpan('much', {}, nothing)
    await tracing.flush()
  }
  expect(collector.spans.length).toBeLessThan(150)
  expect(logged).toMatchObject([{ level: 'warn', fields: { reason: expect.stringMatching(/^Dropped \d+ spans/) } }])
})

test('an endpoint that is none is said, and nothing is recorded', () => {
  const { tracing, logged } = start({ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' })
  expect(tracing.on).toBe(false)
  expect(logged).toMatchObject([{ level: 'error', fields: { code: 'TRACING_SETTINGS' } }])
})

test('a share of the traces is recorded wholly, in every process the same, and the rest not at all', async () => {
  const recorded = async (): Promise<string[]> => {
    const collector = await OtlpStub.open()
    closers.push(() => collector.close())
    const { tracing } = start({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.address,
      OTEL_TRACES_SAMPLER: 'traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.5',
    })
    const store = observedEventStore(memoryStore(), null)
    for (let number = 0; number < 40; number += 1) {
      const correlationId = `command-${number}`
      await withCommand({ name: `${number}`, correlationId, causationId: null }, () =>
        store.append('case-1', 'no-stream', [memoryStore.event(`event-${number}`, correlationId)]),
      )
      await withEvent({ id: `event-${number}`, metadata: { correlationId } }, `policy ${number}`, nothing)
    }
    await tracing.stop()
    for (const spans of Map.groupBy(collector.spans, ({ traceId }) => traceId).values()) {
      expect(spans.map(({ name }) => name.split(' ')[0])).toEqual(['event', 'append', 'command', 'policy'])
    }
    return collector.spans.map(({ traceId }) => traceId)
  }
  const first = await recorded()
  expect(first.length).toBeGreaterThan(0)
  expect(first.length).toBeLessThan(40 * 4)
  expect(await recorded()).toEqual(first)
})
