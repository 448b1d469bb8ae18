import { finished, pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { tableFormats, writeTable } from '#spreadsheet'
import type { Row } from '#spreadsheet'
import { MeasuredSink } from '../../../test/support/measured.ts'
import { AT, tableOf, textColumn } from './tables.ts'

const options = { at: AT }

/** Rows, and what became of them. */
function rowsOf(count: number, fail?: Error) {
  const seen = { asked: 0, ended: false }
  async function* rows(): AsyncGenerator<Row> {
    try {
      for (let index = 0; index < count; index += 1) {
        seen.asked += 1
        yield { text: `第${index}行：${'路面破损，夜里骑车很危险。'.repeat(20)}` }
      }
      if (fail) throw fail
    } finally {
      seen.ended = true
    }
  }
  return { seen, rows: rows() }
}

describe.each(tableFormats)('%s', (format) => {
  test('100,000 rows pass in flat memory', { timeout: 60_000 }, async () => {
    const { rows } = rowsOf(100_000)
    const sink = new MeasuredSink(format === 'xlsx' ? 2 : 20)
    await pipeline(writeTable(tableOf([textColumn], rows), format, options), sink)
    // The texts alone are 80 MB; a workbook holds them packed.
    expect(sink.bytes).toBeGreaterThan(format === 'xlsx' ? 500_000 : 70_000_000)
    expect(sink.measurements).toBeGreaterThan(5)
    expect(sink.mostHeldBytes).toBeLessThan(16 * 1024 * 1024)
  })

  test('rows wait for a reader who does not read', async () => {
    const { seen, rows } = rowsOf(100_000)
    const stream = writeTable(tableOf([textColumn], rows), format, options)
    stream.read(1)
    let asked = -1
    while (asked !== seen.asked) {
      asked = seen.asked
      await wait(30)
    }
    // A few chunks of 64 KiB, in a workbook before they are packed.
    expect(asked).toBeLessThan(format === 'xlsx' ? 50_000 : 2_000)
    stream.destroy()
  })

  test('a row that fails fails the stream', async () => {
    const { rows } = rowsOf(3, new Error('the disk is gone'))
    const stream = writeTable(tableOf([textColumn], rows), format, options)
    stream.resume()
    await expect(finished(stream)).rejects.toThrow('the disk is gone')
  })

  test('a reader who goes away ends the rows', async () => {
    const { seen, rows } = rowsOf(100_000)
    const stream = writeTable(tableOf([textColumn], rows), format, options)
    stream.resume()
    while (seen.asked === 0) await wait(1)
    stream.destroy()
    while (!seen.ended) await wait(5)
    expect(seen.asked).toBeLessThan(100_000)
  })
})
