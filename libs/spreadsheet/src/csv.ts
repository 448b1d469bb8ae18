import { shown } from './cells.ts'
import type { Cell, Column, Table } from './table.ts'

const BYTE_ORDER_MARK = '\uFEFF'
const END_OF_LINE = '\r\n'

/**
 * CSV as Excel in China opens it: UTF-8 with a byte order mark, lines that end in CR LF, every text quoted. What a
 * spreadsheet would take for a formula is preceded by an apostrophe, and so is a text that begins with one.
 */
export async function* csv({ head, columns, rows }: Table): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK
  for (const text of head) yield `${quoted(text)}${END_OF_LINE}`
  yield `${columns.map(({ heading }) => quoted(heading)).join(',')}${END_OF_LINE}`
  for await (const row of rows) {
    yield `${columns.map((column) => field(column, row[column.key] ?? null)).join(',')}${END_OF_LINE}`
  }
}

function field({ type }: Column, cell: Cell): string {
  if (cell === null) return ''
  return typeof cell === 'string' ? quoted(shown(type, cell)) : shown(type, cell)
}

/** OWASP, CSV Injection; the wide forms are what an input method for Chinese gives. */
const FORMULA = /^[=+\-@\t\r\n\0＝＋－＠']/u

function quoted(text: string): string {
  return `"${(FORMULA.test(text) ? `'${text}` : text).toWellFormed().replaceAll('"', '""')}"`
}
