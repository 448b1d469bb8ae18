import { setTimeout } from 'node:timers/promises'
import { CHANNEL_HEADER, MESSAGE_ID_HEADER } from '#application'
import type { OutgoingMessage } from '#messaging'
import type { Installation } from '../support/processes-installation.ts'

export const CHANNEL = 'governor-suggestions'
const BATCH = 50
/** Some thirty messages a second, which one ingester takes in with ease. */
const FEW = 5
const BETWEEN_MS = 150

/** A message of a citizen as a platform puts it into the topic. `receivedAt`: a moment ago unless told. */
export function message(externalId: string, changes: Record<string, unknown> = {}): OutgoingMessage {
  const item = {
    externalId,
    title: `路灯不亮 ${externalId}`,
    content: `滨河路小区门口的路灯坏了半个月，编号 ${externalId}。`,
    receivedAt: new Date(Date.now() - 60_000).toISOString(),
    author: { name: '张某', contact: null },
    ...changes,
  }
  return raw(externalId, JSON.stringify(item))
}

/** Whatever bytes somebody puts there. */
export function raw(id: string, value: string | Uint8Array, channel = CHANNEL): OutgoingMessage {
  const headers = { [CHANNEL_HEADER]: channel, [MESSAGE_ID_HEADER]: id }
  return { key: id, value: typeof value === 'string' ? Buffer.from(value) : value, headers }
}

/** Platforms that send into the inbound topic, and what the broker has acknowledged to them. */
export class Senders {
  /** External ids of messages that must become items. */
  readonly acknowledged = new Set<string>()
  readonly #installation: Installation
  readonly #name: string
  #sent = 0

  private constructor(installation: Installation, name: string) {
    this.#installation = installation
    this.#name = name
  }

  static async of(installation: Installation, name = 'G'): Promise<Senders> {
    const { inbound, deadLetters } = installation.topics
    await installation.messaging.ensureTopics([inbound, deadLetters])
    return new Senders(installation, name)
  }

  /** Sends so many new messages; resolves when the broker has all of them. */
  async send(count: number, changes: Record<string, unknown> = {}): Promise<void> {
    for (let left = count; left > 0; left -= BATCH) {
      const ids = Array.from({ length: Math.min(left, BATCH) }, () => `${this.#name}-${(this.#sent += 1)}`)
      await this.put(ids.map((id) => message(id, changes)))
      for (const id of ids) this.acknowledged.add(id)
    }
  }

  /** Sends on and on, a few at a time, as platforms do, until what it returns is called. */
  keepSending(): () => Promise<void> {
    const stopping = new AbortController()
    const sending = (async () => {
      while (!stopping.signal.aborted) {
        await this.send(FEW)
        await setTimeout(BETWEEN_MS)
      }
    })()
    // Whoever stops it hears of it; a test that fails before does not.
    sending.catch(() => {})
    return async () => {
      stopping.abort()
      await sending
    }
  }

  /** Sends just this. */
  async put(messages: readonly OutgoingMessage[]): Promise<void> {
    await this.#installation.messaging.publish(this.#installation.topics.inbound.name, messages)
  }
}
