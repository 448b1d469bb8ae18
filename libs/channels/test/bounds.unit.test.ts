import { describe, expect, test } from 'vitest'
import type { FileFormat, RowOutcome } from '#channels'
import { readRows } from '#channels'
import { NOW, endlessSource, line, summary } from './reading.ts'

const MIB = 1024 * 1024
/** What reading may add to the memory in use at its peak, garbage included: far below the input. */
const GROWTH_BYTES_MAX = 128 * MIB

/** Reads `prefix`, `count` times `filler`, `suffix`; returns the outcomes and the peak of growth in memory. */
async function readHuge(format: FileFormat, prefix: string, filler: Buffer, count: number, suffix: string) {
  const inUse = () => process.memoryUsage().rss
  const before = inUse()
  let peak = before
  const source = endlessSource(async function* () {
    yield Buffer.from(prefix)
    for (let index = 0; index < count; index += 1) {
      if (index % 64 === 0) peak = Math.max(peak, inUse())
      yield filler
    }
    yield Buffer.from(suffix)
  })
  const outcomes: RowOutcome[] = []
  for await (const outcome of readRows(source, { format, now: NOW })) outcomes.push(outcome)
  return { outcomes, growthBytes: peak - before }
}

describe('In flat memory passes', () => {
  test('a line of 1 GiB in JSON Lines, refused as one row', async () => {
    const filler = Buffer.alloc(256 * 1024, 'x')
    const { outcomes, growthBytes } = await readHuge(
      'jsonl',
      `${line()}\n{"id":"2","body":"`,
      filler,
      4096,
      `"}\n${line({ id: '3' })}`,
    )
    expect(summary(outcomes)).toEqual(['1', 'ROW_TOO_LONG', '3'])
    expect(growthBytes).toBeLessThan(GROWTH_BYTES_MAX)
  })

  test('a text of 256 MiB in a JSON list, refused as one row, or skipped outside of it', async () => {
    const filler = Buffer.alloc(256 * 1024, 'x')
    const within = await readHuge('json', `[${line()},{"body":"`, filler, 1024, `"},${line({ id: '3' })}]`)
    expect(summary(within.outcomes)).toEqual(['1', 'ROW_TOO_LONG', '3'])
    expect(within.growthBytes).toBeLessThan(GROWTH_BYTES_MAX)
    const outside = await readHuge('json', '{"log":"', filler, 1024, `","data":[${line()}]}`)
    expect(summary(outside.outcomes)).toEqual(['1'])
    expect(outside.growthBytes).toBeLessThan(GROWTH_BYTES_MAX)
  })

  test.each([
    ['unquoted', ''],
    ['quoted', '"'],
  ])('a cell of 256 MiB in CSV, %s, refused as one row', async (_, quote) => {
    const filler = Buffer.alloc(256 * 1024, 'x')
    const { outcomes, growthBytes } = await readHuge(
      'csv',
      `id,body,time\n1,x,2026-11-01\n2,${quote}`,
      filler,
      1024,
      `${quote},2026-11-01\n3,x,2026-11-01\n`,
    )
    expect(summary(outcomes)).toEqual(['1', 'ROW_TOO_LONG', '3'])
    expect(growthBytes).toBeLessThan(GROWTH_BYTES_MAX)
  })

  test('a row of 64 million columns in CSV, refused as one row', async () => {
    const filler = Buffer.alloc(256 * 1024, 'x,')
    const { outcomes, growthBytes } = await readHuge('csv', 'id,body,time\n2,', filler, 512, '\n3,x,2026-11-01\n')
    expect(summary(outcomes)).toEqual(['TOO_MANY_COLUMNS', '3'])
    expect(growthBytes).toBeLessThan(GROWTH_BYTES_MAX)
  })

  test('a first line of 256 MiB in CSV, of which no more is read than a header may have', async () => {
    const filler = Buffer.alloc(256 * 1024, 'x')
    const given: number[] = []
    const source = endlessSource(async function* () {
      const opened = given.push(0) - 1
      for (; (given[opened] ?? 0) < 1024; given[opened] = (given[opened] ?? 0) + 1) yield filler
    })
    const rows = readRows(source, { format: 'csv', now: NOW })[Symbol.asyncIterator]()
    await expect(rows.next()).rejects.toMatchObject({ code: 'HEADER_UNREADABLE' })
    expect(given.at(-1)).toBeLessThan(8)
  })

  test('100,000 rows after a quote that never ends, each of them taken', async () => {
    const rows = Buffer.from('2,x,2026-11-01\n'.repeat(10_000))
    const { outcomes, growthBytes } = await readHuge('csv', 'id,body,time\n1,"x,2026-11-01\n', rows, 10, '')
    expect(outcomes.map(({ kind }) => kind).filter((kind) => kind === 'refused')).toHaveLength(1)
    expect(outcomes).toHaveLength(100_001)
    expect(growthBytes).toBeLessThan(4 * GROWTH_BYTES_MAX) // the outcomes kept by this test
  })
})

describe('A row is refused', () => {
  test('ROW_TOO_LONG: one character beyond 1 Mi, and not at it', async () => {
    const row = (length: number) => `2,${'x'.repeat(length - 13)},2026-11-01`
    for (const [length, code] of [
      [MIB, 'FIELD_TOO_LONG'],
      [MIB + 1, 'ROW_TOO_LONG'],
    ] as const) {
      const { outcomes } = await readHuge('csv', `id,body,time\n${row(length)}\n`, Buffer.alloc(0), 0, '3,x,2026-11-01')
      expect(summary(outcomes)).toEqual([code, '3'])
    }
  })

  test('TOO_MANY_COLUMNS: an object with more keys than columns are allowed', async () => {
    const wide = Object.fromEntries(Array.from({ length: 257 }, (_, index) => [`c${index}`, 1]))
    const { outcomes } = await readHuge('jsonl', `${JSON.stringify(wide)}\n${line()}`, Buffer.alloc(0), 0, '')
    expect(summary(outcomes)).toEqual(['TOO_MANY_COLUMNS', '1'])
  })
})
