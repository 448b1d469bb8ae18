import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readAll } from './reading.ts'

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
