import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import type { Attributes, Link, Span } from '@opentelemetry/api'
import type { IncomingMessage, MessageHandler, OutgoingMessage } from './port.ts'

/** What publishes, or handles, is traced as OpenTelemetry's conventions for messaging have it. */
const tracer = trace.getTracer('huiying/messaging')

const LINKS_MAX = 128

/** Publishes within a span of its own, which travels in the messages' headers, unless a message names another context. */
export function publishTraced(
  system: string,
  topic: string,
  messages: readonly OutgoingMessage[],
  publish: (messages: readonly OutgoingMessage[]) => Promise<void>,
): Promise<void> {
  const attributes = attributesOf(system, topic, 'send', messages.length)
  return tracer.startActiveSpan(`publish ${topic}`, { kind: SpanKind.PRODUCER, attributes }, (span) => {
    const carrier: Record<string, string> = {}
    propagation.inject(context.active(), carrier)
    return within(span, () =>
      publish(messages.map((message) => ({ ...message, headers: { ...carrier, ...message.headers } }))),
    )
  })
}

/** Handles each batch within a span that links to what its messages came from, for they may come from many. */
export function handleTraced(system: string, topic: string, group: string, handle: MessageHandler): MessageHandler {
  return (messages, signal) => {
    const attributes: Attributes = {
      ...attributesOf(system, topic, 'process', messages.length),
      'messaging.consumer.group.name': group,
      'messaging.destination.partition.id': String(messages[0]?.partition),
      'messaging.kafka.offset': Number(messages[0]?.offset),
    }
    const options = { kind: SpanKind.CONSUMER, attributes, links: linksTo(messages), root: true }
    return tracer.startActiveSpan(`process ${topic}`, options, (span) => within(span, () => handle(messages, signal)))
  }
}

async function within(span: Span, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    // The words of an error may hold what a person wrote; its kind does not.
    const kind = error instanceof Error ? error.name : 'unknown'
    span.setAttribute('error.type', error instanceof Error && 'code' in error ? String(error.code) : kind)
    span.setStatus({ code: SpanStatusCode.ERROR })
    throw error
  } finally {
    span.end()
  }
}

/** One for each context that they came from, however many messages it sent. */
function linksTo(messages: readonly IncomingMessage[]): Link[] {
  const links = new Map<string, Link>()
  for (const { headers } of messages) {
    const from = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, headers))
    if (from === undefined) continue
    links.set(`${from.traceId}-${from.spanId}`, { context: from })
    if (links.size === LINKS_MAX) break
  }
  return [...links.values()]
}

function attributesOf(system: string, topic: string, operation: 'send' | 'process', count: number): Attributes {
  return {
    'messaging.system': system,
    'messaging.destination.name': topic,
    'messaging.operation.name': operation === 'send' ? 'publish' : 'process',
    'messaging.operation.type': operation,
    'messaging.batch.message_count': count,
  }
}
