import type { IncomingMessage, MessageHandler, Messaging, OutgoingMessage } from '#messaging'
import type { SpanContext } from '@opentelemetry/api'
import type { ProcessMetrics } from './metrics/process-metrics.ts'
import { readTraceparent } from './tracing/derived.ts'
import { activeTraceparent, inSpan, inTrace, LINKS_MAX } from './tracing/spans.ts'

/** The header in which a message names the span that it comes from (W3C). */
export const TRACEPARENT = 'traceparent'

/**
 * A broker whose messages are counted and show in traces. What is published names its span, unless it names one already, such as
 * the event's that it tells of. What comes in is handled in a trace of its own, linked to the spans that the messages name:
 * their senders are outside, and one batch has many.
 */
export function observedMessaging(messaging: Messaging, metrics: Pick<ProcessMetrics, 'messages'> | null): Messaging {
  const handled =
    (topic: string, handle: MessageHandler): MessageHandler =>
    async (messages, signal) => {
      let outcome: 'handled' | 'handle-failed' = 'handle-failed'
      try {
        const attributes = { ...destination(topic, messages.length), 'messaging.operation.type': 'process' }
        const links = linksOf(messages)
        await inTrace(`handle ${topic}`, { kind: 'consumer', attributes, links }, () => handle(messages, signal))
        outcome = 'handled'
      } finally {
        metrics?.messages(topic, outcome, messages.length)
      }
    }
  return {
    ensureTopics: (topics) => messaging.ensureTopics(topics),
    publish: async (topic, messages, signal) => {
      let outcome: 'published' | 'publish-failed' = 'publish-failed'
      try {
        const attributes = { ...destination(topic, messages.length), 'messaging.operation.type': 'send' }
        await inSpan(`publish ${topic}`, { kind: 'producer', attributes }, () =>
          messaging.publish(topic, named(messages), signal),
        )
        outcome = 'published'
      } finally {
        metrics?.messages(topic, outcome, messages.length)
      }
    },
    consume: (options) => messaging.consume({ ...options, handle: handled(options.topic, options.handle) }),
    close: () => messaging.close(),
  }
}

function destination(topic: string, count: number) {
  return { 'messaging.destination.name': topic, 'messaging.batch.message_count': count }
}

function named(messages: readonly OutgoingMessage[]): readonly OutgoingMessage[] {
  const traceparent = activeTraceparent()
  if (traceparent === null) return messages
  return messages.map((message) =>
    TRACEPARENT in message.headers
      ? message
      : { ...message, headers: { ...message.headers, [TRACEPARENT]: traceparent } },
  )
}

function linksOf(messages: readonly IncomingMessage[]): SpanContext[] {
  const links: SpanContext[] = []
  for (const { headers } of messages) {
    const link = readTraceparent(headers[TRACEPARENT])
    if (link !== null) links.push(link)
    if (links.length === LINKS_MAX) break
  }
  return links
}
