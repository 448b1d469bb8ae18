import { setTimeout } from 'node:timers/promises'
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Messaging } from '#messaging'
import { InboundError } from './failures.ts'

/** Between looks whether the end was reached: longer each time, as a broker is slower to start than to go on. */
const PAUSE_MS = 10
const PAUSE_MS_MAX = 500
/** How long it may take until something comes, or the end is seen, before somebody is told. */
const SILENCE_MS_MAX = 60_000
/** The same where the broker knows no such topic, as it may for a moment of one that was just made. */
const UNKNOWN_MS_MAX = 10_000

export interface ReadTopicOptions {
  messaging: Pick<Messaging, 'consume'>
  topic: string
  /** Messages in the order of their partition; none comes twice. What it throws ends the reading and is thrown. */
  each: (message: IncomingMessage) => Promise<void> | void
  signal?: AbortSignal
}

/**
 * Reads a topic from its oldest message to its end, in a group of its own, so that it can be read again from the beginning.
 * Throws `LETTERS_NOT_READ` where nothing comes for a minute and the end is not seen, or there is no such topic.
 */
export async function readTopic({ messaging, topic, each, signal }: ReadTopicOptions): Promise<void> {
  const failed = Promise.withResolvers<never>()
  failed.promise.catch(() => {})
  let lastFailure: unknown = null
  let lastSignMs = performance.now()
  const handled = new Map<number, bigint>()
  const consumption = await messaging.consume({
    topic,
    group: `${topic}.reader.${randomUUID()}`,
    onFailure: (error) => {
      lastFailure = error
    },
    handle: async (messages) => {
      lastSignMs = performance.now()
      for (const message of messages) {
        const offset = BigInt(message.offset)
        if (offset <= (handled.get(message.partition) ?? -1n)) continue
        try {
          await each(message)
        } catch (error) {
          failed.reject(error)
          throw error
        }
        handled.set(message.partition, offset)
      }
    },
  })
  const toTheEnd = async (): Promise<void> => {
    for (let pauseMs = PAUSE_MS; (await consumption.lag()) !== 0; pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX)) {
      signal?.throwIfAborted()
      checkSilence(topic, performance.now() - lastSignMs, lastFailure)
      await setTimeout(pauseMs, undefined, { signal })
    }
  }
  try {
    await Promise.race([toTheEnd(), failed.promise])
  } finally {
    await consumption.stop()
  }
}

function checkSilence(topic: string, silentMs: number, lastFailure: unknown): void {
  const isUnknown = lastFailure instanceof Error && 'code' in lastFailure && lastFailure.code === 'TOPIC_UNKNOWN'
  const maxMs = isUnknown ? UNKNOWN_MS_MAX : SILENCE_MS_MAX
  if (silentMs <= maxMs) return
  const message = isUnknown
    ? `There is no topic ${topic}. Whoever takes messages in makes it: start an ingester, or name another topic.`
    : `Nothing came of ${topic} for ${maxMs / 1_000} s, and its end was not reached. Try again when the broker answers.`
  throw new InboundError('LETTERS_NOT_READ', message, lastFailure)
}
