import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openSearchIndex, openSearchWriter } from '#search'

test('after a purge, removed, replaced and dropped words are nowhere in the bytes of the file or its log', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'search-'))
  const path = join(folder, 'search.db')
  const writer = await openSearchWriter(`sqlite:${path}`)
  const reader = await openSearchIndex(`sqlite:${path}`)
  try {
    let generation = await writer.prepare(1)
    const put = (checkpoint: string, text: (n: number) => string | null) =>
      generation.index(
        Array.from({ length: 300 }, (_, n) => {
          const title = text(n)
          if (title === null) return { id: `p${n}`, removed: true as const }
          return {
            id: `p${n}`,
            sortKey: '2026-01-01T00:00:00Z',
            visibleTo: ['v'],
            fields: { title, body: title.repeat(300) },
          }
        }),
        checkpoint,
      )
    await put('1', () => '张三丰的电话')
    await generation.switchOver()
    expect((await reader.search({ text: '三丰', reader: ['v'], limit: 1 })).total).toBe(300)
    await put('2', (n) => (n % 2 === 0 ? null : '李四光改名'))
    await writer.purge()
    expect(await holding(path, '张三丰的电话')).toEqual([])
    expect(await holding(path, '李四光改名')).toEqual([path])
    generation = await writer.prepare(2)
    await put('1', () => '王五')
    await generation.switchOver()
    await writer.purge()
    expect(await holding(path, '李四光改名')).toEqual([])
  } finally {
    await reader.close()
    await writer.close()
    await rm(folder, { recursive: true })
  }
})

/** The files that hold the text or any two neighbours of it, as it was written or as the index parts it. */
async function holding(path: string, text: string): Promise<string[]> {
  const pairs = Array.from({ length: text.length - 1 }, (_, n) => text.slice(n, n + 2))
  const traces = pairs.flatMap((pair) => [pair, Array.from(pair).join(' ')])
  const files = [path, `${path}-wal`]
  const contents = await Promise.all(files.map((file) => readFile(file)))
  return files.filter((_, index) => traces.some((trace) => contents[index]?.includes(trace)))
}
