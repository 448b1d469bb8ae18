import { EXCERPT_CHARACTERS_MAX } from '../inbound.ts'
import type { RowOutcome } from '../inbound.ts'
import { printable } from '../refusals.ts'
import { refusedRow } from '../refused-row.ts'
import { latestTime } from '../time.ts'
import { DELIVERY_ITEMS_MAX, rowOfItem } from './item.ts'

export const DELIVERY_BYTES_MAX = 1024 * 1024
/** An item in a list in an object, and what an item holds. */
const DEPTH_MAX = 8

export type DeliveryFault = 'not-utf-8' | 'not-json' | 'too-deep' | 'no-items' | 'too-many-items'

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
  const text = decoded(body)
  if (text === null) return refused('not-utf-8')
  if (isTooDeep(text)) return refused('too-deep')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return refused('not-json')
    throw error
  }
  const items = itemsOf(value)
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

function decoded(body: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
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

/** Looked at before it is parsed, so that no depth of brackets meets anything that goes into them. */
function isTooDeep(text: string): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]
    if (character === '"') at = endOfString(text, at)
    else if (character === '{' || character === '[') depth += 1
    else if (character === '}' || character === ']') depth -= 1
    if (depth > DEPTH_MAX) return true
  }
  return false
}

/** The closing quote; the end of the text where there is none, which is no JSON then. */
function endOfString(text: string, opening: number): number {
  for (let at = opening + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1
    else if (text[at] === '"') return at
  }
  return text.length
}
