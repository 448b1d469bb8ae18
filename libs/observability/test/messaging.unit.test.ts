import { InMemorySpanExporter } from '@opentelemetry/sdk-trace'
import { afterEach, expect, test } from 'vitest'
import type { ConsumeOptions, IncomingMessage, Messaging, OutgoingMessage } from '#messaging'
import {
  observedMessaging,
  parentOf,
  ProcessMetrics,
  startTracing,
  traceparentOf,
  TRACEPARENT,
  withEvent,
} from '../src/index.ts'
import type { Tracing } from '../src/index.ts'

const event = { id: 'event-1', metadata: { correlationId: 'command-1' } }
let exporter = new InMemorySpanExporter()
let tracing: Tracing | null = null
afterEach(async () => {
  await tracing?.stop()
  tracing = null
})
const trace = () => {
  exporter = new InMemorySpanExporter()
  tracing = startTracing({ service: 'test', environment: {}, exporter })
}

/** A broker that gives every message back to whoever consumes. */
function loop({ isAway = false } = {}) {
  const sent: OutgoingMessage[] = []
  let consumer: ConsumeOptions | null = null
  const messaging: Messaging = {
    ensureTopics: () => Promise.resolve(),
    publish: (_topic, messages) => {
      if (isAway) return Promise.reject(new Error('the broker is away'))
      sent.push(...messages)
      return Promise.resolve()
    },
    consume: (options) => {
      consumer = options
      return Promise.resolve({ lag: () => Promise.resolve(0), joined: true, stop: () => Promise.resolve() })
    },
    close: () => Promise.resolve(),
  }
  const deliver = (messages: readonly OutgoingMessage[]) =>
    consumer!.handle(
      messages.map((message, at): IncomingMessage => ({
        ...message,
        topic: 'in',
        partition: 0,
        offset: `${at}`,
        sentAtMs: 0,
      })),
      new AbortController().signal,
    )
  return { messaging, sent, deliver }
}

const message = (headers: Record<string, string> = {}): OutgoingMessage => ({
  key: 'case-1',
  value: new Uint8Array(),
  headers,
})
const onFailure = () => {}

test('messages are counted by topic and by what came of them', async () => {
  const metrics = new ProcessMetrics()
  const { messaging, deliver } = loop()
  const observed = observedMessaging(messaging, metrics)
  await observed.publish('out', [message(), message()])
  await expect(
    observedMessaging(loop({ isAway: true }).messaging, metrics).publish('out', [message()]),
  ).rejects.toThrow('the broker is away')
  let fails = false
  await observed.consume({
    topic: 'in',
    group: 'ingest',
    handle: () => (fails ? Promise.reject(new Error('no room')) : Promise.resolve()),
    onFailure,
  })
  await deliver([message(), message(), message()])
  fails = true
  await expect(deliver([message()])).rejects.toThrow('no room')
  const text = await metrics.text()
  for (const line of [
    'huiying_messages_total{topic="out",outcome="published"} 2',
    'huiying_messages_total{topic="out",outcome="publish-failed"} 1',
    'huiying_messages_total{topic="in",outcome="handled"} 3',
    'huiying_messages_total{topic="in",outcome="handle-failed"} 1',
  ]) {
    expect(text).toContain(line)
  }
})

test('where nothing is recorded, messages go out as they came', async () => {
  const { messaging, sent } = loop()
  const given = message({ a: 'b' })
  await observedMessaging(messaging, null).publish('out', [given])
  expect(sent).toEqual([given])
  expect(sent[0]).toBe(given)
})

test('what is published names its span, unless it names the event that it tells of', async () => {
  trace()
  const { messaging, sent } = loop()
  const observed = observedMessaging(messaging, null)
  await withEvent(event, 'relay', () =>
    observed.publish('out', [message(), message({ [TRACEPARENT]: traceparentOf(event) })]),
  )
  await tracing!.flush()
  const publish = exporter.getFinishedSpans().find(({ name }) => name === 'publish out')!
  const { traceId, spanId } = publish.spanContext()
  expect(traceId).toBe(parentOf(event).traceId)
  expect(sent.map(({ headers }) => headers[TRACEPARENT])).toEqual([`00-${traceId}-${spanId}-01`, traceparentOf(event)])
})

test('a batch is handled in a trace of its own, linked to what its messages name', async () => {
  trace()
  const { messaging, deliver } = loop()
  await observedMessaging(messaging, null).consume({
    topic: 'in',
    group: 'ingest',
    handle: () => Promise.resolve(),
    onFailure,
  })
  await deliver([message({ [TRACEPARENT]: traceparentOf(event) }), message({ [TRACEPARENT]: 'nonsense' }), message()])
  await deliver(Array.from({ length: 1_000 }, () => message({ [TRACEPARENT]: traceparentOf(event) })))
  await tracing!.flush()
  const [few, many] = exporter.getFinishedSpans()
  expect(few!.name).toBe('handle in')
  expect(few!.parentSpanContext).toBeUndefined()
  expect(few!.attributes).toMatchObject({ 'messaging.destination.name': 'in', 'messaging.batch.message_count': 3 })
  expect(few!.links.map(({ context }) => context.traceId)).toEqual([parentOf(event).traceId])
  expect(many!.links).toHaveLength(32)
})
