import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { number, oneSheet, row, shared, text, xstring } from '../../../test/support/workbook.ts'
import { readAll } from './reading.ts'
import { readParts } from './xlsx/files.ts'

const data = (name: string) => new URL(`../../../../shared/data/${name}`, import.meta.url).pathname
const REPLIES = data('replies.jsonl')

describe.skipIf(!existsSync(REPLIES))('Real messages (../shared/data is here)', () => {
  test('replies.jsonl: 1,786 rows with their replies, none refused', async () => {
    const { outcomes, reader } = await readAll(REPLIES)
    expect(outcomes).toHaveLength(1786)
    expect(outcomes.filter((outcome) => outcome.kind === 'refused')).toEqual([])
    expect(outcomes.filter((outcome) => outcome.kind === 'row' && outcome.record.reply)).toHaveLength(1786)
    expect(reader.columns?.ignored).toEqual([])
    expect(outcomes[0]).toMatchObject({
      record: {
        externalId: '2549',
        receivedAt: '2019-04-25T01:32:09.000Z',
        reply: { publishedAt: '2019-05-10T06:56:53.000Z' },
      },
    })
  })

  test('replies.jsonl as XLSX gives exactly the same records', async () => {
    const lines = (await readFile(REPLIES, 'utf8')).trim().split('\n')
    const messages = lines.map((line) => JSON.parse(line) as Record<string, string>)
    const { outcomes } = await readAll(REPLIES)
    for (const asXlsx of [ofSharedTextsAndDates, ofInlineTexts]) {
      const fromXlsx = (await readParts(asXlsx(messages))).outcomes
      const records = (read: typeof outcomes) => read.map((outcome) => outcome.kind === 'row' && outcome.record)
      expect(records(fromXlsx)).toEqual(records(outcomes))
    }
  })

  test.each([
    ['messages.jsonl', 2735],
    ['messages_labelled.jsonl', 856],
    ['leader_board.jsonl', 1015],
  ])('%s: %i rows, none refused', async (name, rows) => {
    const { outcomes } = await readAll(data(name))
    expect(outcomes).toHaveLength(rows)
    expect(outcomes.filter((outcome) => outcome.kind === 'refused')).toEqual([])
  })
})

const NAMES = ['id', 'user', 'subject', 'time', 'body', 'reply', 'reply_time']
const header = row(...NAMES.map(text))

/** As Excel saves a table: ids as numbers, texts shared, times as days since 1899-12-30. */
function ofSharedTextsAndDates(messages: Record<string, string>[]) {
  const strings = new Map<string, number>()
  const sharedText = (value: string) => {
    const index = strings.get(value) ?? strings.size
    strings.set(value, index)
    return shared(index)
  }
  const cell = (name: string, value: string) => {
    if (name === 'id') return number(value)
    if (!name.endsWith('time')) return sharedText(value)
    const local = Date.parse(`${value.slice(0, 19)}Z`)
    return number((local - Date.UTC(1899, 11, 30)) / 86_400_000, 1)
  }
  const rows = messages.map((message) => row(...NAMES.map((name) => cell(name, message[name] ?? ''))))
  const contents = [...strings.keys()].map((value) => `<t xml:space="preserve">${xstring(value)}</t>`)
  return oneSheet([header, ...rows], { strings: contents, formats: ['yyyy/m/d h:mm:ss'] })
}

/** As programs write one. */
function ofInlineTexts(messages: Record<string, string>[]) {
  return oneSheet([header, ...messages.map((message) => row(...NAMES.map((name) => text(message[name] ?? ''))))])
}
