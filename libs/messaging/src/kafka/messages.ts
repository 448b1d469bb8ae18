import type { IHeaders, KafkaMessage, Message } from 'kafkajs'
import type { IncomingMessage, OutgoingMessage } from '../port.ts'

export function toKafka({ key, value, headers }: OutgoingMessage): Message {
  return {
    key: Buffer.from(key, 'utf8'),
    value: Buffer.from(value.buffer, value.byteOffset, value.byteLength),
    headers: { ...headers },
  }
}

/** What others send may lack a key or a value: they are empty then. */
export function fromKafka(topic: string, partition: number, message: KafkaMessage): IncomingMessage {
  return {
    topic,
    partition,
    offset: message.offset,
    key: message.key?.toString('utf8') ?? '',
    value: bytesOf(message.value),
    headers: textsOf(message.headers ?? {}),
    sentAtMs: Number(message.timestamp),
  }
}

/** A copy: what the library gives is a part of a whole fetch, which would stay in memory for as long as one message of it does. */
function bytesOf(value: Buffer | null): Uint8Array {
  return value === null ? new Uint8Array() : new Uint8Array(value)
}

/** Of a header given several times the last one counts; bytes that are no UTF-8 become replacement characters. */
function textsOf(headers: IHeaders): Record<string, string> {
  const texts: [string, string][] = []
  for (const [name, given] of Object.entries(headers)) {
    const value = Array.isArray(given) ? given.at(-1) : given
    // The types do not say so, but a header may be there without a value.
    texts.push([name, (value as Buffer | string | null | undefined)?.toString() ?? ''])
  }
  return Object.fromEntries(texts)
}
