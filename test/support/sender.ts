import { signWebhook } from '#channels'
import type { WebhookHeaders } from '#channels'
import type { WebhookAnswer } from '#application'
import { staff } from './county.ts'
import type { County } from './county.ts'

/** An item as a platform sends it, with what is said otherwise. */
export const sentItem = (externalId: string, changes: Record<string, unknown> = {}) => ({
  externalId,
  title: `路灯不亮 ${externalId}`,
  content: '小区门口的路灯坏了半个月。',
  receivedAt: '2026-03-02T08:30:00+08:00',
  ...changes,
})

export interface Sent {
  headers: WebhookHeaders
  body: Uint8Array
}

/** A platform that has a key of a channel and sends what happens there. */
export class Sender {
  readonly #county: County
  readonly channelId: string
  readonly keyId: string
  readonly secret: Uint8Array
  #sent = 0

  constructor(county: County, channelId: string, keyId: string, spelled: string) {
    this.#county = county
    this.channelId = channelId
    this.keyId = keyId
    this.secret = Buffer.from(spelled.replace(/^whsec_/, ''), 'base64')
  }

  /** With a key that the administrator issues for it. */
  static async of(county: County, channelId: string, given: Record<string, unknown> = {}): Promise<Sender> {
    const payload = { channelId, validFrom: null, validUntil: null, reason: null, ...given }
    const outcome = await county.give('IssueChannelKey', null, payload, staff.administrator)
    const { key } = outcome.events[0]!.data as { key: { keyId: string } }
    return new Sender(county, channelId, key.keyId, outcome.disclosed!['secret']!)
  }

  /** What it would send: signed now, or so many milliseconds from now, under a new id unless one is given. */
  sign(value: unknown, { id = `msg_${this.keyId.slice(0, 8)}_${(this.#sent += 1)}`, skewMs = 0 } = {}): Sent {
    const body = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
    const at = this.#county.clock.now() + skewMs
    return {
      body,
      headers: {
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at / 1_000)),
        'webhook-signature': signWebhook(this.secret, id, at, body),
      },
    }
  }

  deliver({ headers, body }: Sent): Promise<WebhookAnswer> {
    return this.#county.huiying.application.webhooks.accept({ channelId: this.channelId, headers, body })
  }

  async send(value: unknown, given: Parameters<Sender['sign']>[1] = {}): Promise<WebhookAnswer> {
    return await this.deliver(this.sign(value, given))
  }
}

/** What became of each item, in short: its outcome, or the code it was refused for. */
export function outcomesOf(answer: WebhookAnswer): string[] {
  if (answer.outcome === 'refused') return [answer.code]
  return answer.items.map(({ outcome, code }) => code ?? outcome)
}
