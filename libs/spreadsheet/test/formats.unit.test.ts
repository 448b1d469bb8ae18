import { describe, expect, test } from 'vitest'
import { mediaTypes, tableFormats } from '#spreadsheet'
import type { Column, Row } from '#spreadsheet'
import { readWorkbook, unzipped } from '../../../test/support/read-workbook.ts'
import { bytesOf, csvRecords, tableOf, textColumn, written } from './tables.ts'
import { xlsx } from '../src/xlsx.ts'

const columns: Column[] = [
  { key: 'title', heading: '标题', type: 'text', width: 40 },
  { key: 'count', heading: '件数', type: 'number', width: 8 },
  { key: 'share', heading: '及时率', type: 'percent', width: 10 },
  { key: 'day', heading: '期限', type: 'date', width: 12 },
  { key: 'at', heading: '收到时间', type: 'time', width: 18 },
  { key: 'inTime', heading: '是否按时', type: 'yes-no', width: 8 },
]
const full: Row = {
  title: '滨河路路面“破损”',
  count: 1786,
  share: 674 / 1786,
  day: '2026-09-30',
  at: '2026-03-06T12:00:00.000Z',
  inTime: true,
}
const empty: Row = { title: null, count: null, share: null, day: null, at: null, inTime: null }
const late: Row = { ...empty, title: '', count: 0, share: 0, inTime: false }
const rows = [full, empty, late]

describe('XLSX', () => {
  test('holds the head, the headings and each cell as what it is', async () => {
    const [sheet, ...others] = await readWorkbook(await written(tableOf(columns, rows), 'xlsx'))
    expect(others).toEqual([])
    expect(sheet).toMatchObject({ name: '台账', formulas: 0, widths: [40, 8, 10, 12, 18, 8] })
    expect(sheet!.rows).toEqual([
      { A: '台账' },
      { A: '2026年' },
      { A: '标题', B: '件数', C: '及时率', D: '期限', E: '收到时间', F: '是否按时' },
      // 2026-09-30 is day 46,295 as spreadsheets count; the sixth of March, eight in the evening, is five sixths into its day.
      {
        A: '滨河路路面“破损”',
        B: 1786,
        C: 674 / 1786,
        D: 46_295,
        E: expect.closeTo(46_087 + 20 / 24, 9) as number,
        F: '是',
      },
      {},
      { A: '', B: 0, C: 0, F: '否' },
    ])
    expect(sheet!.formats).toMatchObject({
      B4: '3', // #,##0
      C4: '0.0%',
      D4: String.raw`yyyy\-mm\-dd`,
      E4: String.raw`yyyy\-mm\-dd\ hh:mm`,
    })
  })

  test('keeps the headings in sight, prints them on every page and lets rows be filtered', async () => {
    const file = await written(tableOf(columns, rows), 'xlsx')
    const [sheet] = await readWorkbook(file)
    expect(sheet).toMatchObject({ firstScrollingCell: 'A4', filter: 'A3:F6' })
    const parts = await unzipped(file)
    expect(parts.get('xl/workbook.xml')).toContain(`localSheetId="0">'台账'!$3:$3<`)
    // Long texts are wrapped, and stay texts when somebody edits their cell.
    expect(parts.get('xl/styles.xml')).toContain('quotePrefix="1"><alignment vertical="top" wrapText="1"/>')
  })

  test('a moment before midnight is of its own day', async () => {
    const table = tableOf([{ ...textColumn, type: 'time' }], [{ text: '2026-03-13T15:59:59.999Z' }])
    const [sheet] = await readWorkbook(await written(table, 'xlsx'))
    expect(sheet!.rows.at(-1)!['A']).toBeCloseTo(46_094 + 1439 / 1440, 9)
  })

  test('without rows is a whole workbook, too', async () => {
    const [sheet] = await readWorkbook(await written(tableOf(columns, []), 'xlsx'))
    expect(sheet!.rows).toHaveLength(3)
    expect(sheet!.filter).toBeNull()
  })

  test('goes on in another sheet where one is full, headings and all', async () => {
    const table = tableOf(
      [textColumn],
      ['甲', '乙', '丙', '丁', '戊'].map((text) => ({ text })),
    )
    const sheets = await readWorkbook(await bytesOf(xlsx(table, { at: 0, rowsPerSheetMax: 5 })))
    expect(sheets.map(({ name, rows }) => [name, rows.slice(2).map(({ A }) => A)])).toEqual([
      ['台账', ['文字', '甲', '乙']],
      ['台账 (2)', ['文字', '丙', '丁']],
      ['台账 (3)', ['文字', '戊']],
    ])
    const exactly = await bytesOf(
      xlsx(tableOf([textColumn], [{ text: '甲' }, { text: '乙' }]), { at: 0, rowsPerSheetMax: 5 }),
    )
    expect(await readWorkbook(exactly)).toHaveLength(1)
  })

  test('cuts a text that no cell takes, and says so in the cell', async () => {
    const text = '长'.repeat(40_000)
    const [sheet] = await readWorkbook(await written(tableOf([textColumn], [{ text }]), 'xlsx'))
    const cell = String(sheet!.rows.at(-1)!['A'])
    expect(cell).toHaveLength(32_767)
    expect(cell.endsWith('…（过长，已截断）')).toBe(true)
  })

  test('columns beyond Z are lettered as spreadsheets do', async () => {
    const many = Array.from({ length: 30 }, (_, index) => ({ ...textColumn, key: `k${index}` }))
    const [sheet] = await readWorkbook(await written(tableOf(many, [{ k0: 'first', k26: 'AA', k29: 'AD' }]), 'xlsx'))
    expect(sheet!.rows.at(-1)).toEqual({ A: 'first', AA: 'AA', AD: 'AD' })
  })

  test('the same table at the same time gives the same bytes', async () => {
    const [one, other] = await Promise.all([
      written(tableOf(columns, rows), 'xlsx'),
      written(tableOf(columns, rows), 'xlsx'),
    ])
    expect(one.equals(other)).toBe(true)
  })
})

describe('CSV', () => {
  test('is what Excel in China opens: UTF-8 with a byte order mark, CR LF, texts quoted, numbers not', async () => {
    const text = (await written(tableOf(columns, rows), 'csv')).toString()
    expect(text).toBe(
      [
        '\uFEFF"台账"',
        '"2026年"',
        '"标题","件数","及时率","期限","收到时间","是否按时"',
        '"滨河路路面“破损”",1786,37.7%,"2026-09-30","2026-03-06 20:00",是',
        ',,,,,',
        '"",0,0.0%,,,否',
        '',
      ].join('\r\n'),
    )
  })

  test.each([
    '=1+1',
    '+8613800000000',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '＝1',
    '＋1',
    '－1',
    '＠1',
    "'=1",
    '\0=1',
  ])('a text that begins as a formula does, %j, begins with an apostrophe instead', async (text) => {
    const file = (await written(tableOf([textColumn], [{ text }]), 'csv')).toString()
    expect(csvRecords(file.slice(1)).at(-1)).toEqual([{ value: `'${text}`, quoted: true }])
  })

  test('the headings and the head are guarded as cells are', async () => {
    const table = { ...tableOf([{ ...textColumn, heading: '=A1' }], []), head: ['=B1'] }
    expect((await written(table, 'csv')).toString()).toBe(`\uFEFF"'=B1"\r\n"'=A1"\r\n`)
  })

  test('a number below nothing is a number', async () => {
    const table = tableOf([{ ...textColumn, type: 'number' }], [{ text: -3 }])
    expect((await written(table, 'csv')).toString().endsWith('\r\n-3\r\n')).toBe(true)
  })
})

describe('JSON', () => {
  test('is one document: facts, columns, rows with plain values, and how many', async () => {
    const text = (await written(tableOf(columns, rows), 'json')).toString()
    expect(JSON.parse(text)).toEqual({
      report: 'ledger',
      columns: columns.map(({ key, heading, type }) => ({ key, heading, type })),
      rows,
      count: 3,
    })
    expect(text.split('\n')).toHaveLength(6)
  })

  test('without rows is a document, too', async () => {
    expect(JSON.parse((await written(tableOf(columns, []), 'json')).toString())).toMatchObject({ rows: [], count: 0 })
  })
})

test('every format has its media type', () => {
  expect(Object.keys(mediaTypes)).toEqual([...tableFormats])
})
