import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FileRefusalCode, ReopenableSource } from '#channels'
import { FileRefused, readRows } from '#channels'
import { NOW, bytesSource, line, read, readAll, summary } from './reading.ts'

const GB18030_FILE = new URL('fixtures/gb18030.csv', import.meta.url).pathname
const HEADER = 'id,subject,body,time'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huiying-channels-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

async function refusal(source: string | ReopenableSource, options: Parameters<typeof readAll>[1] = {}) {
  const error = await readAll(source, options).then(
    () => null,
    (error: unknown) => error,
  )
  if (!(error instanceof FileRefused)) throw new Error('The file was not refused.', { cause: error })
  return error
}

describe('The encoding is told from the whole file:', () => {
  const text = `${HEADER}\n1,路灯,不亮😀,2026-11-01`

  test('UTF-8 without and with a byte order mark', async () => {
    for (const content of [text, `\uFEFF${text}`]) {
      const { reader, outcomes } = await readAll(bytesSource(content))
      expect(reader.file).toMatchObject({ format: 'csv', encoding: 'utf-8', sizeBytes: Buffer.byteLength(content) })
      expect(outcomes).toMatchObject([{ kind: 'row', record: { title: '路灯', content: '不亮😀' } }])
    }
  })

  test('GB18030, two bytes and four bytes to a character', async () => {
    const { reader, outcomes } = await readAll(GB18030_FILE)
    expect(reader.file?.encoding).toBe('gb18030')
    expect(outcomes).toMatchObject([
      { record: { externalId: '2549', title: '景蓉华苑物业管理有问题', reply: { text: '您好，已收悉。' } } },
      { record: { externalId: '2554', title: '㐀字与𠮷字', receivedAt: '2019-04-24T08:03:00.000Z' } },
    ])
  })

  test('UTF-16 with a byte order mark, either way round', async () => {
    const little = Buffer.from(`\uFEFF${text}`, 'utf16le')
    for (const [content, encoding] of [
      [little, 'utf-16le'],
      [Buffer.from(little).swap16(), 'utf-16be'],
    ] as const) {
      const { reader, outcomes } = await readAll(bytesSource(content))
      expect(reader.file?.encoding).toBe(encoding)
      expect(outcomes).toMatchObject([{ kind: 'row', record: { content: '不亮😀' } }])
    }
  })

  test('GB18030 that looks like UTF-8 for a few characters ("联通")', async () => {
    const outcomes = await read(
      Buffer.concat([Buffer.from(`${HEADER}\n1,`), Buffer.from('c1aacda8b5d8', 'hex'), Buffer.from(',x,2026-11-01')]),
    )
    expect(outcomes).toMatchObject([{ record: { title: '联通地' } }])
  })

  test('a byte invalid in both refuses the file, says where, and no row of it is given out before', async () => {
    const bytes = Buffer.concat([Buffer.from(`${HEADER}\n1,a,x,2026-11-01\n`), Buffer.from([0xff, 0x0a])])
    const reader = readRows(bytesSource(bytes), { format: 'csv', now: NOW })
    const rows = reader[Symbol.asyncIterator]()
    await expect(rows.next()).rejects.toMatchObject({
      code: 'ENCODING_UNKNOWN',
      message: expect.stringContaining(`offset ${bytes.length - 2}`),
    })
  })

  test('damaged UTF-8 is not taken for GB18030, though it would pass', async () => {
    const sound = Buffer.from(`${HEADER}\n1,${'路灯'.repeat(6)},不亮,2026-11-01\n2,`)
    const damaged = Buffer.concat([sound, Buffer.from([0xb5, 0xd8]), Buffer.from(',x,2026-11-01')])
    expect(() => new TextDecoder('gb18030', { fatal: true }).decode(damaged)).not.toThrow()
    const error = await refusal(bytesSource(damaged))
    expect(error.code).toBe('ENCODING_UNKNOWN')
    expect(error.message).toContain(`utf-8, the byte at offset ${sound.length} `)
  })

  test('a file that ends within a character is refused', async () => {
    const bytes = Buffer.from(`${HEADER}\n1,路灯坏了很久没有人修理,灯`)
    expect((await refusal(bytesSource(bytes.subarray(0, -1)))).code).toBe('ENCODING_UNKNOWN')
  })
})

describe('The format is told', () => {
  test('from the extension, else from the first character', async () => {
    const jsonl = join(folder, 'a.jsonl')
    await writeFile(jsonl, `["no object"]\n${line()}`)
    expect(summary((await readAll(jsonl)).outcomes)).toEqual(['NOT_AN_OBJECT', '1'])
    expect((await readAll(bytesSource(`\n ${line()}`))).reader.file?.format).toBe('jsonl')
    expect((await readAll(bytesSource(`${HEADER}\n`))).reader.file?.format).toBe('csv')
    expect((await readAll(bytesSource(`id,body,time\n`, [], 'x.JSONL'), { format: 'csv' })).reader.file?.format).toBe(
      'csv',
    )
  })
})

describe('A file is refused as a whole', () => {
  const cases: [FileRefusalCode, string, string | Uint8Array, Parameters<typeof readAll>[1]?][] = [
    ['FILE_EMPTY', 'when it is empty', ''],
    ['FILE_EMPTY', 'when it holds blank lines only', '\n \r\n', { format: 'jsonl' }],
    ['FILE_EMPTY', 'when it holds blank lines only, as CSV', '\n \r\n', { format: 'csv' }],
    [
      'FORMAT_MISMATCH',
      'when it is XLSX and something else was asked for',
      Buffer.from('PK\u0003\u0004…'),
      { format: 'csv' },
    ],
    ['FORMAT_MISMATCH', 'when XLSX was asked for and it is something else', `${HEADER}\n`, { format: 'xlsx' }],
    ['WORKBOOK_NEEDS_FILE', 'when it is XLSX that lies on no disk', Buffer.from('PK\u0003\u0004…')],
    ['FORMAT_UNSUPPORTED', 'when it is PDF', '%PDF-1.7'],
    ['SHEET_NOT_APPLICABLE', 'when a sheet was asked for and it has none', `${HEADER}\n`, { sheet: '1' }],
    ['FORMAT_UNSUPPORTED', 'when it is a web page', '<html>'],
    ['HEADER_UNKNOWN', 'when the first line holds no known column', '1,路灯,不亮,2026-11-01\n'],
    ['HEADER_UNREADABLE', 'when the header opens a quote for ever', 'id,"body,time\n1,x,2026-11-01\n'],
    ['HEADER_UNREADABLE', 'when the header has too many columns', `${'c,'.repeat(300)}\n`],
    ['COLUMN_MISSING', 'when it has no column for the id', 'subject,time\na,2026-11-01\n'],
    [
      'COLUMN_MISSING',
      'when the map names a column that is not there',
      `${HEADER}\n`,
      { mapping: { externalId: '单号' } },
    ],
    ['COLUMNS_CONFLICT', 'when two columns claim one field', 'id,主题,标题,time\n1,a,b,2026-11-01\n'],
    ['TOO_MANY_ROWS', 'beyond the last row allowed', `${line()}\n${line()}\n`, { limits: { rowsMax: 1 } }],
  ]
  test.each(cases)('%s: %s', async (code, _, content, options) => {
    const error = await refusal(bytesSource(content), options)
    expect(error.code).toBe(code)
    expect(`${error.texts.zh}${error.texts.en}`).not.toMatch(/\{\w+\}/)
  })

  test('FILE_UNREADABLE: when it is missing, or no file', async () => {
    expect(await refusal(join(folder, 'none.csv'))).toMatchObject({
      code: 'FILE_UNREADABLE',
      message: expect.stringContaining('ENOENT'),
    })
    expect((await refusal(folder)).code).toBe('FILE_UNREADABLE')
  })

  test('FILE_CHANGED: when it grows, shrinks or turns invalid between judging and reading', async () => {
    const before = Buffer.from(`${line()}\n`)
    for (const after of [`${line()}\n${line()}\n`, '{}', Buffer.concat([Buffer.from([0xff]), before.subarray(1)])]) {
      let opened = 0
      const source: ReopenableSource = {
        name: '',
        async *open() {
          opened += 1
          yield opened <= 2 ? before : Buffer.from(after)
        },
      }
      expect((await refusal(source)).code).toBe('FILE_CHANGED')
    }
  })

  test('the conflict names both columns', async () => {
    const error = await refusal(bytesSource('id,主题,标题,time\n'))
    expect(error.texts.zh).toContain('“主题”和“标题”')
  })

  test('a first line that is a message and no header is not repeated', async () => {
    const error = await refusal(bytesSource('1,张三,13800000000\n'))
    expect(error.message).not.toContain('张三')
  })
})

describe('Reading a file', () => {
  test('reports the bytes read after each chunk, up to the whole', async () => {
    const content = `${line()}\n${line()}\n`
    const seen: [number, number][] = []
    await readAll(bytesSource(content, [10, 20]), { onProgress: (read, total) => seen.push([read, total]) })
    const total = Buffer.byteLength(content)
    expect(seen).toEqual([
      [10, total],
      [20, total],
      [total, total],
    ])
  })

  test('happens once: a second iteration is an error', async () => {
    const { reader } = await readAll(bytesSource(line()))
    await expect(reader[Symbol.asyncIterator]().next()).rejects.toThrow(RangeError)
  })

  test('closes the file when the reader of the rows stops early', async () => {
    let closed = 0
    const source: ReopenableSource = {
      name: '',
      async *open() {
        try {
          for (let index = 0; index < 10; index += 1) yield Buffer.from(`${line()}\n`)
        } finally {
          closed += 1
        }
      },
    }
    for await (const outcome of readRows(source, { format: 'jsonl', now: NOW })) if (outcome.row === 2) break
    expect(closed).toBe(3) // the head, the encoding, the rows
  })
})
