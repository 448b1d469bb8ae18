import type { Cell, ColumnType } from './table.ts'

/** Asia/Shanghai, without summer time since 1992. */
const OFFSET_MS = 8 * 3_600_000

/** A cell as people read it; what is no half of a surrogate pair any more stands for what was. */
export function shown(type: ColumnType, cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'boolean') return cell ? '是' : '否'
  if (typeof cell === 'number') return type === 'percent' ? `${(cell * 100).toFixed(1)}%` : String(cell)
  return (type === 'time' ? local(cell) : cell).toWellFormed()
}

/** `2026-11-23 09:30` of an instant. */
function local(instant: string): string {
  return new Date(Date.parse(instant) + OFFSET_MS).toISOString().slice(0, 16).replace('T', ' ')
}

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** 1970-01-01 as spreadsheets count days: from 1900, taking that for a leap year. */
const EPOCH_SERIAL = 25_569

/** A day or an instant as spreadsheets count; of an instant the minute, lest 23:59:59.999 be rounded into the next day. */
export function serialOf(type: 'date' | 'time', cell: string): number {
  const minute = Math.floor((Date.parse(cell) + (type === 'time' ? OFFSET_MS : 0)) / MINUTE_MS)
  return (minute * MINUTE_MS) / DAY_MS + EPOCH_SERIAL
}
