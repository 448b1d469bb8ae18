import type { ColumnReport } from './columns.ts'
import { Columns } from './columns.ts'
import { csvRows } from './csv-rows.ts'
import type { Encoding } from './encoding.ts'
import { decodeText, judgeEncoding } from './encoding.ts'
import type { FileFormat } from './format.ts'
import { isPacked, judgeTextFormat } from './format.ts'
import type { ReadLimits, RowOutcome } from './inbound.ts'
import { readLimits } from './inbound.ts'
import { jsonLineRows, jsonListRows } from './json-rows.ts'
import type { RawRow } from './raw-row.ts'
import { FileRefused } from './refusals.ts'
import { refusedRow } from './refused-row.ts'
import type { Cells } from './row.ts'
import { toInboundRow } from './row.ts'
import type { ReopenableSource } from './source.ts'
import { fileSource, readHead } from './source.ts'
import { latestTime } from './time.ts'
import { workbookRows } from './xlsx/workbook-rows.ts'

const readersOfText = { csv: csvRows, jsonl: jsonLineRows, json: jsonListRows }

export interface ReadRowsOptions {
  /** `auto`: told from what the file holds, whatever it is called. */
  format: FileFormat | 'auto'
  /**
   * XLSX only: the sheet by its name, or by its number from 1 as the tabs are seen. Absent: the first visible one with
   * known headings.
   */
  sheet?: string
  /** The instant (UTC, milliseconds) that the future is told by. */
  now: string
  /** A column map as it was loaded from elsewhere; checked here against `columnMap`. */
  mapping?: unknown
  limits?: Partial<ReadLimits>
  /**
   * After each chunk: how many bytes of the file have been read; of XLSX, of its unpacked sheet. The file was read through
   * once before, for its encoding or its checksums.
   */
  onProgress?: (bytesRead: number, bytesTotal: number) => void
}

/** The rows of one file, to be iterated once. */
export interface RowReader extends AsyncIterable<RowOutcome> {
  /**
   * What the file turned out to be; null until its first row has been given out or, for an empty table, it has ended.
   * `encoding` is null and `sheet` is not for XLSX, the other way round for texts.
   */
  readonly file: { format: FileFormat; encoding: Encoding | null; sheet: string | null; sizeBytes: number } | null
  /** Which columns were used and which ignored: from the header of a table, from the rows so far of JSON. Null as long as `file`. */
  readonly columns: ColumnReport | null
}

/**
 * Reads a file of messages or posts: CSV or a sheet of XLSX with a header, JSON Lines, or JSON with a list. Gives one
 * outcome a data row, in the order of the file, and never stops at a bad row. Memory stays flat whatever the file holds.
 * Throws `FileRefused` MAPPING_INVALID at once; iterating throws `FileRefused`, with a `code`, when the file as a whole can't
 * be read, or not beyond the rows given so far (FILE_CHANGED, TOO_MANY_ROWS, JSON_BROKEN and the like), and RangeError when
 * it is iterated twice.
 */
export function readRows(file: string | ReopenableSource, options: ReadRowsOptions): RowReader {
  return new FileRows(file, options)
}

class FileRows implements RowReader {
  file: RowReader['file'] = null
  readonly #columns: Columns
  readonly #given: string | ReopenableSource
  readonly #options: ReadRowsOptions
  readonly #limits: ReadLimits
  readonly #latest: string
  #iterated = false
  #rows = 0

  constructor(given: string | ReopenableSource, options: ReadRowsOptions) {
    this.#given = given
    this.#options = options
    this.#limits = { ...readLimits, ...options.limits }
    this.#latest = latestTime(options.now)
    this.#columns = new Columns(options.mapping, this.#limits.columnsMax)
  }

  get columns(): ColumnReport | null {
    return this.file && this.#columns.report()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RowOutcome> {
    if (this.#iterated) throw new RangeError('A RowReader can be iterated once; call readRows again.')
    this.#iterated = true

    const source = typeof this.#given === 'string' ? await fileSource(this.#given) : this.#given
    const head = await readHead(source)
    const rows = (await isPacked(source, head)) ? this.#workbookRows(source) : this.#textRows(source, head)
    for await (const row of rows) yield this.#outcome(row)
  }

  #workbookRows(source: ReopenableSource): AsyncIterable<RawRow> {
    const { format, sheet, onProgress } = this.#options
    if (format !== 'auto' && format !== 'xlsx')
      throw new FileRefused('FORMAT_MISMATCH', { wanted: format, found: 'xlsx' })
    const { path } = source
    if (path === undefined) throw new FileRefused('WORKBOOK_NEEDS_FILE')
    return workbookRows({
      path,
      sheet,
      columns: this.#columns,
      limits: this.#limits,
      onSheet: (name, sizeBytes) => {
        this.file = { format: 'xlsx', encoding: null, sheet: name, sizeBytes }
      },
      onProgress: (bytesRead, bytesTotal) => onProgress?.(bytesRead, bytesTotal),
    })
  }

  async *#textRows(source: ReopenableSource, head: Uint8Array): AsyncGenerator<RawRow> {
    const { format: wanted, sheet, onProgress } = this.#options
    const judged = await judgeEncoding(source, head)
    const { encoding, sizeBytes } = judged
    const told = () => judgeTextFormat(source.name, new TextDecoder(encoding).decode(head))
    if (wanted === 'xlsx') throw new FileRefused('FORMAT_MISMATCH', { wanted, found: told() })
    if (sheet !== undefined) throw new FileRefused('SHEET_NOT_APPLICABLE')
    const format = wanted === 'auto' ? told() : wanted
    this.file = { format, encoding, sheet: null, sizeBytes }
    const text = decodeText(source, judged, (bytesRead) => onProgress?.(bytesRead, sizeBytes))
    yield* readersOfText[format](text, this.#columns, this.#limits)
  }

  #outcome({ number, beginning, original: line, read }: RawRow): RowOutcome {
    if (this.#rows === this.#limits.rowsMax) throw new FileRefused('TOO_MANY_ROWS', { max: this.#limits.rowsMax })
    this.#rows += 1
    const row = number ?? this.#rows
    let original = line
    try {
      const cells = read()
      original ??= asJsonLine(cells)
      return { row, kind: 'row', record: toInboundRow(cells, this.#latest), original }
    } catch (error) {
      return refusedRow(error, { row, beginning, original })
    }
  }
}

function asJsonLine(cells: Cells): string {
  return JSON.stringify(Object.fromEntries([...cells.values()].map(({ column, text }) => [column, text])))
}
