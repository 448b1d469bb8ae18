import type { Columns } from '../columns.ts'
import type { InboundField, ReadLimits } from '../inbound.ts'
import { EXCERPT_CHARACTERS_MAX } from '../inbound.ts'
import type { RawRow } from '../raw-row.ts'
import { FileRefused, rowRefusals, say } from '../refusals.ts'
import type { Cells } from '../row.ts'
import { RowRefused } from '../row.ts'
import { Archive } from './archive.ts'
import type { CellContext } from './cell.ts'
import type { Header } from './header.ts'
import { findHeader } from './header.ts'
import { readSharedStrings } from './shared-strings.ts'
import { chooseSheet, sheetNamed } from './sheet-choice.ts'
import type { SheetRow } from './sheet-rows.ts'
import { sheetRows } from './sheet-rows.ts'
import { readSheet } from './sheet.ts'
import { readStyles } from './styles.ts'
import { TextTable } from './text-table.ts'
import type { Sheet } from './workbook.ts'
import { readWorkbook } from './workbook.ts'

/** Twice what a field takes; Excel allows 32,767. */
const CELL_CHARACTERS_MAX = 100_000

export interface WorkbookReading {
  path: string
  /** Its name, or its number from 1 as the tabs are seen; absent: the first visible one with known headings. */
  sheet?: string
  columns: Columns
  limits: ReadLimits
  /** Told once, when a sheet was chosen and its header was read. */
  onSheet: (name: string, fileBytes: number) => void
  /** How much of the unpacked sheet has been read. */
  onProgress: (bytesRead: number, bytesTotal: number) => void
}

/**
 * The rows below the header of a sheet of an XLSX file. Everything that is read of the file is unpacked and checked against
 * its checksums before the first row is given out. Throws `FileRefused`.
 */
export async function* workbookRows(reading: WorkbookReading): AsyncGenerator<RawRow> {
  const { columns, limits } = reading
  const archive = await Archive.open(reading.path, limits.unpackedBytesMax)
  const strings = new TextTable(limits.sharedCharactersMax)
  try {
    const workbook = await readWorkbook(archive)
    const styles = await readStyles(archive, workbook.styles)
    await readSharedStrings(archive, workbook.sharedStrings, CELL_CHARACTERS_MAX, strings)
    const context: CellContext = { strings, styles, epoch1904: workbook.epoch1904, charactersMax: CELL_CHARACTERS_MAX }
    const rowsOf = (sheet: Sheet, onBytes?: (bytesRead: number) => void) =>
      sheetRows(
        readSheet(archive, sheet.part, { columnsMax: limits.columnsMax, charactersMax: CELL_CHARACTERS_MAX }, onBytes),
        context,
        limits,
      )

    const headerOf = (sheet: Sheet) => findHeader(rowsOf(sheet), columns)
    const { sheet, header } = await chosen(workbook.sheets, reading.sheet, headerOf)
    const known = readHeader(header, columns)
    reading.onSheet(sheet.name, archive.sizeBytes)

    const bytesTotal = await archive.check(sheet.part)
    for await (const row of rowsOf(sheet, (bytesRead) => reading.onProgress(bytesRead, bytesTotal))) {
      if (header && row.number <= header.row.number) continue
      yield { number: row.number, beginning: beginningOf(row), original: null, read: () => cellsOf(row, known) }
    }
  } finally {
    strings.close()
    await archive.close()
  }
}

async function chosen(
  sheets: readonly Sheet[],
  wanted: string | undefined,
  headerOf: (sheet: Sheet) => Promise<Header | null>,
): Promise<{ sheet: Sheet; header: Header | null }> {
  if (wanted === undefined) return await chooseSheet(sheets, headerOf)
  const sheet = sheetNamed(sheets, wanted)
  return { sheet, header: await headerOf(sheet) }
}

type KnownColumns = ReadonlyMap<number, { name: string; field: InboundField }>

/** Throws `FileRefused` as `Columns.ofHeader`, HEADER_UNREADABLE. */
function readHeader(header: Header | null, columns: Columns): KnownColumns {
  const fault = header?.row.fault
  if (fault) throw new FileRefused('HEADER_UNREADABLE', { ...say(rowRefusals[fault.code], fault.details) })
  const named = [...(header?.names ?? [])]
  const fields = columns.ofHeader(named.map(([, name]) => name))
  const known = new Map<number, { name: string; field: InboundField }>()
  for (const [index, [column, name]] of named.entries()) {
    const field = fields[index]
    if (field) known.set(column, { name, field })
  }
  return known
}

function cellsOf(row: SheetRow, columns: KnownColumns): Cells {
  if (row.fault) throw new RowRefused(row.fault.code, row.fault.details)
  const cells: Cells = new Map()
  for (const [number, { name, field }] of columns) {
    const cell = row.cells.get(number)
    if (cell === undefined) continue
    if (typeof cell !== 'string') throw new RowRefused(cell.code, { column: name, ...cell.details })
    cells.set(field, { column: name, text: cell })
  }
  return cells
}

function beginningOf({ cells }: SheetRow): string {
  let beginning = ''
  for (const cell of cells.values()) {
    if (beginning.length >= EXCERPT_CHARACTERS_MAX) break
    if (typeof cell === 'string') beginning += `${cell.slice(0, EXCERPT_CHARACTERS_MAX)}  `
  }
  return beginning.trimEnd()
}
