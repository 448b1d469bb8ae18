import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { TextTable } from '../../src/xlsx/text-table.ts'

/** More than memory takes, with texts longer than what is read at once, empty ones and halves of characters. */
const lengths = fc.array(fc.constantFrom(0, 1, 500, 40_000, 100_000), { minLength: 60, maxLength: 120 })
const textOf = (index: number, length: number) => `${index}😀路\ud83d`.repeat(Math.ceil(length / 5)).slice(0, length)

test('A text is given back as it was added, in whatever order, from memory or from the file', () => {
  fc.assert(
    fc.property(lengths, fc.array(fc.nat({ max: 119 }), { maxLength: 200 }), (given, asked) => {
      const table = new TextTable(16 * 1024 * 1024)
      try {
        for (const [index, length] of given.entries()) {
          table.add(textOf(index, length))
          if (index % 50 === 49) expect(table.get(index)).toBe(textOf(index, length))
        }
        for (const index of [...asked, ...given.keys()]) {
          const length = given[index]
          expect(table.get(index) === (length === undefined ? undefined : textOf(index, length))).toBe(true)
        }
      } finally {
        table.close()
      }
    }),
    { numRuns: 20 },
  )
})
