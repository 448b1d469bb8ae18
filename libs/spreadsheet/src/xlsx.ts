import type { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { serialOf, shown } from './cells.ts'
import { byteStream } from './chunks.ts'
import type { Cell, Column, Row, Table } from './table.ts'
import {
  contentTypes,
  packageRelationships,
  sheetPath,
  sheetStart,
  style,
  styles,
  workbook,
  workbookRelationships,
} from './workbook-parts.ts'
import type { Sheet } from './workbook-parts.ts'
import { cellText } from './xml-text.ts'

/** What a sheet holds; what is more goes on in another one. */
const SHEET_ROWS_MAX = 1_048_576

export interface XlsxOptions {
  /** When it is written, in milliseconds: the time of the files in the package. */
  at: number
  rowsPerSheetMax?: number
}

/** The table as a workbook. Every text is an inline string, which no spreadsheet takes for a formula. */
export function xlsx(table: Table, { at, rowsPerSheetMax = SHEET_ROWS_MAX }: XlsxOptions): Readable {
  const zip = new ZipFile()
  const output = zip.outputStream as Readable
  zip.on('error', (error: Error) => output.destroy(error))
  fill(zip, output, table, new Date(at), rowsPerSheetMax).catch((error: unknown) => output.destroy(error as Error))
  return output
}

async function fill(zip: ZipFile, output: Readable, table: Table, mtime: Date, rowsMax: number): Promise<void> {
  const add = (path: string, content: string) => zip.addBuffer(Buffer.from(content), path, { mtime })
  const rows = new Ahead(table.rows)
  try {
    add('_rels/.rels', packageRelationships)
    const sheets: Sheet[] = []
    do {
      const number = sheets.length + 1
      sheets.push({
        name: number === 1 ? table.name : `${table.name} (${number})`,
        headingRow: table.head.length + 1,
      })
      const sheet = byteStream(sheetXml(table, rows, rowsMax))
      const stop = () => sheet.destroy()
      output.once('close', stop)
      zip.addReadStream(sheet, sheetPath(number), { mtime })
      await finished(sheet, { writable: false })
      output.off('close', stop)
    } while (await rows.more())
    add('xl/workbook.xml', workbook(sheets))
    add('xl/_rels/workbook.xml.rels', workbookRelationships(sheets))
    add('xl/styles.xml', styles)
    add('[Content_Types].xml', contentTypes(sheets))
    zip.end()
  } finally {
    await rows.close()
  }
}

/** Rows, of which the next one is known to be there before it is taken. */
class Ahead {
  readonly #rows: AsyncIterator<Row>
  #next: Promise<IteratorResult<Row>> | null = null

  constructor(rows: AsyncIterable<Row>) {
    this.#rows = rows[Symbol.asyncIterator]()
  }

  async more(): Promise<boolean> {
    return (await (this.#next ??= this.#rows.next())).done !== true
  }

  async take(): Promise<Row> {
    const { value } = (await (this.#next ?? this.#rows.next())) as IteratorYieldResult<Row>
    this.#next = null
    return value
  }

  async close(): Promise<void> {
    await this.#rows.return?.()
  }
}

async function* sheetXml({ head, columns }: Table, rows: Ahead, rowsMax: number): AsyncGenerator<string> {
  const letters = columns.map((_, index) => letterOf(index))
  const headingRow = head.length + 1
  yield sheetStart
  yield '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
  yield `<sheetViews><sheetView workbookViewId="0"><pane ySplit="${headingRow}" topLeftCell="A${headingRow + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`
  yield `<cols>${columns.map(({ width }, index) => `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`).join('')}</cols>`
  yield '<sheetData>'
  for (const [index, text] of head.entries()) {
    yield `<row r="${index + 1}">${textCell(`A${index + 1}`, index === 0 ? style.title : style.note, text)}</row>`
  }
  const heading = ({ heading }: Column, index: number) =>
    textCell(`${letters[index]}${headingRow}`, style.heading, heading)
  yield `<row r="${headingRow}">${columns.map(heading).join('')}</row>`
  let last = headingRow
  while (last < rowsMax && (await rows.more())) {
    const row = await rows.take()
    last += 1
    const at = last
    const cells = columns.map((column, index) => cellXml(`${letters[index]}${at}`, column, row[column.key] ?? null))
    yield `<row r="${at}">${cells.join('')}</row>`
  }
  yield '</sheetData>'
  if (last > headingRow) yield `<autoFilter ref="A${headingRow}:${letters.at(-1)}${last}"/>`
  yield '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
  yield '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
  yield '<headerFooter><oddFooter>&amp;C第 &amp;P 页，共 &amp;N 页</oddFooter></headerFooter></worksheet>'
}

function cellXml(at: string, { type }: Column, cell: Cell): string {
  const of = type === 'yes-no' ? style.text : style[type]
  if (cell === null) return `<c r="${at}" s="${of}"/>`
  if (typeof cell === 'number') return `<c r="${at}" s="${of}"><v>${cell}</v></c>`
  if (typeof cell === 'string' && (type === 'date' || type === 'time')) {
    return `<c r="${at}" s="${of}"><v>${serialOf(type, cell)}</v></c>`
  }
  return textCell(at, style.text, shown(type, cell))
}

function textCell(at: string, of: number, text: string): string {
  return `<c r="${at}" s="${of}" t="inlineStr"><is><t xml:space="preserve">${cellText(text)}</t></is></c>`
}

/** A, B … Z, AA, AB … */
function letterOf(index: number): string {
  const last = String.fromCharCode(65 + (index % 26))
  return index < 26 ? last : letterOf(Math.floor(index / 26) - 1) + last
}
