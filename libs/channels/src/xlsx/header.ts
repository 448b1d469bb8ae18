import type { Columns } from '../columns.ts'
import type { SheetRow } from './sheet-rows.ts'

/** A header may stand below a title and a few notes. */
const ROWS_MAX = 10
/** An id, a time and a text: what a header has at least. */
const KNOWN_MIN = 3

/** The likeliest header. */
export interface Header {
  row: SheetRow
  /** The names in it, by the numbers of their columns. */
  names: ReadonlyMap<number, string>
  /** How many of them are known. */
  known: number
}

export function isSurelyHeader({ known }: Header): boolean {
  return known >= KNOWN_MIN
}

/** Of the first ten rows the first that is surely a header, else the one with most known names; null for no rows. */
export async function findHeader(rows: AsyncIterable<SheetRow>, columns: Columns): Promise<Header | null> {
  let best: Header | null = null
  let seen = 0
  for await (const row of rows) {
    const names = namesIn(row)
    const header = { row, names, known: columns.countKnown([...names.values()]) }
    if (!best || header.known > best.known) best = header
    seen += 1
    if (isSurelyHeader(header) || seen === ROWS_MAX) break
  }
  return best
}

function namesIn({ cells }: SheetRow): Map<number, string> {
  const names = new Map<number, string>()
  for (const [column, cell] of cells) if (typeof cell === 'string') names.set(column, cell.trim())
  return names
}
