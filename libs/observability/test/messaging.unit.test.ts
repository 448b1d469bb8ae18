import { InMemorySpanExporter } from '@opentelemetry/sdk-trace'
import { expect, test } from 'vitest'
import { openMessaging } from '#messaging'
import type { ConsumeOptions, IncomingMessage, Messaging, OutgoingMessage } from '#messaging'
import { observedMessaging, parentOf, ProcessMetrics, startTracing, TRACEPARENT, withEvent } from '../src/index.ts'

const event = { id: 'event-1', metadata: { correlationId: 'command-1' } }
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

test('what is being handled stands in a queue until it is done with', async () => {
  const metrics = new ProcessMetrics()
  const { messaging, deliver } = loop()
  const done = Promise.withResolvers<void>()
  await observedMessaging(messaging, metrics).consume({
    topic: 'in',
    group: 'ingest',
    handle: () => done.promise,
    onFailure,
  })
  const delivered = deliver([message(), message()])
  expect(await metrics.text()).toContain('huiying_queue_depth{queue="messages"} 2')
  done.resolve()
  await delivered
  expect(await metrics.text()).toContain('huiying_queue_depth{queue="messages"} 0')
})

test('what is published carries its span, and what follows from an event is in the trace of that event', async () => {
  const exporter = new InMemorySpanExporter()
  const tracing = startTracing({ service: 'test', environment: {}, exporter })
  const messaging = openMessaging('inproc:')
  const received = Promise.withResolvers<IncomingMessage>()
  await messaging.ensureTopics([{ name: 'in', partitions: 1, replicas: 1, retentionMs: null }])
  await messaging.consume({
    topic: 'in',
    group: 'others',
    handle: ([first]) => Promise.resolve(received.resolve(first!)),
    onFailure,
  })
  await withEvent(event, 'relay', () => messaging.publish('in', [message()]))
  const { headers } = await received.promise
  await messaging.close()
  await tracing.flush()
  const spans = exporter.getFinishedSpans()
  const publish = spans.find(({ name }) => name === 'publish in')!
  const { traceId, spanId } = publish.spanContext()
  expect(traceId).toBe(parentOf(event).traceId)
  expect(publish.parentSpanContext?.spanId).toBe(spans.find(({ name }) => name === 'relay')!.spanContext().spanId)
  expect(headers[TRACEPARENT]).toBe(`00-${traceId}-${spanId}-01`)
  const process = spans.find(({ name }) => name === 'process in')!
  expect(process.links.map(({ context }) => context.spanId)).toEqual([spanId])
  await tracing.stop()
})
