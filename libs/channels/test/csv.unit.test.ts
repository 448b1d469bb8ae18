import { describe, expect, test } from 'vitest'
import type { RowOutcome } from '#channels'
import { bytesSource, read, readAll, summary } from './reading.ts'

const HEADER = 'id,subject,body,time'
const csv = (...lines: string[]) => [HEADER, ...lines].join('\n')
const contents = (outcomes: RowOutcome[]) =>
  outcomes.map((outcome) => (outcome.kind === 'row' ? outcome.record.content : outcome.code))

describe('CSV is read', () => {
  test('with quotes, doubled quotes, delimiters and line breaks within quotes', async () => {
    const outcomes = await read(csv('1,a,"one, two\r\n""three""",2026-11-01', '"2","","x","2026-11-01"'))
    expect(contents(outcomes)).toEqual(['one, two\r\n"three"', 'x'])
  })

  test('with a quote inside an unquoted cell as a plain character', async () => {
    expect(contents(await read(csv('1,a,他说"好",2026-11-01')))).toEqual(['他说"好"'])
  })

  test.each(['\n', '\r\n', '\r'])('with records ended by %j', async (lineBreak) => {
    const text = [HEADER, '1,a,x,2026-11-01', '', '2,a,y,2026-11-01', ''].join(lineBreak)
    expect(contents(await read(text))).toEqual(['x', 'y'])
  })

  test.each([',', ';', '\t'])('with %j between its cells, told from the first line', async (delimiter) => {
    const row = (...cells: string[]) => cells.join(delimiter)
    const text = [
      row('id', '"主题,标题;说明"', 'body', 'time'),
      row('1', 'a', delimiter === ',' ? 'x' : 'x,x', '2026-11-01'),
    ]
    expect(summary(await read(text.join('\n')))).toEqual(['1'])
  })

  test('after blank lines, without a line break at its end, and with empty cells to spare', async () => {
    expect(summary(await read(`\n\r\n  \n${HEADER}\n1,a,x,2026-11-01,,\n2,a,x,2026-11-01`))).toEqual(['1', '2'])
  })

  test('with an empty cell at the very end', async () => {
    expect(summary(await read('id,body,time,url\n1,x,2026-11-01,'))).toEqual(['1'])
  })

  test('with only a header, as no rows', async () => {
    expect(await read(HEADER)).toEqual([])
  })
})

describe('A record that cannot be read is refused and the others go on:', () => {
  test('too few or too many cells', async () => {
    const outcomes = await read(csv('1,a,x', '2,a,one, two,2026-11-01', '3,a,x,2026-11-01'))
    expect(summary(outcomes)).toEqual(['COLUMN_COUNT', 'COLUMN_COUNT', '3'])
  })

  test('a quote that never ends costs its own line', async () => {
    const outcomes = await read(csv('1,a,"lost,2026-11-01', '2,a,x,2026-11-01', '3,a,x,2026-11-01'))
    expect(summary(outcomes)).toEqual(['QUOTE_UNTERMINATED', '2', '3'])
  })

  test('a lost quote that meets the opening quote of a later row costs its own line', async () => {
    const outcomes = await read(csv('1,a,"lost,2026-11-01', '2,a,x,2026-11-01', '3,"a","x",2026-11-01'))
    expect(summary(outcomes)).toEqual(['QUOTE_MISPLACED', '2', '3'])
  })

  test('a lost quote far from the end of the file is noticed at the limit of a record', async () => {
    const rows = Array.from({ length: 200 }, (_, index) => `${index + 2},a,x,2026-11-01`)
    const outcomes = await read(csv('1,a,"lost,2026-11-01', ...rows), { limits: { recordCharactersMax: 300 } })
    expect(summary(outcomes)).toEqual(['QUOTE_UNTERMINATED', ...rows.map((_, index) => String(index + 2))])
  })

  test('a quoted cell too long in its first line costs that line, wherever its end was seen', async () => {
    const text = csv(`1,a,"${'x'.repeat(100)}`, '2,a,x,2026-11-01', 'end",2026-11-01', '3,a,x,2026-11-01')
    for (const cuts of [[], [50], [90, 120]]) {
      const { outcomes } = await readAll(bytesSource(text, cuts), { limits: { recordCharactersMax: 60 } })
      expect(summary(outcomes)).toEqual(['ROW_TOO_LONG', '2', 'COLUMN_COUNT', '3'])
    }
  })

  test('text after a closing quote', async () => {
    const outcomes = await read(csv('1,a,"x"y,2026-11-01', '2,a,x,2026-11-01'))
    expect(summary(outcomes)).toEqual(['QUOTE_MISPLACED', '2'])
    expect(outcomes[0]).toMatchObject({ message: { en: expect.stringContaining('column 3') } })
  })

  test('a quote opened in the last line', async () => {
    expect(summary(await read(csv('1,a,x,2026-11-01', '2,a,"x')))).toEqual(['1', 'QUOTE_UNTERMINATED'])
  })

  test('bytes of NUL', async () => {
    expect(summary(await read(csv('1,a,x\0,2026-11-01', '2,a,x,2026-11-01')))).toEqual(['CONTROL_CHARACTERS', '2'])
  })

  test('each of many lost quotes costs no more than its line, in time that grows with the file', async () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => `${index},a,"lost,2026-11-01`)
    const started = performance.now()
    const outcomes = await read(csv(...rows))
    expect(outcomes).toHaveLength(20_000)
    expect(outcomes.every((outcome) => outcome.kind === 'refused')).toBe(true)
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})

describe('The original of a row', () => {
  const mapping = { 'author.name': '谁' }

  test('is a line of JSON that gives the same outcome when it is read again with the same map', async () => {
    const text =
      'id,subject,body,time,谁,备注\n1,a,"x\n""y""",2026-11-01,张三,不要\n2,a,x\u0007,2026-11-01,,\n,a,x,2026-11-01,,'
    const outcomes = await read(text, { mapping })
    expect(summary(outcomes)).toEqual(['1', 'CONTROL_CHARACTERS', 'ID_MISSING'])
    for (const outcome of outcomes) {
      const [again] = await read(outcome.original ?? '', { mapping, format: 'jsonl' })
      expect({ ...again, row: 0, excerpt: '' }).toEqual({ ...outcome, row: 0, excerpt: '' })
    }
  })

  test('leaves out the columns that nobody asked for', async () => {
    const [outcome] = await read('id,body,time,备注\n1,x,2026-11-01,不要')
    expect(outcome?.original).toBe('{"id":"1","body":"x","time":"2026-11-01"}')
  })

  test('is not there for a row that could not be told apart', async () => {
    const [outcome] = await read(csv('1,a'))
    expect(outcome?.original).toBeNull()
  })
})
