import * as api from '@opentelemetry/api'
import type { Attributes, Context, Span, SpanContext } from '@opentelemetry/api'
import type { FixedIds } from './derived-ids.ts'
import { parentOf, traceOf } from './derived.ts'
import type { TracedEvent } from './derived.ts'
import { running } from './running.ts'
import type { Running } from './running.ts'

/**
 * Spans: what took how long, because of what. Names and attributes are of our own and few, like the labels of metrics; an
 * error is named by its code, because its message may quote what somebody wrote. Where no traces are recorded, all of this
 * only calls the work.
 */

export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer'

export interface SpanOptions {
  /** `internal`, where nothing is said. */
  kind?: SpanKind
  attributes?: Attributes
  /** What it has to do with beside its parent. */
  links?: readonly SpanContext[]
}

/** What work may say of the span that it runs in. */
export interface SpanNotes {
  note(attributes: Attributes): void
}

/** Links that one span takes from the commands given within it, and to the events of a page. */
export const LINKS_MAX = 32

const UNHEARD: SpanNotes = { note: () => {} }

/** Runs work in a span below the active one. */
export function inSpan<Result>(
  name: string,
  options: SpanOptions,
  work: (span: SpanNotes) => Promise<Result>,
): Promise<Result> {
  if (running === null) return work(UNHEARD)
  return run(running, name, options, { parent: api.context.active() }, work)
}

/** Runs work in a span that begins a trace of its own, linked to the active one. */
export function inTrace<Result>(
  name: string,
  options: SpanOptions,
  work: (span: SpanNotes) => Promise<Result>,
): Promise<Result> {
  if (running === null) return work(UNHEARD)
  const { parent, active } = detached()
  return run(running, name, linkedTo(options, active), { parent }, work)
}

/**
 * Runs what follows from an event in a span below the event's own, in the trace of everything that follows from the same
 * cause; linked to the active span.
 */
export function withEvent<Result>(
  event: TracedEvent,
  name: string,
  work: (span: SpanNotes) => Promise<Result>,
  options: SpanOptions = { kind: 'consumer' },
): Promise<Result> {
  if (running === null) return work(UNHEARD)
  const { parent, active } = detached()
  const below = api.trace.setSpanContext(parent, parentOf(event))
  return run(running, name, linkedTo(options, active), { parent: below }, work)
}

/**
 * Handles a page of events in a span of its own, linked to the first of them. Where the page is short, each event's trace
 * shows it, too; a long one is somebody who catches up, and would be thousands of spans that say nothing.
 */
export async function withEvents<Event extends TracedEvent & { type: string }, Result>(
  name: string,
  events: readonly Event[],
  work: () => Promise<Result>,
  isHandled: (event: Event) => boolean = () => true,
): Promise<Result> {
  if (running === null) return await work()
  const now = running
  const handled = events.filter(isHandled)
  if (handled.length === 0) return await work()
  const startedMs = performance.now()
  const attributes = { 'huiying.events': handled.length }
  const links = handled.slice(0, LINKS_MAX).map(parentOf)
  let page: SpanContext | null = null
  let failure: { code: string } | null = null
  try {
    return await inTrace(name, { kind: 'consumer', attributes, links }, () => {
      page = api.trace.getSpanContext(api.context.active()) ?? null
      return work()
    })
  } catch (error) {
    failure = { code: codeOf(error) }
    throw error
  } finally {
    const told = handled.length <= LINKS_MAX ? handled : []
    for (const event of told) tellOfPage(now, { name, event, page, startedMs, failure })
  }
}

interface ToldPage {
  name: string
  event: TracedEvent & { type: string }
  page: SpanContext | null
  startedMs: number
  failure: { code: string } | null
}

function tellOfPage({ tracer }: Running, { name, event, page, startedMs, failure }: ToldPage): void {
  const parent = api.trace.setSpanContext(api.ROOT_CONTEXT, parentOf(event))
  const options = {
    kind: api.SpanKind.CONSUMER,
    attributes: { 'huiying.event': event.type },
    links: page === null ? [] : [{ context: page }],
    startTime: startedMs,
  }
  const span = tracer.startSpan(name, options, parent)
  if (failure !== null) fail(span, failure.code)
  span.end(performance.now())
}

function fail(span: Span, code: string): void {
  span.setAttribute('error.type', code).setStatus({ code: api.SpanStatusCode.ERROR, message: code })
}

/** A command, and what it follows from. */
export interface TracedCommand {
  name: string
  correlationId: string
  /** The event that it follows from; null where a person gave it, the same as `correlationId` where nothing stored did. */
  causationId: string | null
}

/**
 * Runs a command in the trace that its events will have. Where a person gave it, it begins that trace, and it and the
 * request that brought it are linked both ways.
 */
export function withCommand<Result>(
  { name, correlationId, causationId }: TracedCommand,
  work: (span: SpanNotes) => Promise<Result>,
): Promise<Result> {
  if (running === null) return work(UNHEARD)
  const traceId = traceOf(correlationId)
  const options: SpanOptions = { attributes: { 'huiying.command': name } }
  const title = `command ${name}`
  const here = api.context.active()
  if (api.trace.getSpanContext(here)?.traceId === traceId) return run(running, title, options, { parent: here }, work)

  const { parent, active } = detached()
  // A delivery or a day that names itself as the first cause is no event, and has no span to hang below.
  const isFirst = causationId === null || causationId === correlationId
  const place: Place = isFirst
    ? { parent, ids: { traceId } }
    : { parent: api.trace.setSpanContext(parent, parentOf({ id: causationId, metadata: { correlationId } })) }
  place.onBegun = linkBack()
  return run(running, title, linkedTo(options, active), place, work)
}

/** Stands for an event that has just been written, for as long as that took: what follows from it hangs below it. */
export function tellOfEvent(event: TracedEvent & { type: string }, startedMs: number): void {
  if (running === null) return
  const { tracer, ids } = running
  const { traceId, spanId } = parentOf(event)
  const { parent: outside, active } = detached()
  const isOfTrace = active?.traceId === traceId
  const options = {
    kind: api.SpanKind.PRODUCER,
    attributes: { 'huiying.event': event.type },
    links: isOfTrace || active === null ? [] : [{ context: active }],
    startTime: startedMs,
  }
  const parent = isOfTrace ? api.context.active() : outside
  ids.fixed({ traceId, spanId }, () => tracer.startSpan(`event ${event.type}`, options, parent)).end(performance.now())
}

/** Whether somebody records what happens here. */
export function hasActiveSpan(): boolean {
  return running !== null && api.trace.getActiveSpan() !== undefined
}

/** The ids of the active span, as the log shows them. */
export function activeIds(): { trace?: string; span?: string } {
  const active = api.trace.getActiveSpan()?.spanContext()
  return active === undefined ? {} : { trace: active.traceId, span: active.spanId }
}

/** An error's code or, where it has none, its kind: never its message. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}

/** Where a span begins. */
interface Place {
  parent: Context
  ids?: FixedIds
  onBegun?: (span: Span) => void
}

async function run<Result>(
  { tracer, ids }: Running,
  name: string,
  { kind = 'internal', attributes = {}, links = [] }: SpanOptions,
  { parent, ids: fixed, onBegun }: Place,
  work: (span: SpanNotes) => Promise<Result>,
): Promise<Result> {
  const options = {
    kind: api.SpanKind[kind.toUpperCase() as Uppercase<SpanKind>],
    attributes,
    links: links.map((context) => ({ context })),
  }
  const begin = () => tracer.startSpan(name, options, parent)
  const span = fixed ? ids.fixed(fixed, begin) : begin()
  onBegun?.(span)
  try {
    const notes: SpanNotes = { note: (more) => void span.setAttributes(more) }
    return await api.context.with(api.trace.setSpan(parent, span), () => work(notes))
  } catch (error) {
    fail(span, codeOf(error))
    throw error
  } finally {
    span.end()
  }
}

/** The active context without its span, and that span. */
function detached(): { parent: Context; active: SpanContext | null } {
  const here = api.context.active()
  return { parent: api.trace.deleteSpan(here), active: api.trace.getSpanContext(here) ?? null }
}

function linkedTo(options: SpanOptions, active: SpanContext | null): SpanOptions {
  return active === null ? options : { ...options, links: [...(options.links ?? []), active] }
}

/** How many links back each span has been given; an import gives thousands of commands. */
const linkedBack = new WeakMap<Span, number>()

function linkBack(): (span: Span) => void {
  const active = api.trace.getActiveSpan()
  return (span) => {
    // One that has ended, of a request whose import goes on, takes no more.
    if (active?.isRecording() !== true) return
    const count = linkedBack.get(active) ?? 0
    if (count >= LINKS_MAX) return
    linkedBack.set(active, count + 1)
    active.addLink({ context: span.spanContext() })
  }
}
