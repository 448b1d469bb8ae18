import type { InboundRow } from '../inbound.ts'
import { rowRefusals, say } from '../refusals.ts'
import type { RefusalText, RowRefusalCode } from '../refusals.ts'
import { RowRefused } from '../row.ts'
import { latestTime } from '../time.ts'
import { parseBody } from '../webhook/body.ts'
import { rowOfItem, webhookItem } from '../webhook/item.ts'
import { messageRefusals } from './refusals.ts'
import type { MessageRefusalCode } from './refusals.ts'

/**
 * One item takes at most 300,000 bytes where every character of its content is written as an escape; the rest is room for
 * its other fields.
 */
export const ITEM_BYTES_MAX = 512 * 1024

/** What a message of a broker holds: one item as a webhook would deliver it; or why it cannot be taken, ever. */
export type MessageReading =
  | { outcome: 'read'; record: InboundRow }
  | {
      outcome: 'refused'
      code: MessageRefusalCode | RowRefusalCode
      /** Names fields and numbers; quotes nothing of what was sent, so that it may be shown without a key. */
      message: RefusalText
    }

/** `kind`: what the channel's items are; `now`: the instant (UTC, milliseconds) that the future is told by. */
export function readMessage(value: Uint8Array, { kind, now }: MessageOptions): MessageReading {
  if (value.length === 0) return refused('MESSAGE_EMPTY')
  if (value.length > ITEM_BYTES_MAX) return refused('MESSAGE_TOO_LARGE')
  const body = parseBody(value)
  if ('fault' in body) return refused(faultCodes[body.fault])
  try {
    return { outcome: 'read', record: rowOfItem(body.value, kind, latestTime(now), now) }
  } catch (error) {
    if (!(error instanceof RowRefused)) throw error
    const { code } = error
    const details = code === 'ITEM_INVALID' ? misfit(body.value) : error.details
    return { outcome: 'refused', code, message: say(rowRefusals[code], details) }
  }
}

export interface MessageOptions {
  kind: 'message' | 'opinion'
  now: string
}

const faultCodes = {
  'not-utf-8': 'MESSAGE_NOT_UTF_8',
  'not-json': 'MESSAGE_NOT_JSON',
  'too-deep': 'MESSAGE_TOO_DEEP',
} as const

function refused(code: MessageRefusalCode): MessageReading {
  return { outcome: 'refused', code, message: messageRefusals[code] }
}

/** Where and how an item departs from the documented form. Names of fields that are not documented are the sender's words. */
function misfit(value: unknown): { place: string; reason: string } {
  const issue = webhookItem.safeParse(value).error!.issues[0]!
  const place = issue.path.map(String).join('.') || 'item'
  return { place, reason: issue.code === 'unrecognized_keys' ? 'a field that is not documented' : issue.message }
}
