import { describe, expect, test } from 'vitest'
import {
  HEADER,
  oneSheet,
  relationships,
  row,
  sheet,
  taken,
  text,
  workbookParts,
} from '../../../../test/support/workbook.ts'
import type { Parts } from '../../../../test/support/workbook.ts'
import { readAll, summary } from '../reading.ts'
import { pack, readParts, readSheetOf } from './files.ts'

const records = (id: string) => sheet(HEADER, taken(id))
const notes = sheet(row(text('填表说明')), row(text('编号'), text('必填')), row(text('备注'), text('选填')))

/** Tabs: notes, a hidden list, two lists that people see, a chart. */
function county(): Parts {
  const parts = workbookParts({
    sheets: [
      { name: '说明', content: notes },
      { name: '旧表', content: records('hidden'), state: 'hidden' },
      { name: '底稿', content: records('very hidden'), state: 'veryHidden' },
      { name: '留言 ', content: records('first') },
      { name: '2', content: records('second') },
      { name: '图表', content: sheet() },
    ],
  })
  parts['xl/_rels/workbook.xml.rels'] = String(parts['xl/_rels/workbook.xml.rels']).replace(
    /worksheet(" Target="worksheets\/sheet6.xml")/,
    'chartsheet$1',
  )
  return parts
}

const readSheet = async (wanted?: string) => {
  const { outcomes, reader } = await readParts(county(), { sheet: wanted })
  return [reader.file?.sheet, ...summary(outcomes)]
}

describe('The sheet that is read', () => {
  test('is the first that people see with a header', async () => {
    expect(await readSheet()).toEqual(['留言 ', 'first'])
  })

  test('or the one named, whatever its case, width and spaces, hidden or not', async () => {
    expect(await readSheet('留言')).toEqual(['留言 ', 'first'])
    expect(await readSheet('旧表')).toEqual(['旧表', 'hidden'])
    expect(await readSheet('底稿')).toEqual(['底稿', 'very hidden'])
  })

  test('or the one with this number among the tabs that people see; a name comes first', async () => {
    expect(await readSheet('2')).toEqual(['2', 'second'])
    expect(await readSheet('3')).toEqual(['2', 'second'])
    await expect(readSheet('1')).rejects.toMatchObject({ code: 'COLUMN_MISSING' })
  })

  test('SHEET_UNKNOWN: is none, and those that there are are named', async () => {
    for (const wanted of ['没有', '0', '9', '4', '', 'null']) {
      await expect(readSheet(wanted)).rejects.toMatchObject({
        code: 'SHEET_UNKNOWN',
        texts: { zh: `没有工作表“${wanted}”；可选的有：1 说明、旧表（隐藏）、底稿（隐藏）、2 留言 、3 2。` },
      })
    }
  })

  test('SHEET_NOT_FOUND: is none where none has a known heading', async () => {
    const parts = workbookParts({
      sheets: [
        { name: '甲', content: sheet(row(text('你好'))) },
        { name: '空', content: sheet() },
        { name: '隐', content: records('1'), state: 'hidden' },
      ],
    })
    await expect(readParts(parts)).rejects.toMatchObject({
      code: 'SHEET_NOT_FOUND',
      texts: { zh: expect.stringContaining('1 甲、2 空、隐（隐藏）') },
    })
    await expect(readParts(parts, { sheet: '空' })).rejects.toMatchObject({ code: 'HEADER_UNKNOWN' })
    await expect(readParts(workbookParts({ sheets: [] }))).rejects.toMatchObject({ code: 'SHEET_NOT_FOUND' })
  })

  test('is told with its size once it is chosen, and read with progress', async () => {
    const path = await pack(oneSheet([HEADER, taken('1')]))
    const progress: [number, number][] = []
    const { reader } = await readAll(path, { onProgress: (read, total) => progress.push([read, total]) })
    expect(reader.file).toMatchObject({ format: 'xlsx', encoding: null, sheet: '留言', sizeBytes: expect.any(Number) })
    expect(progress.length).toBeGreaterThan(0)
    expect(progress.at(-1)?.[0]).toBe(progress.at(-1)?.[1])
  })
})

describe('The header', () => {
  test('stands below a title and notes', async () => {
    const outcomes = await readSheetOf([
      row(text('2026年某县留言办理台账')),
      row(),
      row(text('填报单位：政府办'), text('时间：2026年11月')),
      HEADER,
      taken('1'),
    ])
    expect(outcomes).toMatchObject([{ row: 5, record: { externalId: '1' } }])
  })

  test('is known by the original headings and by a map, line breaks in a heading or not', async () => {
    const chinese = ['留言\n编号', ' 留言主题', '留言详情*', '留言时间：'].map(text)
    expect(summary(await readSheetOf([row(...chinese), taken('1')]))).toEqual(['1'])
    const own = oneSheet([row(...['流水', '什么事', '说明', '几时'].map(text)), taken('2')])
    await expect(readParts(own)).rejects.toMatchObject({ code: 'SHEET_NOT_FOUND' })
    const { outcomes, reader } = await readParts(own, {
      mapping: { externalId: '流水', title: '什么事', receivedAt: '几时' },
    })
    expect(summary(outcomes)).toEqual(['2'])
    expect(reader.columns?.ignored).toEqual(['说明'])
  })

  test('COLUMN_MISSING, COLUMNS_CONFLICT and HEADER_UNREADABLE, as in CSV', async () => {
    const header = (...names: string[]) => readSheetOf([row(...names.map(text))])
    await expect(header('id', 'subject')).rejects.toMatchObject({ code: 'COLUMN_MISSING' })
    await expect(header('id', '主题', '标题', 'time')).rejects.toMatchObject({ code: 'COLUMNS_CONFLICT' })
    await expect(header('id', 'body', 'time', ...Array.from({ length: 300 }, () => 'x'))).rejects.toMatchObject({
      code: 'HEADER_UNREADABLE',
    })
  })

  test('alone gives no row', async () => {
    expect(await readSheetOf([HEADER])).toEqual([])
  })
})

describe('A workbook is read', () => {
  test('as strict files write it, with prefixes and other elements beside', async () => {
    const strict = 'http://purl.oclc.org/ooxml'
    const prefixed = sheet(HEADER, taken('1'))
      .replaceAll(/<(\/?)(\w)/g, '<$1x:$2')
      .replace(/xmlns="[^"]+"/, `xmlns:x="${strict}/spreadsheetml/main" xmlns:other="urn:other"`)
      .replace('<x:sheetData>', '<other:sheetData><other:row/></other:sheetData><x:sheetData>')
    const { outcomes } = await readParts({
      '_rels/.rels': relationships([['officeDocument', '/xl/workbook.xml']]).replaceAll(
        'http://schemas.openxmlformats.org/officeDocument/2006',
        `${strict}/officeDocument`,
      ),
      'xl/workbook.xml': `<m:workbook xmlns:m="${strict}/spreadsheetml/main" xmlns:rel="${strict}/officeDocument/relationships"><m:sheets><m:sheet name="甲" rel:id="rId1"/></m:sheets></m:workbook>`,
      'xl/_rels/workbook.xml.rels': relationships([['worksheet', 'worksheets/sheet1.xml']]),
      'xl/worksheets/sheet1.xml': prefixed,
    })
    expect(summary(outcomes)).toEqual(['1'])
  })

  test('by its relationships, whatever its parts are called and whatever lies about', async () => {
    const parts = oneSheet([HEADER, row('<c t="s"><v>0</v></c>', ...['题', '文', '2026-11-01'].map(text))], {
      strings: ['<t>right</t>'],
    })
    const { outcomes } = await readParts({
      '_rels/.rels': relationships([['officeDocument', 'Daten/Mappe.xml']]),
      'Daten/Mappe.xml': parts['xl/workbook.xml']!,
      'daten/_rels/mappe.xml.rels': relationships([
        ['worksheet', '../%E8%A1%A8/一 二.xml'],
        ['sharedStrings', '/Daten/texts.xml'],
      ]),
      '表/一 二.xml': parts['xl/worksheets/sheet1.xml']!,
      'Daten/texts.xml': parts['xl/sharedStrings.xml']!,
      'xl/worksheets/sheet1.xml': sheet(HEADER, taken('wrong')),
      'xl/sharedStrings.xml': 'wrong',
    })
    expect(summary(outcomes)).toEqual(['right'])
  })

  test('in UTF-16, too', async () => {
    const parts = oneSheet([HEADER, taken('1')])
    const content = parts['xl/worksheets/sheet1.xml'] as string
    const little = Buffer.from(`\uFEFF<?xml version="1.0" encoding="UTF-16"?>${content}`, 'utf16le')
    for (const bytes of [little, Buffer.from(little).swap16()]) {
      const { outcomes } = await readParts({ ...parts, 'xl/worksheets/sheet1.xml': bytes })
      expect(summary(outcomes)).toEqual(['1'])
    }
  })

  test('as a zip file without compression and as zip64, which programs write for small sheets, too', async () => {
    for (const packing of [{ compress: false }, { zip64: true }]) {
      const { outcomes } = await readAll(await pack(oneSheet([HEADER, taken('1')]), packing))
      expect(summary(outcomes)).toEqual(['1'])
    }
  })

  test('whatever it is called, and what is called so is read as what it is', async () => {
    const { reader } = await readAll(await pack(oneSheet([HEADER, taken('1')]), { name: 'export.csv' }))
    expect(reader.file?.format).toBe('xlsx')
  })
})
