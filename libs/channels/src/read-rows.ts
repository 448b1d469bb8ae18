import type { ColumnReport } from './columns.ts'
import { Columns } from './columns.ts'
import type { CsvRecord } from './csv.ts'
import { CsvReader } from './csv.ts'
import type { Encoding } from './encoding.ts'
import { decodeText, judgeEncoding } from './encoding.ts'
import type { FileFormat } from './format.ts'
import { judgeFormat, refuseOtherFormats } from './format.ts'
import type { InboundField, ReadLimits, RowOutcome } from './inbound.ts'
import { EXCERPT_CHARACTERS_MAX, readLimits } from './inbound.ts'
import { jsonCells } from './json.ts'
import { readLines } from './lines.ts'
import { FileRefused, printable, rowRefusals, say } from './refusals.ts'
import type { Cells } from './row.ts'
import { RowRefused, toInboundRow } from './row.ts'
import type { ReopenableSource } from './source.ts'
import { fileSource, readHead } from './source.ts'
import { latestTime } from './time.ts'

export interface ReadRowsOptions {
  /** `auto`: by the file's extension, else by its first character. */
  format: FileFormat | 'auto'
  /** The instant (UTC, milliseconds) that the future is told by. */
  now: string
  /** A column map as it was loaded from elsewhere; checked here against `columnMap`. */
  mapping?: unknown
  limits?: Partial<ReadLimits>
  /** After each chunk: how many bytes of the file have been read. The file was read through once before, for its encoding. */
  onProgress?: (bytesRead: number, bytesTotal: number) => void
}

/** The rows of one file, to be iterated once. */
export interface RowReader extends AsyncIterable<RowOutcome> {
  /** What the file turned out to be; null until its first row has been given out or, for an empty table, it has ended. */
  readonly file: { format: FileFormat; encoding: Encoding; sizeBytes: number } | null
  /** Which columns were used and which ignored: from the header of CSV, from the rows so far of JSON Lines. Null as long as `file`. */
  readonly columns: ColumnReport | null
}

/**
 * Reads a file of messages or posts: CSV with a header, or JSON Lines. Gives one outcome a data row, in the order of the
 * file, and never stops at a bad row. Memory stays flat whatever the file holds. Throws `FileRefused` MAPPING_INVALID at
 * once; iterating throws `FileRefused`, with a `code`, when the file as a whole can't be read, or not beyond the rows
 * given so far (FILE_CHANGED, TOO_MANY_ROWS), and RangeError when it is iterated twice.
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
  #row = 0

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
    refuseOtherFormats(head)
    const judged = await judgeEncoding(source, head)
    const wanted = this.#options.format
    const format = wanted === 'auto' ? judgeFormat(source.name, new TextDecoder(judged.encoding).decode(head)) : wanted
    this.file = { format, encoding: judged.encoding, sizeBytes: judged.sizeBytes }
    const text = decodeText(source, judged, (bytesRead) => this.#options.onProgress?.(bytesRead, judged.sizeBytes))
    yield* format === 'csv' ? this.#csvRows(text) : this.#jsonRows(text)
  }

  async *#jsonRows(text: AsyncIterable<string>): AsyncGenerator<RowOutcome> {
    const { recordCharactersMax: max, columnsMax } = this.#limits
    for await (const line of readLines(text, max, EXCERPT_CHARACTERS_MAX)) {
      yield line.kind === 'line'
        ? this.#outcome(line.text, line.text, () => jsonCells(line.text, this.#columns, columnsMax))
        : this.#outcome(line.beginning, null, () => {
            throw new RowRefused('ROW_TOO_LONG', { max })
          })
    }
    if (this.#row === 0) throw new FileRefused('FILE_EMPTY')
  }

  async *#csvRows(text: AsyncIterable<string>): AsyncGenerator<RowOutcome> {
    let header: Header | null = null
    for await (const record of csvRecords(new CsvReader(this.#limits, EXCERPT_CHARACTERS_MAX), text)) {
      if (header) {
        const known = header
        yield this.#outcome(record.beginning, null, () => csvCells(record, known))
      } else header = readHeader(record, this.#columns)
    }
    if (!header) throw new FileRefused('FILE_EMPTY')
  }

  #outcome(beginning: string, line: string | null, read: () => Cells): RowOutcome {
    if (this.#row === this.#limits.rowsMax) throw new FileRefused('TOO_MANY_ROWS', { max: this.#limits.rowsMax })
    this.#row += 1
    const row = this.#row
    let original = line
    try {
      const cells = read()
      original ??= asJsonLine(cells)
      return { row, kind: 'row', record: toInboundRow(cells, this.#latest), original }
    } catch (error) {
      if (!(error instanceof RowRefused)) throw error
      const { code, details } = error
      return {
        row,
        kind: 'refused',
        code,
        message: say(rowRefusals[code], details),
        excerpt: printable(beginning, EXCERPT_CHARACTERS_MAX),
        original,
      }
    }
  }
}

interface Header {
  names: string[]
  fields: (InboundField | null)[]
}

async function* csvRecords(reader: CsvReader, text: AsyncIterable<string>): AsyncGenerator<CsvRecord> {
  for await (const chunk of text) yield* reader.read(chunk)
  yield* reader.finish()
}

function readHeader(record: CsvRecord, columns: Columns): Header {
  if (record.kind === 'failed') {
    throw new FileRefused('HEADER_UNREADABLE', { ...say(rowRefusals[record.code], record.details) })
  }
  const names = record.cells.map((cell) => cell.trim())
  return { names, fields: columns.ofHeader(names) }
}

function csvCells(record: CsvRecord, header: Header): Cells {
  if (record.kind === 'failed') throw new RowRefused(record.code, record.details)
  const expected = header.names.length
  const found = record.cells.length
  const beyond = record.cells.slice(expected)
  if (found < expected || beyond.some((cell) => cell.trim() !== '')) {
    throw new RowRefused('COLUMN_COUNT', { found, expected })
  }
  const cells: Cells = new Map()
  for (const [index, field] of header.fields.entries()) {
    if (field) cells.set(field, { column: header.names[index] ?? '', text: record.cells[index] ?? '' })
  }
  return cells
}

function asJsonLine(cells: Cells): string {
  return JSON.stringify(Object.fromEntries([...cells.values()].map(({ column, text }) => [column, text])))
}
