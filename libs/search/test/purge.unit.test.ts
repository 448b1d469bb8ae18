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

test('a text that was replaced as soon as it was written leaves no trace after a purge', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'search-'))
  const path = join(folder, 'search.db')
  const writer = await openSearchWriter(`sqlite:${path}`)
  try {
    const generation = await writer.prepare(1)
    const text = (title: string) => ({
      id: 'a',
      sortKey: '2026-01-01T00:00:00Z',
      visibleTo: ['v'],
      fields: { title },
    })
    await generation.index([text('张三丰的电话'), text('李四光改名')], '1')
    await generation.switchOver()
    await writer.purge()
    expect(await holding(path, '张三丰的电话')).toEqual([])
    expect(await holding(path, '李四光改名')).toEqual([path])
  } finally {
    await writer.close()
    await rm(folder, { recursive: true })
  }
})

test('removed one by one from among many, the words of each are gone and those of its neighbours stay', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'search-'))
  const path = join(folder, 'search.db')
  const writer = await openSearchWriter(`sqlite:${path}`)
  try {
    const generation = await writer.prepare(1)
    // No two names share a pair of characters.
    const name = (n: number) => String.fromCodePoint(0x4e00 + n * 4, 0x4e01 + n * 4, 0x4e02 + n * 4, 0x4e03 + n * 4)
    for (let batch = 0; batch < 20; batch += 1) {
      const changes = Array.from({ length: 200 }, (_, k) => {
        const n = batch * 200 + k
        return {
          id: `p${n}`,
          sortKey: '2026-01-01T00:00:00Z',
          visibleTo: ['v'],
          fields: { body: `我叫${name(n)}，路灯不亮` },
        }
      })
      await generation.index(changes, `1${String(batch).padStart(6, '0')}`)
    }
    await generation.switchOver()
    for (let n = 0; n < 4_000; n += 20)
      await generation.index([{ id: `p${n}`, removed: true }], `2${String(n).padStart(6, '0')}`)
    await writer.purge()
    const bytes = (await readFile(path)).toString('utf8')
    const traces = (n: number) => [0, 1, 2].filter((place) => bytes.includes(name(n).slice(place, place + 2)))
    const left = Array.from({ length: 200 }, (_, k) => k * 20).filter((n) => traces(n).length > 0)
    expect(left).toEqual([])
    expect(traces(1)).toEqual([0, 1, 2])
    expect((await writer.search({ text: name(1), reader: ['v'], limit: 5 })).ids).toEqual(['p1'])
  } finally {
    await writer.close()
    await rm(folder, { recursive: true })
  }
})

/** The files that hold the text or any two neighbours of it. */
async function holding(path: string, text: string): Promise<string[]> {
  const pairs = Array.from({ length: text.length - 1 }, (_, n) => text.slice(n, n + 2))
  const files = [path, `${path}-wal`]
  const contents = await Promise.all(files.map((file) => readFile(file)))
  return files.filter((_, index) => pairs.some((trace) => contents[index]?.includes(trace)))
}
