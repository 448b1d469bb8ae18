import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RowOutcome } from '#channels'
import { bytesSource, readAll } from './reading.ts'

const LIMITS = { recordCharactersMax: 400, columnsMax: 12 }

/** Texts that try the grammar of CSV: quotes, delimiters, line breaks, characters of one to four bytes. */
const text = fc
  .string({ unit: fc.constantFrom('a', 'b', '"', ',', ' ', ';', '\t', '\n', '\r', '路', 'é', '😀'), maxLength: 30 })
  .map((value) => value.trim())

const table = fc.record({
  rows: fc.array(fc.record({ body: text, user: text, subject: text.map((value) => `题${value}`) }), { maxLength: 12 }),
  delimiter: fc.constantFrom(',', ';', '\t'),
  lineBreak: fc.constantFrom('\n', '\r\n', '\r'),
  mark: fc.constantFrom('', '\uFEFF'),
  quoteAll: fc.boolean(),
  lastBreak: fc.boolean(),
})

const cuts = fc.array(fc.nat({ max: 2_000 }), { maxLength: 40 })

function writeCsv({
  rows,
  delimiter,
  lineBreak,
  mark,
  quoteAll,
  lastBreak,
}: ReturnType<typeof table.generate>['value']) {
  const cell = (value: string) => (quoteAll || /[",;\t\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)
  const lines = [
    ['id', 'subject', 'body', 'user', 'time'],
    ...rows.map(({ body, user, subject }, index) => [`${index}`, subject, body, user, '2026-11-01']),
  ].map((cells) => cells.map(cell).join(delimiter))
  return mark + lines.join(lineBreak) + (lastBreak ? lineBreak : '')
}

const readCut = async (content: string, at: number[], limits = LIMITS): Promise<RowOutcome[]> =>
  (await readAll(bytesSource(content, at), { format: 'csv', limits })).outcomes

test('What was written as CSV is read as it was, wherever the bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(table, cuts, async (written, at) => {
      const outcomes = await readCut(writeCsv(written), at)
      const read = outcomes.map((outcome) => {
        if (outcome.kind !== 'row') return outcome
        const { externalId, title, content, author } = outcome.record
        return { id: externalId, subject: title, body: content, user: author.name ?? '' }
      })
      expect(read).toEqual(written.rows.map((row, index) => ({ id: String(index), ...row })))
    }),
    { numRuns: 300 },
  )
})

/** Anything goes: what is no table must come out the same, too, and end. */
const noise = fc
  .array(
    fc.constantFrom(
      '1,',
      'x',
      '"',
      '""',
      ',',
      '\n',
      '\r\n',
      '2026-11-01',
      'x'.repeat(20),
      `"${'x'.repeat(70)}\n`,
      '3,a,b,c,2026-11-01\n',
    ),
    {
      maxLength: 60,
    },
  )
  .map((pieces) => `id,subject,body,user,time\n${pieces.join('')}`)

test('Anything at all is read the same wherever the bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(noise, cuts, async (content, at) => {
      const limits = { recordCharactersMax: 60, columnsMax: 8 }
      expect(await readCut(content, at, limits)).toEqual(await readCut(content, [], limits))
    }),
    { numRuns: 500 },
  )
})

test('A good row that follows a lost quote, after rows without quotes, is never lost', async () => {
  const row = fc.integer({ min: 2, max: 99 }).map((id) => `${id},a,b,c,2026-11-01\n`)
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 40 }), cuts, async (rows, at) => {
      const outcomes = await readCut(`id,subject,body,user,time\n1,a,"b,c,2026-11-01\n${rows.join('')}`, at)
      expect(outcomes.map(({ kind }) => kind)).toEqual(['refused', ...rows.map(() => 'row')])
    }),
    { numRuns: 100 },
  )
})
