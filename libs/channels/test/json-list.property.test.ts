import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesSource, readAll } from './reading.ts'

const LIMITS = { recordCharactersMax: 300, columnsMax: 12 }
/** Texts that try the grammar of JSON, and other values beside them. */
const text = fc.string({
  unit: fc.constantFrom('a', '"', '\\', '[', ']', '{', '}', ',', ':', '\n', ' ', '路', '😀'),
  maxLength: 60,
})
const row = fc.record({
  id: text,
  body: text,
  time: fc.constantFrom('2026-11-01', '?'),
  more: fc.jsonValue({ maxDepth: 4 }),
})
const element = fc.oneof({ weight: 4, arbitrary: row }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) })
const cuts = fc.array(fc.nat({ max: 4_000 }), { maxLength: 40 })
const wrap = fc.constantFrom(
  (rows: string) => rows,
  (rows: string) => `{"code": 0, "data": ${rows}}`,
  (rows: string) => `{"meta": {"rows": [{"x": "]"}]}, "data": {"list": ${rows}, "n": [[]]}}`,
)

test('A list gives what its elements give as JSON Lines, however it is spaced, wrapped and cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(element, { minLength: 1, maxLength: 12 }),
      fc.nat({ max: 4 }),
      wrap,
      cuts,
      async (elements, indent, around, at) => {
        const read = async (content: string, format: 'json' | 'jsonl') => {
          const { outcomes } = await readAll(bytesSource(content, at), {
            format,
            limits: { ...LIMITS, recordCharactersMax: 10_000 },
          })
          return outcomes.map((outcome) => (outcome.kind === 'row' ? outcome.record : outcome.code))
        }
        const lines = elements.map((each) => JSON.stringify(each)).join('\n')
        expect(await read(around(JSON.stringify(elements, null, indent)), 'json')).toEqual(await read(lines, 'jsonl'))
      },
    ),
    { numRuns: 300 },
  )
})

test('Any text ends in rows or a refusal, the same ones wherever it is cut', async () => {
  const noise = fc.string({
    unit: fc.constantFrom('[', ']', '{', '}', '"', '\\', ',', ':', 'data', '1', ' ', '\n', 'x'),
    maxLength: 200,
  })
  const read = async (content: string, at: number[]) => {
    try {
      return (
        await readAll(bytesSource(content, at), { format: 'json', limits: { ...LIMITS, recordCharactersMax: 20 } })
      ).outcomes
    } catch (error) {
      if (error instanceof Error && 'code' in error) return error.code
      throw error
    }
  }
  await fc.assert(
    fc.asyncProperty(noise, cuts, async (content, at) => {
      expect(await read(`[${content}`, at)).toEqual(await read(`[${content}`, []))
    }),
    { numRuns: 500 },
  )
})
