import { MessagingError } from './errors.ts'
import { BATCH_MESSAGES_MAX, MESSAGE_BYTES_MAX, PUBLISH_MESSAGES_MAX } from './port.ts'
import type { ConsumeOptions, OutgoingMessage, TopicDefinition } from './port.ts'

/** What a record of Kafka's format takes beside its key, its value and its headers; the same for each header. Never less. */
const RECORD_OVERHEAD_BYTES = 64
const HEADER_OVERHEAD_BYTES = 10

const TOPIC_NAME = /^[a-zA-Z0-9._-]{1,249}$/

/** What a message takes on the wire, in bytes, rounded up. */
export function sizeOf(message: OutgoingMessage): number {
  let bytes = RECORD_OVERHEAD_BYTES + Buffer.byteLength(message.key) + message.value.byteLength
  for (const [name, value] of Object.entries(message.headers)) {
    bytes += HEADER_OVERHEAD_BYTES + Buffer.byteLength(name) + Buffer.byteLength(value)
  }
  return bytes
}

/** Throws `BAD_TOPIC`, `TOO_MANY_MESSAGES`, `BAD_MESSAGE`, `MESSAGE_TOO_LARGE`. */
export function checkMessages(topic: string, messages: readonly OutgoingMessage[]): void {
  checkTopicName(topic)
  if (messages.length > PUBLISH_MESSAGES_MAX) {
    throw new MessagingError(
      'TOO_MANY_MESSAGES',
      `${messages.length} messages were given at once; at most ${PUBLISH_MESSAGES_MAX} are taken. Publish them in parts.`,
    )
  }
  for (const [index, message] of messages.entries()) {
    if (message.key === '') {
      throw new MessagingError(
        'BAD_MESSAGE',
        `Message ${index} for ${topic} has no key; its key says with what it is in order.`,
      )
    }
    const bytes = sizeOf(message)
    if (bytes > MESSAGE_BYTES_MAX) {
      throw new MessagingError(
        'MESSAGE_TOO_LARGE',
        `Message ${index} for ${topic} takes ${bytes} bytes with its headers; at most ${MESSAGE_BYTES_MAX} are taken. Store what is large elsewhere and send where it is.`,
      )
    }
  }
}

/** Throws `BAD_TOPIC`. */
export function checkTopics(topics: readonly TopicDefinition[]): void {
  for (const { name, partitions, replicas, retentionMs } of topics) {
    checkTopicName(name)
    checkCount('partitions', partitions, 10_000, name)
    checkCount('replicas', replicas, 100, name)
    if (retentionMs !== null) checkCount('retentionMs', retentionMs, Number.MAX_SAFE_INTEGER, name)
  }
  if (new Set(topics.map(({ name }) => name)).size < topics.length) {
    throw new MessagingError('BAD_TOPIC', 'A topic is defined twice; name each of them once.')
  }
}

/** Throws `BAD_CONSUMER`, `BAD_TOPIC`. */
export function checkConsumer({ topic, group, batchMax }: ConsumeOptions): void {
  checkTopicName(topic)
  if (group === '' || group.length > 255) {
    throw new MessagingError('BAD_CONSUMER', 'A consumer needs a group: a name of 1 to 255 characters.')
  }
  if (batchMax !== undefined && !(Number.isInteger(batchMax) && batchMax >= 1 && batchMax <= BATCH_MESSAGES_MAX)) {
    throw new MessagingError(
      'BAD_CONSUMER',
      `batchMax is ${batchMax}; give a whole number from 1 to ${BATCH_MESSAGES_MAX}.`,
    )
  }
}

function checkTopicName(name: string): void {
  if (TOPIC_NAME.test(name) && name !== '.' && name !== '..') return
  throw new MessagingError(
    'BAD_TOPIC',
    `"${name}" cannot be a topic's name; use 1 to 249 letters of ASCII, digits, dots, underscores and hyphens.`,
  )
}

function checkCount(what: string, count: number, max: number, topic: string): void {
  if (Number.isSafeInteger(count) && count >= 1 && count <= max) return
  throw new MessagingError('BAD_TOPIC', `${what} of topic ${topic} is ${count}; give a whole number from 1 to ${max}.`)
}
