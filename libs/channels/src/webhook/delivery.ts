import { EXCERPT_CHARACTERS_MAX } from '../inbound.ts'
import type { RowOutcome } from '../inbound.ts'
import { printable } from '../refusals.ts'
import { refusedRow } from '../refused-row.ts'
import { latestTime } from '../time.ts'
import { parseBody } from './body.ts'
import type { BodyFault } from './body.ts'
import { DELIVERY_ITEMS_MAX, rowOfItem } from './item.ts'

export const DELIVERY_BYTES_MAX = 1024 * 1024

export type DeliveryFault = BodyFault | 'no-items' | 'too-many-items'

/** The items of a delivery, in order, each taken or refused; or why it could not be read at all. */
export type DeliveryReading =
  | { outcome: 'read'; rows: RowOutcome[]; externalIds: (string | null)[] }
  | { outcome: 'refused'; fault: DeliveryFault }

export interface DeliveryOptions {
  /** What the channel's items are. */
  kind: 'message' | 'opinion'
  /** The instant (UTC, milliseconds) that the future is told by. */
  now: string
}

/** Reads the body of a delivery. Each item's `original` is its JSON, which `readDeliveredItem` takes again. */
export function readDelivery(body: Uint8Array, options: DeliveryOptions): DeliveryReading {
  const parsed = parseBody(body)
  if ('fault' in parsed) return refused(parsed.fault)
  const items = itemsOf(parsed.value)
  if (items.length === 0) return refused('no-items')
  if (items.length > DELIVERY_ITEMS_MAX) return refused('too-many-items')
  return {
    outcome: 'read',
    rows: items.map((item, index) => rowOutcome(item, index + 1, options)),
    externalIds: items.map(externalIdOf),
  }
}

/** Reads again an item that was kept as it came. */
export function readDeliveredItem(original: string, row: number, options: DeliveryOptions): RowOutcome {
  return rowOutcome(JSON.parse(original), row, options)
}

function rowOutcome(item: unknown, row: number, { kind, now }: DeliveryOptions): RowOutcome {
  const original = JSON.stringify(item)
  try {
    return { row, kind: 'row', record: rowOfItem(item, kind, latestTime(now), now), original }
  } catch (error) {
    return refusedRow(error, { row, beginning: original, original })
  }
}

function refused(fault: DeliveryFault): DeliveryReading {
  return { outcome: 'refused', fault }
}

function itemsOf(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return []
  if ('items' in value) return Array.isArray(value.items) ? value.items : []
  return Array.isArray(value) ? [] : [value]
}

function externalIdOf(item: unknown): string | null {
  if (typeof item !== 'object' || item === null || !('externalId' in item)) return null
  return typeof item.externalId === 'string' ? printable(item.externalId, EXCERPT_CHARACTERS_MAX) : null
}
