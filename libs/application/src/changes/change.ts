import type { Position } from '#event-store'
import type { Reader } from '#read-store'

/** That something changed, for whoever shows it: what, never how. Holds no text that a person wrote. */
export interface Change {
  position: Position
  kind: ChangeKind
  id: string
  /** 受理编号 of the case that it is, or belongs to, as far as the reader may see that case. */
  number: string | null
  /** The event's type. */
  type: string
  /** The event's place in its stream. */
  revision: number
}

export type ChangeKind = 'case' | 'item' | 'commitment' | 'import'

/** Streams whose changes are told, by what their names begin with, and the collection whose document says who may see them. */
export const toldStreams: readonly { prefix: string; kind: ChangeKind; collection: string }[] = [
  { prefix: 'case-', kind: 'case', collection: 'cases' },
  { prefix: 'item-', kind: 'item', collection: 'items' },
  { prefix: 'commitment-', kind: 'commitment', collection: 'commitments' },
  { prefix: 'intake-', kind: 'import', collection: 'import-runs' },
]

/** A change with those who may see it, as the read models said when they had come to it. */
export interface SeenChange {
  change: Change
  visibleTo: readonly string[]
  /** Who may see the case whose number it carries. */
  numberVisibleTo: readonly string[]
}

/** What of a change a reader may see; null: nothing, not even that there was one. */
export function shownTo(reader: Reader, { change, visibleTo, numberVisibleTo }: SeenChange): Change | null {
  if (!maySee(reader, visibleTo)) return null
  return maySee(reader, numberVisibleTo) ? change : { ...change, number: null }
}

function maySee(reader: Reader, visibleTo: readonly string[]): boolean {
  return reader === 'system' || reader.some((token) => visibleTo.includes(token))
}
