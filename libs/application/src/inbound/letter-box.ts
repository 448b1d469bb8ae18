import { openBytes, sealBytes } from '#key-store'
import type { KeyStore } from '#key-store'
import { MESSAGE_BYTES_MAX, PUBLISH_MESSAGES_MAX } from '#messaging'
import type { IncomingMessage, Messaging, OutgoingMessage } from '#messaging'
import { instantAt } from '../clock.ts'
import type { Clock } from '../clock.ts'
import { LetterKeys } from './letter-keys.ts'
import { letterIdOf, letterPlace } from './letter-format.ts'
import type { Letter, Resolution } from './letter-format.ts'
import { packOriginal, unpackOriginal } from './original.ts'
import type { MessageRefusal } from './refusal.ts'

/** Of the sealed original in one letter; as base64, with all that stands beside it, it is below what a message may hold. */
const PART_BYTES_MAX = 512 * 1024

export interface DeadLetter {
  /** As it came; its place is its identity. */
  message: IncomingMessage
  refusal: MessageRefusal
  /** How often it was refused, this time included. */
  attempts: number
}

export interface LetterBoxParts {
  messaging: Pick<Messaging, 'publish'>
  keys: Pick<KeyStore, 'allot' | 'find'>
  topic: string
  clock: Clock
  /** Told of each letter, by the code that says why, once it is durable. */
  onPosted?: (code: string) => void
}

/** Seals what could not be taken in and puts it where somebody can look at why, and try it again. */
export class LetterBox {
  readonly #parts: LetterBoxParts
  readonly #keys: LetterKeys

  constructor(parts: LetterBoxParts) {
    this.#parts = parts
    this.#keys = new LetterKeys(parts.keys, parts.clock)
  }

  /** When it resolves, all of them are durable. Posted twice, a letter has the same id. */
  async post(letters: readonly DeadLetter[], signal?: AbortSignal): Promise<void> {
    let batch: OutgoingMessage[] = []
    let sizeBytes = 0
    const publish = async (): Promise<void> => {
      if (batch.length > 0) await this.#parts.messaging.publish(this.#parts.topic, batch, signal)
      batch = []
      sizeBytes = 0
    }
    for (const letter of letters) {
      for (const part of await this.#seal(letter)) {
        // What a broker takes at once is bounded like one message is.
        if (batch.length === PUBLISH_MESSAGES_MAX || sizeBytes + part.value.length > MESSAGE_BYTES_MAX) await publish()
        batch.push(part)
        sizeBytes += part.value.length
      }
    }
    await publish()
    for (const { refusal } of letters) this.#parts.onPosted?.(refusal.code)
  }

  /** Says of a letter that it is done with. */
  async resolve(id: string, outcome: Resolution['outcome'], signal?: AbortSignal): Promise<void> {
    const resolution: Resolution = { format: 1, kind: 'resolved', id, outcome, resolvedAt: this.#now() }
    await this.#parts.messaging.publish(this.#parts.topic, [outgoing(resolution, outcome)], signal)
  }

  /** The message in the parts of a letter, in their order; null where its key was destroyed or it was tampered with. */
  async open(parts: readonly Letter[]): Promise<IncomingMessage | null> {
    const { id, topic, partition, offset, sentAtMs, sealed } = parts[0]!
    const key = await this.#parts.keys.find(sealed.keyId)
    if (key === null) return null
    const ciphertext = Buffer.concat(parts.map((part) => Buffer.from(part.sealed.ciphertext, 'base64')))
    const { algorithm, iv, tag } = sealed
    const clear = openBytes(key, letterPlace(id), { algorithm, iv, tag, ciphertext })
    return clear && { ...unpackOriginal(clear), topic, partition, offset, sentAtMs }
  }

  async #seal({ message, refusal, attempts }: DeadLetter): Promise<OutgoingMessage[]> {
    const { topic, partition, offset } = message
    const sentAtMs = Math.trunc(message.sentAtMs)
    const id = letterIdOf(message)
    const { keyId, key } = await this.#keys.next()
    const { ciphertext, ...sealed } = sealBytes(key, letterPlace(id), packOriginal(message))
    const parts = Math.max(1, Math.ceil(ciphertext.length / PART_BYTES_MAX))
    const refusedAt = this.#now()
    return Array.from({ length: parts }, (_, part) => {
      const bytes = ciphertext.subarray(part * PART_BYTES_MAX, (part + 1) * PART_BYTES_MAX)
      const letter: Letter = {
        format: 1,
        kind: 'letter',
        id,
        code: refusal.code,
        message: refusal.message,
        channelId: refusal.channelId,
        topic,
        partition,
        offset,
        sentAtMs,
        refusedAt,
        attempts,
        sealed: { keyId, ...sealed, part, parts, ciphertext: Buffer.from(bytes).toString('base64') },
      }
      return outgoing(letter, refusal.code)
    })
  }

  #now(): string {
    return instantAt(this.#parts.clock.now())
  }
}

/** All that concerns one message has one key, and so one order; the message's own key may be personal. */
function outgoing(entry: Letter | Resolution, code: string): OutgoingMessage {
  return {
    key: entry.id,
    value: Buffer.from(JSON.stringify(entry)),
    headers: { 'content-type': 'application/json', 'letter-id': entry.id, kind: entry.kind, code },
  }
}
