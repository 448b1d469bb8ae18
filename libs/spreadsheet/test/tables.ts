import type { Readable } from 'node:stream'
import { writeTable } from '#spreadsheet'
import type { Column, Row, Table, TableFormat } from '#spreadsheet'

export const AT = Date.UTC(2026, 10, 23, 1, 30)

export function tableOf(columns: readonly Column[], rows: Iterable<Row> | AsyncIterable<Row>): Table {
  return { name: '台账', head: ['台账', '2026年'], columns, rows: onAndOn(rows), facts: { report: 'ledger' } }
}

async function* onAndOn(rows: Iterable<Row> | AsyncIterable<Row>): AsyncGenerator<Row> {
  for await (const row of rows) yield row
}

export const textColumn: Column = { key: 'text', heading: '文字', type: 'text', width: 20 }

export async function bytesOf(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

export function written(table: Table, format: TableFormat): Promise<Buffer> {
  return bytesOf(writeTable(table, format, { at: AT }))
}

/** Records of a CSV file as RFC 4180 describes it, each field with whether it was quoted. */
export function csvRecords(text: string): { value: string; quoted: boolean }[][] {
  const records: { value: string; quoted: boolean }[][] = []
  let record: { value: string; quoted: boolean }[] = []
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy
  for (let match = field.exec(text); match !== null; match = field.exec(text)) {
    const [, quoted, plain = '', end] = match
    record.push({ value: quoted?.replaceAll('""', '"') ?? plain, quoted: quoted !== undefined })
    if (end === '\r\n') records.push(record.splice(0))
    if (field.lastIndex === text.length) return records
  }
  throw new Error(`no CSV: ${JSON.stringify(text.slice(0, 80))}`)
}
