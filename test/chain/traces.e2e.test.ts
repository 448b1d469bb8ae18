import { InMemorySpanExporter } from '@opentelemetry/sdk-trace'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parentOf, startTracing, traceOf } from '#observability'
import type { Tracing } from '#observability'
import type { RecordedEvent } from '#event-store'
import { staff } from '../support/county.ts'
import { HttpCounty } from '../support/http.ts'
import { Scenes } from '../http/scenarios.ts'

const exporter = new InMemorySpanExporter()
const THEIRS = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' }

let tracing: Tracing
let http: HttpCounty
let events: RecordedEvent[]
let spans: ReadableSpan[]

beforeAll(async () => {
  tracing = startTracing({ service: 'huiying-test', environment: {}, exporter })
  http = await HttpCounty.open()
  const scenes = new Scenes(http)
  await http.county.huiying.settled()
  await tracing.flush()
  exporter.reset()
  http.logged.splice(0)
  const { id } = await http.give('ReceiveItem', null, scenes.delivery('message', 'phone'), staff.channel, {
    headers: { traceparent: `00-${THEIRS.traceId}-${THEIRS.spanId}-01`, 'X-Request-Id': 'request-1' },
  })
  await http.county.huiying.settled()
  await tracing.flush()
  spans = exporter.getFinishedSpans()
  events = (await http.county.huiying.application.ports.store.readStream(`item-${id}`)).events
})
afterAll(async () => {
  await http.close()
  await tracing.stop()
})

const named = (name: string) => spans.find((span) => span.name === name)
const one = (name: string): ReadableSpan => {
  const found = named(name)
  if (!found) throw new Error(`no span ${name} among ${spans.map((span) => span.name).join(', ')}`)
  return found
}
const idsOf = (span: ReadableSpan) => {
  const { traceId, spanId } = span.spanContext()
  return { traceId, spanId }
}
const linksOf = (span: ReadableSpan) => span.links.map(({ context: { traceId, spanId } }) => ({ traceId, spanId }))
const parentSpanOf = (span: ReadableSpan) => span.parentSpanContext?.spanId

test('a request is a trace of its own: the route by its name, and what its sender names is linked and not continued', () => {
  const request = one('POST ReceiveItem')
  expect(request.parentSpanContext).toBeUndefined()
  expect(request.attributes).toEqual({
    'http.request.method': 'POST',
    'huiying.route': 'ReceiveItem',
    'http.route': '/api/items/receive-item',
    'huiying.request': 'request-1',
    'http.response.status_code': 200,
  })
  expect(request.spanContext().traceId).not.toBe(THEIRS.traceId)
  expect(linksOf(request)).toContainEqual(THEIRS)
})

test('the command begins the trace that its events have, and is linked with the request both ways', () => {
  const command = one('command ReceiveItem')
  const { correlationId } = events[0]!.metadata
  expect(command.spanContext().traceId).toBe(traceOf(correlationId))
  expect(command.parentSpanContext).toBeUndefined()
  expect(command.attributes).toEqual({ 'huiying.command': 'ReceiveItem', 'huiying.outcome': 'accepted' })
  expect(linksOf(command)).toEqual([idsOf(one('POST ReceiveItem'))])
  expect(linksOf(one('POST ReceiveItem'))).toContainEqual(idsOf(command))
})

test('below it the append, below that every event under an id that follows from its own', () => {
  const command = one('command ReceiveItem')
  const append = spans.find((span) => span.name === 'append' && parentSpanOf(span) === command.spanContext().spanId)!
  expect(append.attributes).toMatchObject({ 'huiying.stream': events[0]!.stream, 'huiying.outcome': 'appended' })
  const event = one('event ItemReceived')
  expect(parentSpanOf(event)).toBe(append.spanContext().spanId)
  const { traceId, spanId } = parentOf(events[0]!)
  expect(idsOf(event)).toEqual({ traceId, spanId })
})

test('what policies make follow hangs below the event that it follows from, in the same trace, down to the last event', () => {
  const policy = one('policy open-case')
  expect(parentSpanOf(policy)).toBe(one('event ItemReceived').spanContext().spanId)
  const opening = one('command OpenCase')
  expect(parentSpanOf(opening)).toBe(policy.spanContext().spanId)
  const { traceId } = one('command ReceiveItem').spanContext()
  for (const name of ['policy open-case', 'command OpenCase', 'event CaseOpened']) {
    expect(one(name).spanContext().traceId, name).toBe(traceId)
  }
})

test('every span of the trace hangs below another one of it', () => {
  const { traceId, spanId: root } = one('command ReceiveItem').spanContext()
  const ofTrace = spans.filter((span) => span.spanContext().traceId === traceId)
  const ids = new Set(ofTrace.map((span) => span.spanContext().spanId))
  expect(ids.size).toBe(ofTrace.length)
  for (const span of ofTrace) {
    if (span.spanContext().spanId !== root) expect(ids, span.name).toContain(parentSpanOf(span))
  }
})

test('a line of the log says in which trace it was said', () => {
  const lines = http.logged.map((line) => JSON.parse(line) as Record<string, unknown>)
  const { traceId, spanId } = one('POST ReceiveItem').spanContext()
  expect(lines.find(({ message }) => message === 'answered')).toMatchObject({ trace: traceId, span: spanId })
})

test('a refusal is an outcome and no error; a fault is an error that says its code and quotes nobody', async () => {
  exporter.reset()
  await http.refused('SignForCase', 'c0ffee00-0000-4000-8000-000000000000', {}, staff.transportOfficer)
  const { store } = http.county.huiying.application.ports
  const append = store.append.bind(store)
  store.append = () => Promise.reject(Object.assign(new Error('张三 13800138000'), { code: 'STORE_DISK_FULL' }))
  await http.ask(
    'DefineDepartment',
    null,
    { department: { id: 'water', name: '水务局', active: true }, reason: null },
    {
      as: staff.administrator,
    },
  )
  store.append = append
  await tracing.flush()
  spans = exporter.getFinishedSpans()
  expect(one('command SignForCase')).toMatchObject({
    status: { code: 0 },
    attributes: { 'huiying.outcome': 'refused' },
  })
  expect(one('command DefineDepartment')).toMatchObject({
    status: { code: 2, message: 'STORE_DISK_FULL' },
    attributes: { 'error.type': 'STORE_DISK_FULL' },
    events: [],
  })
  expect(one('POST DefineDepartment').status.code).toBe(2)
})

test('nothing that anybody sent, and nobody, is in any span', async () => {
  exporter.reset()
  await http.get('/api/cases?search=13800138000', { as: staff.monitor })
  await http.get('/api/13800138000', { as: staff.monitor })
  await http.get('/api/cases/13800138000', { as: staff.monitor })
  await http.get('/healthz')
  await tracing.flush()
  spans = exporter.getFinishedSpans()
  expect(named('GET ListCases')).toBeDefined()
  expect(named('ANY none')).toBeDefined()
  expect(named('GET Alive')).toBeUndefined()
  const told = JSON.stringify(spans.map(({ name, attributes, events, status }) => [name, attributes, events, status]))
  for (const said of ['13800138000', 'monitor-1', '水务局']) expect(told).not.toContain(said)
})
