import type { Readable } from 'node:stream'
import { byteStream } from './chunks.ts'
import { csv } from './csv.ts'
import { json } from './json.ts'
import type { Table } from './table.ts'
import { xlsx } from './xlsx.ts'
import type { XlsxOptions } from './xlsx.ts'

export const tableFormats = ['xlsx', 'csv', 'json'] as const
export type TableFormat = (typeof tableFormats)[number]

/** What HTTP calls them. */
export const mediaTypes: Readonly<Record<TableFormat, string>> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
}

/**
 * The bytes of a table in a format. Rows are asked for no faster than bytes are taken; what fails in them fails the stream,
 * and who destroys the stream ends them.
 */
export function writeTable(table: Table, format: TableFormat, options: XlsxOptions): Readable {
  switch (format) {
    case 'xlsx':
      return xlsx(table, options)
    case 'csv':
      return byteStream(csv(table))
    case 'json':
      return byteStream(json(table))
  }
}
