import { InMemorySpanExporter } from '@opentelemetry/sdk-trace'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  inSpan,
  jsonLog,
  observedEventStore,
  parentOf,
  spanOf,
  startTracing,
  traceOf,
  withCommand,
  withEvent,
  withEvents,
} from '../src/index.ts'
import type { Tracing } from '../src/index.ts'
import { memoryStore } from './memory-store.ts'

let exporter: InMemorySpanExporter
let tracing: Tracing
beforeEach(() => {
  exporter = new InMemorySpanExporter()
  tracing = startTracing({ service: 'test', environment: {}, exporter })
})
afterEach(() => tracing.stop())

const nothing = () => Promise.resolve()
const event = (number: number, type = 'Happened') => ({
  id: `event-${number}`,
  type,
  metadata: { correlationId: `command-${number}` },
})

async function recorded(): Promise<ReadableSpan[]> {
  await tracing.flush()
  return exporter.getFinishedSpans()
}
const idsOf = (span: ReadableSpan) => {
  const { traceId, spanId } = span.spanContext()
  return { traceId, spanId }
}

test('work that fails fails as it did, and its span says the code and not the words', async () => {
  const error = Object.assign(new Error('张三 13800138000'), { code: 'NO_ROOM' })
  await expect(inSpan('work', {}, () => Promise.reject(error))).rejects.toBe(error)
  await expect(inSpan('other work', {}, () => Promise.reject(new TypeError('x')))).rejects.toThrow('x')
  const [work, other] = await recorded()
  expect(work).toMatchObject({ status: { code: 2, message: 'NO_ROOM' }, events: [] })
  expect(other).toMatchObject({ status: { code: 2, message: 'TypeError' } })
})

test('a command that follows from an event hangs below it, wherever it is given', async () => {
  await withCommand({ name: 'Follow', correlationId: 'command-1', causationId: 'event-1' }, nothing)
  const [command] = await recorded()
  expect(command!.spanContext().traceId).toBe(traceOf('command-1'))
  expect(command!.parentSpanContext).toMatchObject({ spanId: spanOf('event-1'), isRemote: true })
})

test('one whose cause is no event, a delivery or a day, begins its trace', async () => {
  await withCommand({ name: 'Draw', correlationId: 'day-2026-03-06', causationId: 'day-2026-03-06' }, nothing)
  const [command] = await recorded()
  expect(command!.spanContext().traceId).toBe(traceOf('day-2026-03-06'))
  expect(command!.parentSpanContext).toBeUndefined()
})

test('a command within another one that has nothing to do with it is linked, not mixed up', async () => {
  await withCommand({ name: 'Outer', correlationId: 'command-1', causationId: null }, () =>
    withCommand({ name: 'Allocate', correlationId: 'command-2', causationId: null }, nothing),
  )
  const [inner, outer] = await recorded()
  expect(inner!.spanContext().traceId).toBe(traceOf('command-2'))
  expect(inner!.links.map(({ context }) => context.spanId)).toEqual([idsOf(outer!).spanId])
  expect(outer!.links.map(({ context }) => context.spanId)).toEqual([idsOf(inner!).spanId])
})

test('a request that gives thousands of commands is linked to the first of them, and each of them to it', async () => {
  await inSpan('import', {}, async () => {
    for (let number = 0; number < 100; number += 1) {
      await withCommand({ name: 'Take', correlationId: `command-${number}`, causationId: null }, nothing)
    }
  })
  const spans = await recorded()
  expect(spans.at(-1)).toMatchObject({ name: 'import' })
  expect(spans.at(-1)!.links).toHaveLength(32)
  expect(spans.slice(0, 100).every(({ links }) => links.length === 1)).toBe(true)
})

test('work that goes on after its request was answered still belongs to it, and troubles nobody', async () => {
  const logged: string[] = []
  await tracing.stop()
  tracing = startTracing({
    service: 'test',
    environment: {},
    exporter: (exporter = new InMemorySpanExporter()),
    log: (_l, m) => logged.push(m),
  })
  const answered = Promise.withResolvers<void>()
  let later: Promise<void> = Promise.resolve()
  await inSpan('request', {}, () => {
    later = answered.promise.then(() =>
      withCommand({ name: 'Late', correlationId: 'command-1', causationId: null }, nothing),
    )
    return Promise.resolve()
  })
  answered.resolve()
  await later
  const [request, command] = await recorded()
  expect(command!.links.map(({ context }) => context.spanId)).toEqual([idsOf(request!).spanId])
  expect(logged).toEqual([])
})

test('an append without a command, and one of several events: each has its own span in its own trace', async () => {
  const store = observedEventStore(memoryStore(), null)
  await store.append('case-1', 'no-stream', [
    memoryStore.event('event-1', 'command-1'),
    memoryStore.event('event-2', 'command-1'),
  ])
  const spans = await recorded()
  expect(spans.map(({ name }) => name)).toEqual(['event Happened', 'event Happened', 'append'])
  const { traceId } = parentOf(event(1))
  expect(spans.slice(0, 2).map(idsOf)).toEqual([
    { traceId, spanId: spanOf('event-1') },
    { traceId, spanId: spanOf('event-2') },
  ])
  expect(spans[0]!.links.map(({ context }) => context.spanId)).toEqual([idsOf(spans[2]!).spanId])
})

test('an append that somebody was faster than wrote nothing and shows no event', async () => {
  const store = observedEventStore(
    memoryStore(() => Promise.resolve('conflict')),
    null,
  )
  await store.append('case-1', 'v', [memoryStore.event('event-1', 'command-1')])
  const spans = await recorded()
  expect(spans.map(({ name, attributes }) => [name, attributes['huiying.outcome']])).toEqual([['append', 'conflict']])
})

test('a short page shows in the trace of every event that was handled, a long one only as itself', async () => {
  const handled: string[] = []
  const short = [event(1), event(2, 'Ignored'), event(3)]
  await withEvents(
    'project casework',
    short,
    () => Promise.resolve(handled.push('short')),
    ({ type }) => type === 'Happened',
  )
  const [page, ...told] = await recorded()
  expect(page).toMatchObject({ name: 'project casework', attributes: { 'huiying.events': 2 } })
  expect(page!.parentSpanContext).toBeUndefined()
  expect(told.map((span) => [span.spanContext().traceId, span.parentSpanContext?.spanId])).toEqual(
    [1, 3].map((number) => [traceOf(`command-${number}`), spanOf(`event-${number}`)]),
  )
  expect(told[0]!.links.map(({ context }) => context.spanId)).toEqual([idsOf(page!).spanId])

  exporter.reset()
  await withEvents(
    'project casework',
    Array.from({ length: 1_000 }, (_, number) => event(number)),
    nothing,
  )
  await withEvents('project casework', [], () => Promise.resolve(handled.push('empty')))
  expect(await recorded()).toHaveLength(1)
  expect(handled).toEqual(['short', 'empty'])
})

test('a page that fails fails as it did', async () => {
  await expect(withEvents('project', [event(1)], () => Promise.reject(new Error('gone')))).rejects.toThrow('gone')
  expect((await recorded()).map(({ name, status }) => [name, status.code])).toEqual([
    ['project', 2],
    ['project', 2],
  ])
})

test('what is logged within a span carries its ids', async () => {
  const lines: string[] = []
  const log = jsonLog(
    (line) => lines.push(line),
    () => 'now',
  )
  await withEvent(event(1), 'relay', () => {
    log('info', 'published', { topic: 'events' })
    return Promise.resolve()
  })
  log('info', 'idle')
  const [span] = await recorded()
  const { traceId, spanId } = idsOf(span!)
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { time: 'now', level: 'info', message: 'published', topic: 'events', trace: traceId, span: spanId },
    { time: 'now', level: 'info', message: 'idle' },
  ])
})
