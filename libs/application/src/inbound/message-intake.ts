import { createHmac } from 'node:crypto'
import { readMessage } from '#channels'
import type { InboundRow } from '#channels'
import type { BrokerArrival, Channel, Settings } from '#domain'
import type { IncomingMessage } from '#messaging'
import { instantAt } from '../clock.ts'
import type { Clock } from '../clock.ts'
import { derivedId } from '../identity/ids.ts'
import type { RowIntake } from '../imports/row-intake.ts'
import { InboundError, isPassingRefusal } from './failures.ts'
import { refusalOf } from './refusal.ts'
import type { MessageRefusal } from './refusal.ts'

/** Header with the id of the channel by which a message comes. */
export const CHANNEL_HEADER = 'channel'
/** Header with what its sender calls a message, the same when it is sent again; without one its bytes stand for it. */
export const MESSAGE_ID_HEADER = 'message-id'

export interface MessageIntakeParts {
  rows: RowIntake
  storeSecret: Uint8Array
  clock: Clock
  settings: () => Settings
  /** Another process may have changed them. */
  reloadSettings: () => Promise<void>
  /** Milliseconds that never run backwards. */
  nowMs?: () => number
}

/** A flood of messages of no channel reads the settings no more often than this. */
const RELOAD_EVERY_MS = 1_000

/** A message that can be taken in, or why it cannot be. */
export type ReadMessage =
  | { outcome: 'read'; channel: Channel; record: InboundRow; message: IncomingMessage }
  | { outcome: 'refused'; refusal: MessageRefusal }

export type TakenMessage =
  | { outcome: 'taken' | 'unchanged' | 'revised' }
  | { outcome: 'refused'; refusal: MessageRefusal }

/** Takes in single messages, whether they come from the broker or are dead letters that are tried again. */
export class MessageIntake {
  readonly #parts: MessageIntakeParts
  #reloadedMs = -Infinity

  constructor(parts: MessageIntakeParts) {
    this.#parts = parts
  }

  async read(message: IncomingMessage): Promise<ReadMessage> {
    const name = message.headers[CHANNEL_HEADER]
    if (name === undefined || name === '') return refused('CHANNEL_NOT_NAMED', null)
    const channel = await this.#channel(name)
    if (channel === null) return refused('UNKNOWN_CHANNEL', this.#parts.settings().channels.has(name) ? name : null)
    const now = instantAt(this.#parts.clock.now())
    const reading = readMessage(message.value, { kind: channel.kind, now })
    if (reading.outcome === 'read') return { outcome: 'read', channel, record: reading.record, message }
    const { code, message: text } = reading
    return { outcome: 'refused', refusal: { code, message: text, channelId: channel.id } }
  }

  /**
   * When it resolves, what became of the message is durable. The ids of its commands derive from channel, message id and
   * content, so that it changes nothing when it comes again, however late; its place says the same of one that changed
   * nothing when it first came. Throws what stores throw, and `NOT_THE_MOMENT`.
   */
  async take({ channel, record, message }: Extract<ReadMessage, { outcome: 'read' }>): Promise<TakenMessage> {
    const eventId = this.#causeOf(channel.id, message)
    const [result] = await this.#parts.rows.take(
      [{ row: 1, kind: 'row', record, original: '' }],
      {
        channelId: channel.id,
        kind: channel.kind,
        by: 'inbound',
        arrivalOf: () => arrivalOf(message),
        causeOf: () => ({ eventId, correlationId: eventId, about: '1' }),
      },
      false,
    )
    if (result!.outcome !== 'refused') return { outcome: result!.outcome }
    const { code } = result!
    if (isPassingRefusal(code)) {
      throw new InboundError('NOT_THE_MOMENT', `${describe(message)} was refused with ${code}, which passes.`)
    }
    return { outcome: 'refused', refusal: refusalOf(code, channel.id) }
  }

  async #channel(name: string): Promise<Channel | null> {
    const known = this.#active(name)
    if (known !== null) return known
    const nowMs = this.#parts.nowMs?.() ?? performance.now()
    if (nowMs - this.#reloadedMs < RELOAD_EVERY_MS) return null
    await this.#parts.reloadSettings()
    this.#reloadedMs = nowMs
    return this.#active(name)
  }

  #active(name: string): Channel | null {
    const channel = this.#parts.settings().channels.get(name)
    return channel?.active === true ? channel : null
  }

  /** A key that is used for other bytes, too, names two messages: losing the second would be worse than a revision. */
  #causeOf(channelId: string, { headers, value }: IncomingMessage): string {
    const digest = createHmac('sha256', this.#parts.storeSecret).update('inbound-message ').update(value).digest('hex')
    return derivedId('inbound-message', channelId, headers[MESSAGE_ID_HEADER] ?? null, digest)
  }
}

/** How errors and reports name a message. */
export function describe({
  topic,
  partition,
  offset,
}: Pick<IncomingMessage, 'topic' | 'partition' | 'offset'>): string {
  return `Message ${offset} of ${topic}, partition ${partition},`
}

/** Times that no event can have are those of the nearest that can: it only serves to compare. */
const EARLIEST_MS = Date.UTC(1950, 0, 1)
const LATEST_MS = Date.UTC(2200, 0, 1) - 1

function arrivalOf({ partition, offset, sentAtMs }: IncomingMessage): BrokerArrival {
  const sentAt = instantAt(Math.min(LATEST_MS, Math.max(EARLIEST_MS, Math.trunc(sentAtMs))))
  return { kind: 'broker', partition, offset, sentAt }
}

function refused(code: string, channelId: string | null): ReadMessage {
  return { outcome: 'refused', refusal: refusalOf(code, channelId) }
}
