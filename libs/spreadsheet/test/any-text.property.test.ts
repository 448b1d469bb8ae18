import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readWorkbook } from '../../../test/support/read-workbook.ts'
import { csvRecords, tableOf, textColumn, written } from './tables.ts'

/** Whatever people write comes back from a file as it was; half of a surrogate pair, which is no text, as U+FFFD. */

const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code))
const markup = [
  '"',
  "'",
  ',',
  '\r\n',
  '\n',
  '\r',
  '\t',
  '<',
  '>',
  '&',
  ']]>',
  '&amp;',
  '\0',
  '\u000B',
  '\uFFFE',
  '\uFFFF',
]
const formulas = ['=', '+', '-', '@', '＝', '_x000D_', '_x0041_x0042_', '_x005F_x000D_', '_', 'x000D_']
const spice = fc.constantFrom(...markup, ...formulas, '😀', '👨‍👩‍👧', ' ', '　', '滨河路')
const anyText = fc
  .array(fc.oneof(unit, spice, fc.string({ unit: 'binary' })), { maxLength: 12 })
  .map((parts) => parts.join(''))
const texts = fc.array(anyText, { minLength: 1, maxLength: 8 })

const inRows = (values: readonly string[]) =>
  tableOf(
    [textColumn],
    values.map((text) => ({ text })),
  )
const whole = (values: readonly string[]) => values.map((text) => text.toWellFormed())

test('through XLSX', async () => {
  await fc.assert(
    fc.asyncProperty(texts, async (values) => {
      const [sheet] = await readWorkbook(await written(inRows(values), 'xlsx'))
      expect(sheet!.rows.slice(3).map(({ A }) => A)).toEqual(whole(values))
      expect(sheet!.formulas).toBe(0)
    }),
    { numRuns: 200 },
  )
})

test('through CSV, but for the apostrophe that keeps a text from being a formula', async () => {
  await fc.assert(
    fc.asyncProperty(texts, async (values) => {
      const records = csvRecords((await written(inRows(values), 'csv')).toString().slice(1)).slice(3)
      expect(records.every((fields) => fields.length === 1 && fields[0]!.quoted)).toBe(true)
      const found = records.map(([field]) => field!.value)
      expect(found.map((text) => text.replace(/^'/u, ''))).toEqual(whole(values))
      for (const text of found) expect(text).not.toMatch(/^[=+\-@\t\r\n\0＝＋－＠]/u)
    }),
    { numRuns: 300 },
  )
})

test('through JSON', async () => {
  await fc.assert(
    fc.asyncProperty(texts, async (values) => {
      const document = JSON.parse((await written(inRows(values), 'json')).toString()) as { rows: { text: string }[] }
      expect(document.rows.map(({ text }) => text)).toEqual(whole(values))
    }),
    { numRuns: 300 },
  )
})
