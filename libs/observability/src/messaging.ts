import type { MessageHandler, Messaging } from '#messaging'
import type { ProcessMetrics } from './metrics/process-metrics.ts'

/** The header in which a message names the span that it comes from (W3C). */
export const TRACEPARENT = 'traceparent'

/** What is given to handlers and not done with. */
const IN_HAND = 'messages'

/**
 * A broker whose messages are counted, by topic and by what came of them. Its adapters put them into traces themselves: what is
 * published names its span, what is handled is linked to the spans that its messages name.
 */
export function observedMessaging(
  messaging: Messaging,
  metrics: Pick<ProcessMetrics, 'messages' | 'waiting'>,
): Messaging {
  const handled =
    (topic: string, handle: MessageHandler): MessageHandler =>
    async (messages, signal) => {
      let outcome: 'handled' | 'handle-failed' = 'handle-failed'
      metrics.waiting(IN_HAND, messages.length)
      try {
        await handle(messages, signal)
        outcome = 'handled'
      } finally {
        metrics.waiting(IN_HAND, -messages.length)
        metrics.messages(topic, outcome, messages.length)
      }
    }
  return {
    ensureTopics: (topics) => messaging.ensureTopics(topics),
    publish: async (topic, messages, signal) => {
      let outcome: 'published' | 'publish-failed' = 'publish-failed'
      try {
        await messaging.publish(topic, messages, signal)
        outcome = 'published'
      } finally {
        metrics.messages(topic, outcome, messages.length)
      }
    },
    consume: (options) => messaging.consume({ ...options, handle: handled(options.topic, options.handle) }),
    close: () => messaging.close(),
  }
}
