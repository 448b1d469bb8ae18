import { readFile, truncate, writeFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import type { FileRefusalCode } from '#channels'
import { FileRefused, readRows } from '#channels'
import {
  HEADER,
  oneSheet,
  packed,
  relationships,
  row,
  sheet,
  taken,
  text,
  workbookParts,
} from '../../../../test/support/workbook.ts'
import type { Parts } from '../../../../test/support/workbook.ts'
import { NOW, readAll, summary } from '../reading.ts'
import { fileOf, pack, readParts } from './files.ts'

const good = (): Parts => oneSheet([HEADER, taken('1')], { strings: ['<t>甲</t>'], formats: [14] })

async function refusal(path: string): Promise<FileRefused> {
  const error = await readAll(path).catch((error: unknown) => error)
  if (!(error instanceof FileRefused)) throw new Error('The file was not refused.', { cause: error })
  expect(error.texts.zh).toMatch(/请/)
  expect(`${error.texts.zh}${error.texts.en}`).not.toMatch(/\{\w+\}/)
  return error
}

/** A compound file (OLE) with a directory of these names. */
function compoundFile(...names: string[]): Buffer {
  const bytes = Buffer.alloc(512 * 12)
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(bytes)
  for (const [index, name] of ['Root Entry', ...names].entries()) {
    bytes.write(name, 512 * 9 + index * 128, 'utf16le')
  }
  return bytes
}

describe('A file is refused, saying what to do', () => {
  const files: [FileRefusalCode, string, () => Promise<Buffer> | Buffer][] = [
    ['XLS_OUTDATED', 'an old .xls', () => compoundFile('Workbook', '\u0005SummaryInformation')],
    ['XLS_OUTDATED', 'a still older .xls', () => compoundFile('Book')],
    [
      'WORKBOOK_ENCRYPTED',
      'an .xlsx with a password',
      () => compoundFile('\u0006DataSpaces', 'Version', 'EncryptionInfo', 'EncryptedPackage'),
    ],
    ['FORMAT_UNSUPPORTED', 'an old .doc', () => compoundFile('WordDocument', 'EncryptedPackages')],
    [
      'FORMAT_UNSUPPORTED',
      'a web page that is called .xls',
      () => Buffer.from('\n<html><table><tr><td>编号</td></tr></table></html>'),
    ],
    ['FORMAT_UNSUPPORTED', 'XML of Excel 2003', () => Buffer.from('<?xml version="1.0"?><Workbook/>')],
    ['WORKBOOK_MISSING', 'an archive', () => packed({ '留言.csv': 'id,body,time\n' })],
    ['WORKBOOK_MISSING', 'an empty archive', () => packed({})],
    [
      'WORKBOOK_MISSING',
      'an .ods',
      () => packed({ mimetype: 'application/vnd.oasis.opendocument.spreadsheet', 'content.xml': '<a/>' }),
    ],
    [
      'WORKBOOK_MISSING',
      'a .docx',
      () =>
        packed({
          '_rels/.rels': relationships([['officeDocument', 'word/document.xml']]),
          'word/document.xml': '<w:document xmlns:w="urn:w"/>',
        }),
    ],
    [
      'WORKBOOK_MISSING',
      'an .xlsb',
      () =>
        packed({ '_rels/.rels': relationships([['officeDocument', 'xl/workbook.bin']]), 'xl/workbook.bin': '\u0001' }),
    ],
    [
      'WORKBOOK_MISSING',
      'one whose workbook lies elsewhere in the web',
      () =>
        packed({
          '_rels/.rels': relationships([['officeDocument', 'https://example.com/xl/workbook.xml']]),
          'xl/workbook.xml': '<a/>',
        }),
    ],
    ['WORKBOOK_DAMAGED', 'the first bytes of a zip file', () => Buffer.from('PK\u0003\u0004')],
    ['WORKBOOK_DAMAGED', 'one cut off in the middle', async () => (await packed(good())).subarray(0, 900)],
    ['WORKBOOK_DAMAGED', 'one cut off at its last byte', async () => (await packed(good())).subarray(0, -1)],
    [
      'WORKBOOK_DAMAGED',
      'one whose start is missing',
      async () => {
        const bytes = await packed(good())
        return Buffer.concat([bytes.subarray(0, 4), bytes.subarray(200)])
      },
    ],
  ]
  test.each(files)('%s: %s', async (code, _, bytes) => {
    for (const name of ['book.xlsx', 'book.csv', 'book']) {
      expect((await refusal(await fileOf(await bytes(), name))).code).toBe(code)
    }
  })

  test('but CSV and JSON that are called .xlsx are read as what they are', async () => {
    expect(summary((await readAll(await fileOf('id,body,time\n1,x,2026-11-01\n', 'a.xlsx'))).outcomes)).toEqual(['1'])
    const list = '[{"id":"1","body":"x","time":"2026-11-01"}]'
    expect(summary((await readAll(await fileOf(list, 'a.xlsx'))).outcomes)).toEqual(['1'])
  })

  test('WORKBOOK_ENCRYPTED: parts that are encrypted by the zip program', async () => {
    const bytes = await packed(good())
    for (const at of headersOf(bytes)) bytes.writeUInt16LE(bytes.readUInt16LE(at + 8) | 1, at + 8)
    expect((await refusal(await fileOf(bytes, 'book.xlsx'))).code).toBe('WORKBOOK_ENCRYPTED')
  })
})

describe('WORKBOOK_DAMAGED:', () => {
  const damaged: [string, string, Parts][] = [
    [
      'XML that is not well-formed',
      'unclosed tag',
      { 'xl/workbook.xml': String(good()['xl/workbook.xml']).replace('</workbook>', '') },
    ],
    [
      'an entity that nobody declared',
      'undefined entity',
      { 'xl/sharedStrings.xml': String(good()['xl/sharedStrings.xml']).replace('甲', '&x;') },
    ],
    ['bytes that are no UTF-8', 'invalid utf-8', { 'xl/styles.xml': Buffer.from([0x3c, 0x61, 0xff, 0x3e]) }],
    [
      'a part that ends within a character',
      'invalid utf-8',
      { 'xl/styles.xml': Buffer.from([0x3c, 0x61, 0x2f, 0x3e, 0xe8]) },
    ],
    ['an empty part', 'root element', { 'xl/styles.xml': '' }],
    [
      'a sheet that is none',
      'is no sheet',
      { 'xl/worksheets/sheet1.xml': '<html xmlns="http://www.w3.org/1999/xhtml"/>' },
    ],
    [
      'rows that go backwards',
      'row 1 after row 1',
      { 'xl/worksheets/sheet1.xml': sheet('<row r="1"/>', '<row r="1"/>') },
    ],
    ['rows beyond the last', 'row 1048577', { 'xl/worksheets/sheet1.xml': sheet('<row r="1048577"/>') }],
    ['a row that is nowhere', 'row x', { 'xl/worksheets/sheet1.xml': sheet('<row r="x"/>') }],
    [
      'cells that go backwards',
      'cell A1 after column 2',
      { 'xl/worksheets/sheet1.xml': sheet('<row><c r="B1"/><c r="A1"/></row>') },
    ],
    ['cells beyond the last column', 'cell XFE1', { 'xl/worksheets/sheet1.xml': sheet('<row><c r="XFE1"/></row>') }],
  ]
  test.each(damaged)('%s', async (_, reason, changes) => {
    await expect(readParts({ ...good(), ...changes })).rejects.toMatchObject({
      code: 'WORKBOOK_DAMAGED',
      message: expect.stringContaining(reason),
    })
  })

  test('a sheet that is announced and not there', async () => {
    const { 'xl/worksheets/sheet1.xml': _, ...parts } = good()
    await expect(readParts(parts)).rejects.toMatchObject({ code: 'WORKBOOK_DAMAGED' })
  })

  test('a part that is two sheets', async () => {
    const parts = workbookParts({ sheets: [1, 2].map((index) => ({ name: `${index}`, content: sheet() })) })
    const part = 'xl/_rels/workbook.xml.rels'
    const same = { ...parts, [part]: String(parts[part]).replace('sheet2.xml', 'sheet1.xml') }
    await expect(readParts(same)).rejects.toMatchObject({ code: 'WORKBOOK_DAMAGED' })
  })

  test('a flipped bit anywhere in the sheet, though it unpacks, before any row is given out', async () => {
    const parts = oneSheet([HEADER, ...Array.from({ length: 2000 }, (_, index) => taken(`${index}`))])
    const path = await pack(parts, { compress: false })
    const bytes = await readFile(path)
    const at = bytes.indexOf('>1999<')
    bytes[at + 1] = 0x32
    await writeFile(path, bytes)
    const rows = readRows(path, { format: 'auto', now: NOW })[Symbol.asyncIterator]()
    await expect(rows.next()).rejects.toMatchObject({ code: 'WORKBOOK_DAMAGED' })
  })

  test('a part that stands twice, so that nobody knows which one counts', async () => {
    const bytes = await packed({ ...good(), 'xl/stylez.xml': '<a/>' })
    const twice = Buffer.from(bytes.toString('latin1').replaceAll('stylez', 'styleS'), 'latin1')
    await expect(readAll(await fileOf(twice, 'book.xlsx'))).rejects.toMatchObject({
      code: 'WORKBOOK_DAMAGED',
      message: expect.stringContaining('stands twice'),
    })
  })

  test('any single byte of a workbook changed: it is refused with a code, or nothing was lost', async () => {
    const bytes = await packed(good())
    const path = await fileOf(bytes, 'book.xlsx')
    for (let at = 4; at < bytes.length; at += 7) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 0x55
      await writeFile(path, changed)
      const read = await readAll(path).then(
        ({ outcomes }) => summary(outcomes),
        (error: unknown) => error,
      )
      if (read instanceof FileRefused) expect(read.code).toMatch(/^(?:WORKBOOK|SHEET)_/)
      else expect(read).toEqual(['1'])
    }
  })
})

test('FILE_CHANGED: a workbook that is cut off while it is read', async () => {
  const parts = oneSheet([
    HEADER,
    ...Array.from({ length: 20_000 }, (_, index) =>
      row(text(`${index}`), text(`${Math.sin(index)}`), text('文'), text('2026-11-01')),
    ),
  ])
  const path = await pack(parts)
  let rows = 0
  const reading = async () => {
    for await (const _ of readRows(path, { format: 'auto', now: NOW })) {
      rows += 1
      if (rows === 1) await truncate(path, 1000)
    }
  }
  await expect(reading()).rejects.toMatchObject({ code: 'FILE_CHANGED' })
  expect(rows).toBeLessThan(20_000)
})

/** Where the central directory's entries begin. */
function headersOf(bytes: Buffer): number[] {
  const found: number[] = []
  const mark = Buffer.from('PK\u0001\u0002')
  for (let at = bytes.indexOf(mark); at !== -1; at = bytes.indexOf(mark, at + 1)) found.push(at)
  return found
}
