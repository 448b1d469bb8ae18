import { createHmac } from 'node:crypto'
import { DELIVERY_BYTES_MAX, readDelivery, verifyWebhook } from '#channels'
import type { DeliveryReading, RowOutcome, SigningKey, WebhookHeaders } from '#channels'
import { CHANNEL_KEYS_MAX, DELIVERIES_PER_RUN_MAX, refusedRowOf, validKeys, webhookRun } from '#domain'
import type { Channel, Delivery, DeliveredOutcome, ErrorCode, Intake, Settings } from '#domain'
import type { EventStore } from '#event-store'
import { instantAt } from '../clock.ts'
import type { Clock } from '../clock.ts'
import { RecentStreams } from '../commands/recent-streams.ts'
import type { CommandOutcome, CommandRequest } from '../commands/request.ts'
import { intake } from '../commands/table.ts'
import { derivedId } from '../identity/ids.ts'
import { refusalText } from '../imports/refusal-text.ts'
import { RefusedRows } from '../imports/refused-rows.ts'
import type { RowContext } from '../imports/row-command.ts'
import type { RowIntake, RowResult } from '../imports/row-intake.ts'
import { channelSecret } from './channel-keys.ts'

export interface WebhookRequest {
  channelId: string
  /** As Node gives them, names in lower case. */
  headers: WebhookHeaders
  /** The bytes as they came: what was signed. */
  body: Uint8Array
  /** Milliseconds since the epoch; the application's clock where nothing is said. */
  now?: number
}

/** What became of one item of a delivery. */
export interface DeliveredItem {
  /** As it was given; null where it gave none. */
  externalId: string | null
  outcome: 'taken' | 'unchanged' | 'revised' | 'refused'
  /** Why it was refused, and in words. */
  code: ErrorCode | null
  message: { zh: string; en: string } | null
}

/** What to answer: `status` is HTTP's. */
export type WebhookAnswer =
  | {
      status: 200
      outcome: 'accepted'
      /** The sender's `webhook-id`. */
      delivery: string
      /** Whether it had come before; then nothing was done but to answer. */
      repeated: boolean
      counts: Record<DeliveredItem['outcome'], number>
      items: DeliveredItem[]
      /** Which key signed it. */
      keyId: string
      /** Read models that have reached it show what was taken; null where nothing was. */
      token: string | null
    }
  | {
      status: 400 | 401 | 409 | 413 | 429
      outcome: 'refused'
      code: ErrorCode
      detail: string | null
      /** When to send it again, where that helps. */
      retryAfterSeconds: number | null
    }

/** Why what came was not even looked at. The sender is told one thing for all of these. */
export type RejectionReason =
  | 'unknown-channel'
  | 'inactive-channel'
  | 'no-key'
  | 'headers-missing'
  | 'headers-invalid'
  | 'stale'
  | 'not-signed'

/** For the operator: what was rejected since the process started. */
export interface Rejections {
  /** Null: no channel of ours. */
  channelId: string | null
  reason: RejectionReason
  count: number
  /** Instant. */
  lastAt: string
}

export interface WebhookIntakeParts {
  store: EventStore
  storeSecret: Uint8Array
  settings: () => Settings
  execute: (request: CommandRequest) => Promise<CommandOutcome>
  rows: RowIntake
  clock: Clock
}

/** Deliveries worked on at once; each holds its body in memory. */
const DELIVERIES_AT_ONCE_MAX = 16
/** Events of refused items that an hour keeps; of a platform that sends worse than that, the rest is told to it only. */
const REFUSED_BATCHES_MAX = 400
const HOUR_MS = 3_600_000

/** Takes in what platforms send: checked, each item by itself, once however often it comes. */
export class WebhookIntake {
  readonly #parts: WebhookIntakeParts
  /** Of its own: what commands are decided on is read by the commander. */
  readonly #streams: RecentStreams
  /** By channel and delivery; the last of those with one name, which come one after the other. */
  readonly #underWay = new Map<string, Promise<unknown>>()
  #inHand = 0
  readonly #rejections = new Map<string, Rejections>()

  constructor(parts: WebhookIntakeParts) {
    this.#parts = parts
    this.#streams = new RecentStreams(parts.store)
  }

  /** What throws is a fault of a store; the sender may send it again. */
  async accept({ channelId, headers, body, now = this.#parts.clock.now() }: WebhookRequest): Promise<WebhookAnswer> {
    if (body.length > DELIVERY_BYTES_MAX) return refused(413, 'DELIVERY_TOO_LARGE')
    const channel = this.#parts.settings().channels.get(channelId) ?? null
    const keys = this.#keysOf(channel, now)
    const verification = verifyWebhook(headers, body, keys.tried, now)
    if (verification.outcome === 'refused' || channel === null || keys.none !== null) {
      const reason = keys.none ?? (verification.outcome === 'refused' ? verification.reason : 'not-signed')
      this.#reject(channel?.id ?? null, reason, now)
      return refused(401, 'WEBHOOK_NOT_VERIFIED')
    }
    if (this.#inHand >= DELIVERIES_AT_ONCE_MAX) return refused(429, 'TOO_MANY_DELIVERIES', null, 1)

    const { delivery, signedAtMs, keyId } = verification
    const digest = createHmac('sha256', this.#parts.storeSecret).update('webhook-body ').update(body).digest('hex')
    const received = { channel, delivery, digest, keyId, body, signedAtMs, now }
    // Sent twice at once, the second is answered by the first.
    const name = JSON.stringify([channelId, delivery])
    const before = this.#underWay.get(name) ?? Promise.resolve()
    const answering = before.then(() => this.#answer(received))
    const settled = answering.catch(() => {})
    this.#underWay.set(name, settled)
    this.#inHand += 1
    try {
      return await answering
    } finally {
      this.#inHand -= 1
      if (this.#underWay.get(name) === settled) this.#underWay.delete(name)
    }
  }

  /** What was rejected, by channel and reason: as many entries as there are channels and reasons. */
  rejections(): readonly Rejections[] {
    return [...this.#rejections.values()]
  }

  async #answer(received: Received): Promise<WebhookAnswer> {
    const { channel, delivery, digest, body, signedAtMs, now } = received
    const reading = readDelivery(body, { kind: channel.kind, now: instantAt(now) })
    if (reading.outcome === 'refused') return refused(400, 'DELIVERY_INVALID', reading.fault)

    const run = webhookRun(channel.id, instantAt(signedAtMs))
    const state = await this.#read(run)
    // Sent again, it is signed anew: perhaps in the next hour.
    for (const at of [run, webhookRun(channel.id, instantAt(signedAtMs - HOUR_MS))]) {
      const known = at === run ? state : await this.#read(at)
      const recorded = known.deliveries.get(delivery)
      if (recorded === undefined) continue
      if (recorded.digest !== digest) return refused(409, 'DELIVERY_ID_REUSED')
      return await this.#answerAgain(received, reading, at, known, recorded)
    }
    if (state.deliveries.size >= DELIVERIES_PER_RUN_MAX) return full(now)

    const results = await this.#parts.rows.take(reading.rows, contextOf(received), false)
    const outcomes = results.map((result): DeliveredOutcome =>
      result.outcome === 'refused' ? result.code : result.outcome,
    )
    const record = await this.#parts.execute({
      command: 'RecordDelivery',
      target: run,
      payload: { channelId: channel.id, delivery, digest, outcomes },
      actor: { policy: 'webhook' },
    })
    if (record.outcome === 'refused') {
      if (record.code === 'DELIVERIES_FULL') return full(now)
      throw new Error(`the delivery could not be recorded in ${run}: ${record.code} ${record.detail ?? ''}`)
    }
    const after = await this.#read(run)
    await this.#keepRefused(run, after, after.deliveries.get(delivery)!.firstRow, results)
    return accepted(received, reading, results, false)
  }

  /** As the first time. What whoever answered it then died over is finished: refused items that were not kept yet. */
  async #answerAgain(
    received: Received,
    { rows, externalIds }: ReadDelivery,
    run: string,
    state: Intake,
    { firstRow, outcomes }: Delivery,
  ): Promise<WebhookAnswer> {
    const results = outcomes.map((outcome, index) => resultOf(outcome, rows[index]!))
    await this.#keepRefused(run, state, firstRow, results)
    return accepted(received, { outcome: 'read', rows, externalIds }, results, true)
  }

  async #keepRefused(run: string, state: Intake, firstRow: number, results: readonly RowResult[]): Promise<void> {
    const missing = results.flatMap((result) => {
      const row = firstRow + result.row - 1
      return result.outcome === 'refused' && refusedRowOf(state, row) === null ? [{ ...result, row }] : []
    })
    if (missing.length === 0 || state.batches.length >= REFUSED_BATCHES_MAX) return
    const kept = new RefusedRows(this.#parts.execute, run, 'webhook')
    for (const result of missing) await kept.add(result)
    await kept.keep()
  }

  #keysOf(channel: Channel | null, now: number): { none: RejectionReason | null; tried: SigningKey[] } {
    const { channelKeys } = this.#parts.settings()
    const valid = channel?.active ? validKeys(channelKeys.get(channel.id) ?? [], instantAt(now)) : []
    const none = channel === null ? 'unknown-channel' : channel.active ? null : 'inactive-channel'
    // As many as a channel may have: one that nobody knows takes as long to reject as any other.
    const tried = Array.from({ length: CHANNEL_KEYS_MAX }, (_, at): SigningKey => {
      const keyId = valid[at]?.keyId ?? 'nobody has it'
      return { keyId, secret: channelSecret(this.#parts.storeSecret, channel?.id ?? '', keyId) }
    })
    return { none: none ?? (valid.length === 0 ? 'no-key' : null), tried }
  }

  async #read(run: string): Promise<Intake> {
    const { state } = await this.#streams.read(intake, intake.streamOf(run))
    return state as Intake
  }

  #reject(channelId: string | null, reason: RejectionReason, now: number): void {
    const name = `${channelId ?? ''} ${reason}`
    const count = (this.#rejections.get(name)?.count ?? 0) + 1
    this.#rejections.set(name, { channelId, reason, count, lastAt: instantAt(now) })
  }
}

type ReadDelivery = Extract<DeliveryReading, { outcome: 'read' }>

interface Received {
  channel: Channel
  delivery: string
  digest: string
  keyId: string
  body: Uint8Array
  signedAtMs: number
  now: number
}

/**
 * The ids of what is done with a delivery derive from it and its place in it: whoever dies over it and gets it again goes
 * on where they were, and no older delivery undoes what a newer one brought.
 */
function contextOf({ channel, delivery, digest }: Received): RowContext {
  const eventId = derivedId('webhook-delivery', channel.id, delivery, digest)
  return {
    channelId: channel.id,
    kind: channel.kind,
    by: 'webhook',
    arrivalOf: () => ({ kind: 'webhook', delivery }),
    causeOf: (row) => ({ eventId, correlationId: eventId, about: String(row) }),
  }
}

function resultOf(outcome: DeliveredOutcome, read: RowOutcome): RowResult {
  const { row, original } = read
  if (outcome === 'taken' || outcome === 'unchanged' || outcome === 'revised') return { row, outcome, token: null }
  const [message, excerpt] =
    read.kind === 'refused' && read.code === outcome
      ? [read.message, read.excerpt]
      : [refusalText(outcome, null), read.kind === 'row' ? read.record.title.slice(0, 200) : null]
  return { row, outcome: 'refused', code: outcome, message, excerpt, original, token: null }
}

function accepted(
  { delivery, keyId }: Received,
  { externalIds }: ReadDelivery,
  results: readonly RowResult[],
  repeated: boolean,
): WebhookAnswer {
  const counts = { taken: 0, unchanged: 0, revised: 0, refused: 0 }
  let token: string | null = null
  const items = results.map((result, index): DeliveredItem => {
    counts[result.outcome] += 1
    if (result.token !== null && (token === null || result.token > token)) token = result.token
    const [code, message] = result.outcome === 'refused' ? [result.code, result.message] : [null, null]
    return { externalId: externalIds[index] ?? null, outcome: result.outcome, code, message }
  })
  return { status: 200, outcome: 'accepted', delivery, repeated, counts, items, keyId, token }
}

function refused(
  status: Extract<WebhookAnswer, { outcome: 'refused' }>['status'],
  code: ErrorCode,
  detail: string | null = null,
  retryAfterSeconds: number | null = null,
): WebhookAnswer {
  return { status, outcome: 'refused', code, detail, retryAfterSeconds }
}

/** Another hour has room again. */
function full(now: number): WebhookAnswer {
  return refused(429, 'DELIVERIES_FULL', null, Math.ceil((HOUR_MS - (now % HOUR_MS)) / 1_000))
}
