import type { Columns } from './columns.ts'
import type { CsvRecord } from './csv.ts'
import { CsvReader } from './csv.ts'
import type { InboundField, ReadLimits } from './inbound.ts'
import { EXCERPT_CHARACTERS_MAX } from './inbound.ts'
import type { RawRow } from './raw-row.ts'
import { FileRefused, rowRefusals, say } from './refusals.ts'
import type { Cells } from './row.ts'
import { RowRefused } from './row.ts'

interface Header {
  names: string[]
  fields: (InboundField | null)[]
}

/** The rows below the header of CSV. Throws `FileRefused` where there is no header, or none that can be read. */
export async function* csvRows(
  text: AsyncIterable<string>,
  columns: Columns,
  limits: ReadLimits,
): AsyncGenerator<RawRow> {
  let header: Header | null = null
  for await (const record of csvRecords(new CsvReader(limits, EXCERPT_CHARACTERS_MAX), text)) {
    if (header) {
      const known = header
      yield { beginning: record.beginning, original: null, read: () => csvCells(record, known) }
    } else header = readHeader(record, columns)
  }
  if (!header) throw new FileRefused('FILE_EMPTY')
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
