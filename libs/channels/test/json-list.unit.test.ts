import { describe, expect, test } from 'vitest'
import type { FileRefusalCode } from '#channels'
import { readRows } from '#channels'
import { NOW, bytesSource, line, readAll, summary } from './reading.ts'

const read = async (content: string, cuts: number[] = []) =>
  (await readAll(bytesSource(content, cuts), { format: 'json' })).outcomes
const list = (...elements: string[]) => `[${elements.join(',')}]`

/** The rows given out before the file was refused, and why it was. */
async function readUntilRefused(content: string): Promise<string[]> {
  const outcomes = []
  try {
    for await (const outcome of readRows(bytesSource(content), { format: 'json', now: NOW })) outcomes.push(outcome)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    return [...summary(outcomes), String(error.code)]
  }
  throw new Error('The file was not refused.')
}

describe('A list of objects is read', () => {
  test('on one line or many, with whatever space between', async () => {
    const elements = [line(), line({ id: '2' })]
    for (const content of [
      list(...elements),
      JSON.stringify(
        elements.map((each) => JSON.parse(each)),
        null,
        2,
      ),
      `\uFEFF\n[ ${elements.join('\n,\t')} ]\r\n`,
    ]) {
      const outcomes = await read(content)
      expect(summary(outcomes)).toEqual(['1', '2'])
      expect(outcomes.map(({ row }) => row)).toEqual([1, 2])
    }
  })

  test.each([
    ['data', (rows: string) => `{"code": 0, "msg": "ok", "data": ${rows}, "total": 2}`],
    ['rows', (rows: string) => `{"rows": ${rows}}`],
    ['items', (rows: string) => `{"count": 1, "items": ${rows}}`],
    ['list', (rows: string) => `{"list": ${rows}}`],
    ['data.list', (rows: string) => `{"data": {"list": ${rows}, "pages": [1, [2]]}, "ok": true}`],
    ['result.data.records', (rows: string) => `{"result": {"data": {"records": ${rows}}}}`],
    [
      'data, behind what has brackets in it',
      (rows: string) => `{"sql": "[{\\"", "where": {"a": [[{}]], "data": [1]}, "data": ${rows}}`,
    ],
  ])('under %s', async (_, around) => {
    expect(summary(await read(around(list(line(), line({ id: '2' })))))).toEqual(['1', '2'])
  })

  test('in GB18030 and UTF-16, as any text', async () => {
    const content = list(line({ subject: '路灯' }))
    const { outcomes, reader } = await readAll(bytesSource(Buffer.from(`\uFEFF${content}`, 'utf16le')))
    expect(reader.file).toMatchObject({ format: 'json', encoding: 'utf-16le' })
    expect(outcomes).toMatchObject([{ record: { title: '路灯' } }])
  })

  test('with brackets, quotes and backslashes in its texts', async () => {
    const body = '"}],{[\\" \\\\'
    expect(await read(list(line({ body }), line({ id: '2' })))).toMatchObject([
      { record: { content: body } },
      { record: { externalId: '2' } },
    ])
  })

  test('and kept as a line that gives the same again', async () => {
    const pretty = JSON.stringify([JSON.parse(line({ body: '第一行\n第二行' }))], null, 2)
    const [outcome] = await read(pretty)
    const original = outcome?.original ?? ''
    expect(original).not.toContain('\n')
    expect((await readAll(bytesSource(original), { format: 'jsonl' })).outcomes).toMatchObject([
      { kind: 'row', record: outcome?.kind === 'row' ? outcome.record : null },
    ])
  })

  test('with a comma behind its last element, which is no row', async () => {
    expect(summary(await read(`[${line()},]`))).toEqual(['1'])
  })
})

describe('A bad element costs its row only:', () => {
  test.each([
    ['JSON_INVALID', 'no JSON', "{id: 1, 'body': x}"],
    ['JSON_INVALID', 'none at all', ''],
    ['JSON_INVALID', 'a line break within a text', '{"id":"1","body":"a\nb","time":"2026-11-01"}'],
    ['JSON_INVALID', 'two objects without a comma', `${line()} ${line()}`],
    ['NOT_AN_OBJECT', 'a text', '"id, body, time"'],
    ['NOT_AN_OBJECT', 'a list', '[1, 2]'],
    ['NOT_AN_OBJECT', 'null', 'null'],
    ['DUPLICATE_KEY', 'a key twice', '{"id":"1","body":"x","time":"2026-11-01","id":"2"}'],
    ['TIME_INVALID', 'a time that is none', line({ time: '昨天' })],
    ['JSON_TOO_DEEP', 'nested deeper than anybody needs', `{"id":"1","a":${'['.repeat(64)}${']'.repeat(64)}}`],
    ['JSON_TOO_DEEP', 'nested without end', `${'[{"a":'.repeat(50_000)}1${'}]'.repeat(50_000)}`],
    ['ROW_TOO_LONG', 'longer than a record may be', line({ body: 'x'.repeat(1024 * 1024) })],
  ])('%s: %s', async (code, _, element) => {
    expect(summary(await read(list(line(), element, line({ id: 'next' }))))).toEqual(['1', code, 'next'])
  })

  test('nested as deep as is allowed is taken', async () => {
    const deep = `{"a":${'['.repeat(63)}${']'.repeat(63)},${line().slice(1)}`
    expect(summary(await read(list(deep)))).toEqual(['1'])
  })

  test('with how it begins, and nothing to try again where it is no line', async () => {
    const [outcome] = await read('[{"id":"1",\n"body":"a\nb"}]')
    expect(outcome).toMatchObject({ code: 'JSON_INVALID', excerpt: '{"id":"1",\n"body":"a\nb"}', original: null })
  })
})

describe('The file is refused', () => {
  test.each<[FileRefusalCode, string, string, string[]]>([
    ['FILE_EMPTY', 'with a list of nothing', ' [ ] ', []],
    ['FILE_EMPTY', 'with nothing', ' \n', []],
    ['JSON_NO_LIST', 'with an object that holds none', '{"id": "1", "other": [{}]}', []],
    ['JSON_NO_LIST', 'that is a text', '"data"', []],
    ['JSON_LISTS_SEVERAL', 'with two lists, behind the first', `{"data": [${line()}], "rows": [${line()}]}`, ['1']],
    ['JSON_UNFINISHED', 'that breaks off between elements', `[${line()},`, ['1']],
    ['JSON_UNFINISHED', 'that breaks off within an element', `[${line()},{"id": "2", "bo`, ['1']],
    ['JSON_UNFINISHED', 'that breaks off behind its list', `{"data": [${line()}]`, ['1']],
    ['JSON_BROKEN', 'from where brackets don’t match', `[${line()},{"id": "2"],${line()}]`, ['1']],
    ['JSON_BROKEN', 'from where a bracket closes nothing', `[${line()},}]`, ['1']],
    ['JSON_BROKEN', 'with something behind its list', `[${line()}] [${line()}]`, ['1']],
    ['JSON_BROKEN', 'with something between its keys', `{"a": 1, ; "data": [${line()}]}`, []],
  ])('%s: %s', async (code, _, content, before) => {
    expect(await readUntilRefused(content)).toEqual([...before, code])
  })
})
