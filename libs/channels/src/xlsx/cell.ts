import type { Details, RowRefusalCode } from '../refusals.ts'
import { PLAIN } from './number-format.ts'
import { numberText } from './number-text.ts'
import { unescapeText } from './rich-text.ts'
import type { Styles } from './styles.ts'
import type { TextTable } from './text-table.ts'

/** A cell as the sheet writes it. */
export interface RawCell {
  /** From 1. */
  column: number
  /** What `value` is (18.18.11, ST_CellType). */
  type: string
  style: number
  /** The cached value of a formula, too; null where there is none. */
  value: string | null
  hasFormula: boolean
}

/** The text of a cell, or why its row is refused if the column is wanted. */
export type Cell = string | { code: RowRefusalCode; details: Details }

export interface CellContext {
  strings: TextTable
  styles: Styles
  epoch1904: boolean
  charactersMax: number
}

/** What a person sees in a cell; '' for an empty one. */
export function cellText(cell: RawCell, context: CellContext): Cell {
  const { type, value } = cell
  if (value === null) return cell.hasFormula ? { code: 'CELL_NOT_CALCULATED', details: {} } : ''
  const text = type === 'e' ? { code: 'CELL_ERROR' as const, details: { value } } : textOf(cell, value, context)
  if (text === null) return { code: 'CELL_UNREADABLE', details: {} }
  const max = context.charactersMax
  return typeof text === 'string' && text.length > max ? { code: 'CELL_TOO_LONG', details: { max } } : text
}

const booleans = new Map([
  ['1', 'TRUE'],
  ['true', 'TRUE'],
  ['0', 'FALSE'],
  ['false', 'FALSE'],
])

function textOf({ type, style }: RawCell, value: string, { strings, styles, epoch1904 }: CellContext): string | null {
  const format = styles[style] ?? PLAIN
  switch (type) {
    case 's':
      return /^\d{1,9}$/.test(value) ? (strings.get(Number(value)) ?? null) : null
    case 'inlineStr':
      return value
    case 'str':
      return unescapeText(value)
    case 'n':
      return value === '' ? '' : numberText(value, format, epoch1904)
    case 'b':
      return booleans.get(value) ?? null
    case 'd': // ISO 8601
      return format.kind === 'time' && !format.clock ? value.replace(/T00:00:00(?:\.0+)?$/, '') : value
    default:
      return null
  }
}
