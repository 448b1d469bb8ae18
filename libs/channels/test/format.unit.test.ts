import { describe, expect, test } from 'vitest'
import type { FileFormat } from '#channels'
import { bytesSource, line, readAll } from './reading.ts'

const long = '长'.repeat(3000)

/** The format that a file of this name and content is read as. */
async function formatOf(content: string, name: string): Promise<FileFormat | undefined> {
  const { reader } = await readAll(bytesSource(content, [], name), { limits: { rowsMax: 10 } })
  return reader.file?.format
}

describe('The format is told from the content', () => {
  test.each<[FileFormat, string, string]>([
    ['csv', 'a header', 'id,body,time\n'],
    ['csv', 'a header in quotes', '"id","body","time"\n'],
    ['jsonl', 'an object a line', `${line()}\n${line()}\n`],
    ['jsonl', 'one object on one line', `\n ${line()}`],
    ['jsonl', 'a first line longer than is looked at', `${line({ body: long })}\n${line()}`],
    ['jsonl', 'an object that holds another with a list', line({ more: { id: 1, list: [{ id: 2 }, 'id'] } })],
    ['jsonl', 'a broken first line', `{"id": "1", "bo\n${line()}`],
    ['jsonl', 'a list on the first of several lines', `[1, 2]\n${line()}`],
    ['json', 'a list on one line', `[${line()},${line()}]`],
    ['json', 'a list over lines', `[\n${line()},\n${line()}\n]\n`],
    ['json', 'a list whose first element stands beside its bracket', `[${line()},\n${line()}]`],
    ['json', 'a list longer than is looked at', `[${line({ body: long })}]`],
    ['json', 'an object that holds a list, on one line', `{"code":0,"data":[${line()}]}`],
    ['json', 'the same, longer than is looked at', `{"code":0,"data":{"list":[${line({ body: long })}]}}`],
    ['json', 'an object that holds a list, over lines', `{\n  "code": 0,\n  "data": [\n${line()}\n]\n}`],
  ])('%s: %s', async (format, _, content) => {
    for (const name of ['', 'export.txt', 'export.csv', 'export.xlsx'])
      expect(await formatOf(content, name)).toBe(format)
  })

  test('and its name decides only where that leaves both open', async () => {
    const ambiguous = `{"id":"1","body":"x","time":"2026-11-01","items":[{"id":"2"}]}`
    expect(await formatOf(ambiguous, 'a.jsonl')).toBe('jsonl')
    expect(await formatOf(ambiguous, 'a.json')).toBe('json')
    expect(await formatOf(`no JSON\n${line()}`, 'a.ndjson')).toBe('jsonl')
    expect(await formatOf('id,body,time\n', 'a.jsonl')).toBe('csv')
  })
})
