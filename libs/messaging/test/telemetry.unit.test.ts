import { randomUUID } from 'node:crypto'
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { openMessaging } from '#messaging'
import type { IncomingMessage, Messaging } from '#messaging'

const exporter = new InMemorySpanExporter()
let messaging: Messaging
let topic: string

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }))
})
afterAll(async () => {
  await messaging.close()
  trace.disable()
  propagation.disable()
  context.disable()
})
beforeEach(async () => {
  exporter.reset()
  messaging = openMessaging(`inproc:${randomUUID()}`, { pauses: { firstMs: 1, longestMs: 1 } })
  topic = 'cases'
  await messaging.ensureTopics([{ name: topic, partitions: 1, replicas: 1, retentionMs: null }])
})

const message = { key: 'a', value: new Uint8Array(), headers: { kind: 'test' } }
const spans = (name: string) => exporter.getFinishedSpans().filter((span) => span.name === name)

test('who handles a message is linked to who published it, across the broker', async () => {
  const tracer = trace.getTracer('test')
  const requests = await Promise.all(
    ['one', 'two'].map((name) =>
      tracer.startActiveSpan(name, async (span) => {
        await messaging.publish(topic, [message, message])
        span.end()
        return span.spanContext()
      }),
    ),
  )
  const published = spans('publish cases')
  expect(published.map(({ kind, parentSpanContext }) => [kind, parentSpanContext?.spanId])).toEqual(
    requests.map(({ spanId }) => [SpanKind.PRODUCER, spanId]),
  )
  expect(published[0]!.attributes).toMatchObject({
    'messaging.system': 'inproc',
    'messaging.destination.name': 'cases',
    'messaging.operation.type': 'send',
    'messaging.batch.message_count': 2,
  })

  const handled = Promise.withResolvers<{ messages: readonly IncomingMessage[]; within: string | undefined }>()
  await messaging.consume({
    topic,
    group: 'group',
    onFailure: handled.reject,
    handle: async (messages) => {
      await Promise.resolve()
      handled.resolve({ messages, within: trace.getActiveSpan()?.spanContext().spanId })
    },
  })
  const { messages, within } = await handled.promise
  await vi.waitFor(() => expect(spans('process cases')).toHaveLength(1))
  const [processed] = spans('process cases')
  expect(within).toBe(processed!.spanContext().spanId)
  expect(processed!.kind).toBe(SpanKind.CONSUMER)
  // Two contexts of four messages.
  expect(processed!.links.map((link) => link.context.spanId)).toEqual(
    published.map((span) => span.spanContext().spanId),
  )
  expect(processed!.attributes).toMatchObject({
    'messaging.consumer.group.name': 'group',
    'messaging.operation.type': 'process',
    'messaging.batch.message_count': 4,
    'messaging.destination.partition.id': '0',
  })
  expect(messages[0]!.headers['kind']).toBe('test')
  expect(messages[0]!.headers['traceparent']).toContain(published[0]!.spanContext().traceId)
})

test('what failed is marked as failed, with the kind of error and none of its words', async () => {
  await expect(messaging.publish('nowhere', [message])).rejects.toMatchObject({ code: 'TOPIC_UNKNOWN' })
  const [failed] = spans('publish nowhere')
  expect(failed!.status).toEqual({ code: SpanStatusCode.ERROR })
  expect(failed!.attributes['error.type']).toBe('TOPIC_UNKNOWN')
  expect(failed!.events).toEqual([])
})

test('a message that names its own context already keeps it', async () => {
  const own = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
  await messaging.publish(topic, [{ ...message, headers: { traceparent: own } }])
  const handled = Promise.withResolvers<string | undefined>()
  const handle = ([first]: readonly IncomingMessage[]) =>
    Promise.resolve(handled.resolve(first!.headers['traceparent']))
  await messaging.consume({ topic, group: 'group', onFailure: handled.reject, handle })
  expect(await handled.promise).toBe(own)
})
