import type { Archive } from './archive.ts'
import type { RawCell } from './cell.ts'
import { SPREADSHEET } from './namespaces.ts'
import { damaged } from './problems.ts'
import { RichText } from './rich-text.ts'
import type { XmlHandler, XmlTag } from './xml.ts'
import { XmlReader, attribute } from './xml.ts'

/** What a sheet can have (Excel's specifications and limits). */
const ROWS_END = 1_048_576
const COLUMNS_END = 16_384

/** A row with its cells that are not empty, as the sheet writes them. */
export interface RawSheetRow {
  /** As the sheet shows it, from 1. */
  number: number
  cells: RawCell[]
  /** Whether it had more cells than were kept. */
  tooWide: boolean
}

/**
 * The rows of a sheet that hold anything, in their order. Cells that are missing or only formatted are left out; of merged
 * cells the one at the top left holds the value. `bytesRead` counts as it goes. Throws as `Archive` and `XmlReader` do.
 */
export async function* readSheet(
  archive: Archive,
  part: string,
  limits: { columnsMax: number; charactersMax: number },
  onBytes: (bytesRead: number) => void = () => {},
): AsyncGenerator<RawSheetRow> {
  const rows = new SheetRows(part, limits)
  const xml = new XmlReader(part, SPREADSHEET, rows)
  let bytesRead = 0
  for await (const chunk of archive.read(part)) {
    xml.write(chunk)
    bytesRead += chunk.length
    onBytes(bytesRead)
    yield* rows.take()
  }
  xml.end()
  yield* rows.take()
}

/** Gathers the rows that are complete: worksheet > sheetData > row > c > v, f or is. */
class SheetRows implements XmlHandler {
  readonly #part: string
  readonly #limits: { columnsMax: number; charactersMax: number }
  readonly #inline: RichText
  #rows: RawSheetRow[] = []
  #inData = false
  #row: RawSheetRow | null = null
  #cell: RawCell | null = null
  #inValue = false
  #inInline = false
  #rowNumber = 0
  #column = 0

  constructor(part: string, limits: { columnsMax: number; charactersMax: number }) {
    this.#part = part
    this.#limits = limits
    this.#inline = new RichText(limits.charactersMax)
  }

  take(): RawSheetRow[] {
    const rows = this.#rows
    this.#rows = []
    return rows
  }

  open(name: string, depth: number, tag: XmlTag): void {
    if (depth === 1 && name !== 'worksheet') throw damaged(`${this.#part} is no sheet`)
    else if (depth === 2) this.#inData = name === 'sheetData'
    else if (!this.#inData) return
    else if (depth === 3 && name === 'row') this.#openRow(tag)
    else if (depth === 4 && name === 'c' && this.#row) this.#openCell(tag)
    else if (depth === 5 && this.#cell) this.#openWithin(this.#cell, name)
    else if (depth > 5 && this.#inInline) this.#inline.open(name)
  }

  text(text: string): void {
    if (this.#inInline) this.#inline.text(text)
    else if (this.#inValue && this.#cell) {
      const value = this.#cell.value ?? ''
      if (value.length <= this.#limits.charactersMax) this.#cell.value = value + text
    }
  }

  close(name: string, depth: number): void {
    if (depth > 5 && this.#inInline) this.#inline.close(name)
    else if (depth === 5) this.#closeWithin()
    else if (depth === 4 && this.#cell) this.#closeCell(this.#cell)
    else if (depth === 3 && this.#row) this.#closeRow(this.#row)
  }

  #openRow(tag: XmlTag): void {
    const given = attribute(tag, 'r')
    const number = given === null ? this.#rowNumber + 1 : Number(given)
    if (!Number.isInteger(number) || number <= this.#rowNumber || number > ROWS_END) {
      throw damaged(`${this.#part}: row ${given} after row ${this.#rowNumber}`)
    }
    this.#rowNumber = number
    this.#column = 0
    this.#row = { number, cells: [], tooWide: false }
  }

  #openCell(tag: XmlTag): void {
    const given = attribute(tag, 'r')
    const column = given === null ? this.#column + 1 : columnOf(given)
    if (column <= this.#column || column > COLUMNS_END) {
      throw damaged(`${this.#part}: cell ${given} after column ${this.#column} of row ${this.#rowNumber}`)
    }
    this.#column = column
    const type = attribute(tag, 't') ?? 'n'
    this.#cell = { column, type, style: Number(attribute(tag, 's') ?? 0), value: null, hasFormula: false }
  }

  #openWithin(cell: RawCell, name: string): void {
    if (name === 'v') {
      this.#inValue = true
      cell.value = ''
    } else if (name === 'is') this.#inInline = true
    else if (name === 'f') cell.hasFormula = true
  }

  #closeWithin(): void {
    if (this.#inInline && this.#cell) this.#cell.value = this.#inline.take()
    this.#inInline = false
    this.#inValue = false
  }

  #closeCell(cell: RawCell): void {
    this.#cell = null
    const row = this.#row
    const isEmpty = cell.value === '' || (cell.value === null && !cell.hasFormula)
    if (!row || isEmpty) return
    if (cell.column > this.#limits.columnsMax) row.tooWide = true
    else row.cells.push(cell)
  }

  #closeRow(row: RawSheetRow): void {
    this.#row = null
    if (row.cells.length > 0 || row.tooWide) this.#rows.push(row)
  }
}

/** `AB12` → 28; Infinity for what is no cell's name. */
function columnOf(cell: string): number {
  const letters = /^([A-Z]{1,3})\d{1,7}$/.exec(cell)?.[1]
  if (letters === undefined) return Number.POSITIVE_INFINITY
  let column = 0
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64
  return column
}
