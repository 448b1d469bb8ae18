import { readFile, readdir, stat, writeFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { readRows } from '#channels'
import type { ReadRowsOptions, RowOutcome } from '#channels'
import {
  HEADER,
  number,
  oneSheet,
  row,
  shared,
  sharedStrings,
  sheet,
  taken,
  text,
  workbookParts,
} from '../../../../test/support/workbook.ts'
import type { Part, Parts } from '../../../../test/support/workbook.ts'
import { NOW, readAll, summary } from '../reading.ts'
import { fileOf, pack, readParts } from './files.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

/** In thousands; a million, as many as a sheet takes, by HUIYING_SHEET_ROWS. */
const ROWS = Number(process.env['HUIYING_SHEET_ROWS'] ?? 200_000)
const MIB = 1024 * 1024
/** What reading may add to the memory in use at its peak, garbage included. */
const GROWTH_BYTES_MAX = 128 * MIB

/** What reading came to: rows, the code of a refusal, and the peak of growth in memory. */
async function readHostile(path: string, options: Partial<ReadRowsOptions> = {}) {
  const inUse = () => process.memoryUsage().rss
  const before = inUse()
  let peak = before
  let rows = 0
  let last: RowOutcome | null = null
  let code: unknown = null
  const watch = setInterval(() => (peak = Math.max(peak, inUse())), 5)
  try {
    for await (const outcome of readRows(path, { format: 'auto', now: NOW, ...options })) {
      rows += 1
      last = outcome
      if (rows % 1000 === 0) peak = Math.max(peak, inUse())
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    code = error.code
  } finally {
    clearInterval(watch)
  }
  return { rows, last, code, growthBytes: Math.max(peak, inUse()) - before }
}

function* repeated(times: number, piece: string, before = '', after = ''): Generator<string> {
  yield before
  const block = piece.repeat(Math.max(1, Math.floor((64 * 1024) / piece.length)))
  for (let left = times * piece.length; left > 0; left -= block.length) yield block.slice(0, left)
  yield after
}

const withSheet = (content: Part): Parts => workbookParts({ sheets: [{ name: '甲', content }] })
const sheetAround = (times: number, piece: string) => {
  const [before = '', after = ''] = sheet(HEADER, taken('1'), '|').split('|')
  return () => repeated(times, piece, before, after)
}

/** Writes other sizes into the zip file's directory, as an attacker would. */
async function declare(path: string, part: string, sizeBytes: number): Promise<void> {
  const bytes = await readFile(path)
  const name = bytes.lastIndexOf(part) // the directory comes last
  bytes.writeUInt32LE(sizeBytes, name - 46 + 24)
  await writeFile(path, bytes)
}

describe('A zip bomb', () => {
  test('that declares its size is refused unread', async () => {
    const path = await pack(withSheet(() => repeated(64 * MIB, ' ')))
    const { code, growthBytes } = await readHostile(path)
    expect((await stat(path)).size).toBeLessThan(MIB)
    expect(code).toBe('WORKBOOK_TOO_LARGE')
    expect(growthBytes).toBeLessThan(GROWTH_BYTES_MAX)
  })

  test('that declares to be as dense as text, but as large as a disk, is refused unread', async () => {
    const path = await pack(oneSheet([HEADER, taken('1')]))
    await declare(path, 'xl/worksheets/sheet1.xml', 0xfffffff0)
    expect((await readHostile(path)).code).toBe('WORKBOOK_TOO_LARGE')
  })

  test('whose parts only together are too large is refused unread', async () => {
    const parts = oneSheet([HEADER, taken('1')])
    for (let index = 0; index < 40; index += 1) parts[`xl/media/${index}.bin`] = Buffer.alloc(1000)
    const { code } = await readHostile(await pack(parts), { limits: { unpackedBytesMax: 40_000 } })
    expect(code).toBe('WORKBOOK_TOO_LARGE')
  })

  test('that lies about its size is read no further than it declares', async () => {
    const path = await pack(withSheet(sheetAround(256 * MIB, ' ')))
    await declare(path, 'xl/worksheets/sheet1.xml', 10_000)
    const { rows, code, growthBytes } = await readHostile(path)
    expect([rows, code]).toEqual([0, 'WORKBOOK_SIZE_FALSE'])
    expect(growthBytes).toBeLessThan(GROWTH_BYTES_MAX)
  })

  test('of parts without number is refused unread', async () => {
    const parts = oneSheet([HEADER])
    for (let index = 0; index < 5000; index += 1) parts[`a/${index}`] = ''
    expect((await readHostile(await pack(parts, { compress: false }))).code).toBe('WORKBOOK_TOO_LARGE')
  })

  test('of zip64, declaring what no disk holds, is refused unread', async () => {
    const path = await pack(oneSheet([HEADER, taken('1')]), { zip64: true })
    const bytes = await readFile(path)
    const directory = bytes.lastIndexOf('xl/worksheets/sheet1.xml')
    const extra = bytes.indexOf(Buffer.from([1, 0]), directory)
    bytes.writeBigUInt64LE(2n ** 60n, extra + 4)
    await writeFile(path, bytes)
    expect((await readHostile(path)).code).toBe('WORKBOOK_TOO_LARGE')
  })
})

describe('A shared-strings bomb', () => {
  const bodies = (count: number) =>
    oneSheet([
      HEADER,
      ...Array.from({ length: count }, (_, index) => row(number(index), text('题'), shared(0), text('2026-11-01'))),
    ])

  test('of more texts than may be shared is refused in flat memory', async () => {
    const parts = bodies(1)
    parts['xl/_rels/workbook.xml.rels'] = String(oneSheet([], { strings: [] })['xl/_rels/workbook.xml.rels'])
    const si = `<si><t>${'路灯不亮'.repeat(25)}</t></si>`
    const [before = '', after = ''] = sharedStrings(['|']).split('<si>|</si>')
    const path = await pack({ ...parts, 'xl/sharedStrings.xml': () => repeated(200_000, si, before, after) })
    const { code, growthBytes } = await readHostile(path, { limits: { sharedCharactersMax: 16 * MIB } })
    expect(code).toBe('WORKBOOK_TOO_LARGE')
    expect(growthBytes).toBeLessThan(GROWTH_BYTES_MAX)
  })

  test('of one text that is named again and again gives no more than a sheet may hold', async () => {
    const parts = { ...bodies(1000), ...oneSheet([], { strings: [`<t>${'长'.repeat(50_000)}</t>`] }) }
    parts['xl/worksheets/sheet1.xml'] = bodies(1000)['xl/worksheets/sheet1.xml']!
    const path = await pack(parts)
    const { rows, code } = await readHostile(path, { limits: { sheetCharactersMax: 5 * MIB } })
    expect(code).toBe('WORKBOOK_TOO_LARGE')
    expect(rows).toBe(104)
    expect((await readHostile(path)).rows).toBe(1000)
  })

  test('of a text of runs without number costs its row only', async () => {
    const parts = bodies(1)
    parts['xl/_rels/workbook.xml.rels'] = String(oneSheet([], { strings: [] })['xl/_rels/workbook.xml.rels'])
    const [before = '', after = ''] = sharedStrings(['|']).split('|')
    const content = () => repeated(200_000, '<r><t>路灯</t></r>', before, after)
    const { last, growthBytes } = await readHostile(await pack({ ...parts, 'xl/sharedStrings.xml': content }))
    expect(last).toMatchObject({ code: 'CELL_TOO_LONG' })
    expect(growthBytes).toBeLessThan(GROWTH_BYTES_MAX)
  })
})

describe('XML that attacks its reader:', () => {
  const withDoctype = (doctype: string, entity: string) => {
    const parts = oneSheet([HEADER, taken('1')])
    const content = String(parts['xl/worksheets/sheet1.xml']).replace('路灯', entity)
    return readParts({ ...parts, 'xl/worksheets/sheet1.xml': `${doctype}${content}` })
  }

  test.each([
    [
      'an entity that doubles and doubles (billion laughs)',
      '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>',
      '&b;',
    ],
    [
      'a long entity named again and again (quadratic blow-up)',
      `<!DOCTYPE l [<!ENTITY a "${'a'.repeat(100_000)}">]>`,
      '&a;'.repeat(1000),
    ],
    ['an entity from the disk', '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>', '&a;'],
    ['a document type from the web', '<!DOCTYPE l SYSTEM "http://127.0.0.1:1/x.dtd">', '路灯'],
  ])('%s', async (_, doctype, entity) => {
    await expect(withDoctype(doctype, entity)).rejects.toMatchObject({ code: 'WORKBOOK_XML_UNSAFE' })
  })

  test('elements nested without end', async () => {
    const { code, growthBytes } = await readHostile(await pack(withSheet(sheetAround(1_000_000, '<a>'))))
    expect(code).toBe('WORKBOOK_XML_UNSAFE')
    expect(growthBytes).toBeLessThan(GROWTH_BYTES_MAX)
  })

  test.each([
    ['a text', '<c><v>', 'x'],
    ['a comment', '<!--', 'x'],
    ['a document type', '<!DOCTYPE ', 'x'],
    ['an attribute', '<row r="', '1'],
    ['a tag of attributes', '<row ', ' x:y="&amp;"'],
    ['a name', '<', 'x'],
    ['a processing instruction', '<?x ', 'x'],
  ])('%s without end', async (_, start, piece) => {
    const content = () => repeated(Math.floor((32 * MIB) / piece.length), piece, `${sheetStart}${start}`)
    // Not one letter for ever, which would be refused for packing too well.
    const path = await pack(withSheet(content), { compress: false })
    const { code, growthBytes } = await readHostile(path)
    expect(['WORKBOOK_TOO_LARGE', 'WORKBOOK_DAMAGED']).toContain(code)
    expect(growthBytes).toBeLessThan(GROWTH_BYTES_MAX)
  })
  const sheetStart = sheet('|').split('|')[0] ?? ''

  test('sheets, styles and relationships without number', async () => {
    const parts = oneSheet([HEADER, taken('1')], { formats: [14] })
    const bombs: [part: string, mark: string, piece: (index: number) => string][] = [
      ['xl/workbook.xml', '</sheets>', () => '<sheet name="x" sheetId="1"/>'],
      ['xl/styles.xml', '</cellXfs>', () => '<xf numFmtId="14"/>'],
      ['xl/styles.xml', '</numFmts>', (index) => `<numFmt numFmtId="${index}" formatCode="0"/>`],
      [
        'xl/_rels/workbook.xml.rels',
        '</Relationships>',
        (index) => `<Relationship Id="${index}" Type="x" Target="x"/>`,
      ],
    ]
    for (const [part, mark, piece] of bombs) {
      const many = Array.from({ length: 100_001 }, (_, index) => piece(index)).join('')
      const path = await pack({ ...parts, [part]: String(parts[part]).replace(mark, `${many}${mark}`) })
      expect((await readHostile(path)).code).toBe('WORKBOOK_TOO_LARGE')
    }
  })
})

describe('In flat memory passes', () => {
  test(`a sheet of ${ROWS} rows, each of them taken`, async () => {
    function* rows(): Generator<string> {
      const [before = '', after = ''] = sheet('|').split('|')
      yield `${before}${row(text('id'), text('body'), text('time'))}`
      for (let from = 0; from < ROWS; from += 1000) {
        const numbers = Array.from({ length: 1000 }, (_, at) => from + at)
        yield numbers.map((id) => row(number(id), shared(id % 7), number(45000 + (id % 1000), 1))).join('')
      }
      yield after
    }
    const strings = Array.from({ length: 7 }, (_, index) => `<t>第 ${index} 路灯不亮</t>`)
    const parts = { ...oneSheet([], { formats: [14], strings }), 'xl/worksheets/sheet1.xml': rows }
    const { rows: read, last, code, growthBytes } = await readHostile(await pack(parts))
    expect({ read, code }).toEqual({ read: ROWS, code: null })
    expect(last).toMatchObject({ kind: 'row', row: ROWS + 1, record: { externalId: String(ROWS - 1) } })
    expect(growthBytes).toBeLessThan(GROWTH_BYTES_MAX)
  }, 300_000)

  test('ten million shared characters, in a file that leaves no trace, each row with its own', async () => {
    const count = 40_000
    const body = (index: number) => `第${index}件 ${'路灯不亮，望尽快维修。'.repeat(27)}`
    function* strings(): Generator<string> {
      const [before = '', after = ''] = sharedStrings(['|']).split('<si>|</si>')
      yield before
      for (let index = 0; index < count; index += 1) yield `<si><t>${body(index)}</t></si>`
      yield after
    }
    function* rows(): Generator<string> {
      const [before = '', after = ''] = sheet('|').split('|')
      yield `${before}${row(text('id'), text('body'), text('time'))}`
      // Each tenth names a text far away.
      for (let index = 0; index < count; index += 1) {
        yield row(number(index), shared(index % 10 === 0 ? (index * 7919) % count : index), text('2026-11-01'))
      }
      yield after
    }
    const parts = {
      ...oneSheet([], { strings: [] }),
      'xl/worksheets/sheet1.xml': rows,
      'xl/sharedStrings.xml': strings,
    }
    const path = await pack(parts)
    vi.stubEnv('TMPDIR', dirname(path))
    const wrong: number[] = []
    const before = process.memoryUsage().rss
    let peak = before
    let index = 0
    for await (const outcome of readRows(path, { format: 'auto', now: NOW })) {
      const expected = body(index % 10 === 0 ? (index * 7919) % count : index)
      if (outcome.kind !== 'row' || outcome.record.content !== expected) wrong.push(index)
      if (index % 1000 === 0) peak = Math.max(peak, process.memoryUsage().rss)
      index += 1
    }
    expect(wrong).toEqual([])
    expect(index).toBe(count)
    expect(peak - before).toBeLessThan(GROWTH_BYTES_MAX)
    expect(await readdir(dirname(path))).toEqual([basename(path)])
  }, 120_000)
})

test('TEMPORARY_FILE_FAILED: nowhere to put the shared texts that memory does not hold', async () => {
  const parts = oneSheet([HEADER], { strings: Array.from({ length: 300_000 }, () => '<t>灯</t>') })
  const path = await pack(parts)
  vi.stubEnv('TMPDIR', '/nowhere')
  expect((await readHostile(path)).code).toBe('TEMPORARY_FILE_FAILED')
})

test('A reader that stops early, or is refused, leaves no file open', async () => {
  const open = async () => (await readdir('/proc/self/fd')).length
  const path = await pack(oneSheet([HEADER, ...Array.from({ length: 500 }, (_, index) => taken(`${index}`))]))
  const broken = await fileOf((await readFile(path)).subarray(0, 5000), 'broken.xlsx')
  const before = await open()
  for (let round = 0; round < 20; round += 1) {
    for await (const outcome of readRows(path, { format: 'auto', now: NOW })) if (outcome.row > 10) break
    await readAll(broken).catch(() => null)
    await readAll(path, { sheet: 'none' }).catch(() => null)
    expect(summary((await readAll(path)).outcomes)).toHaveLength(500)
  }
  expect((await open()) - before).toBeLessThan(5)
})
