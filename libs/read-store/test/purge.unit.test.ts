import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import type { CollectionDefinition } from '#read-store'
import { openSqlite } from './open.ts'

const people: CollectionDefinition = {
  name: 'people',
  projection: 'people',
  fields: { name: 'text', visibleTo: 'set' },
  lists: [{ where: [], sort: 'name' }],
}

test('after a purge, what was removed, overwritten or dropped is nowhere in the bytes of the file or its log', async () => {
  const store = await openSqlite()
  try {
    const write = async (position: string, name: (n: number) => string | null) => {
      const changes = Array.from({ length: 500 }, (_, n) => {
        const text = name(n)
        const document = text === null ? null : { id: `p${n}`, name: text, long: text.repeat(900) }
        return { collection: 'people', id: `p${n}`, position, document }
      })
      await generation.write({ changes, checkpoint: position, asOf: '' })
    }
    let generation = await store.writer.prepare('people', 1, [people])
    await write('1', () => '张三丰原名')
    await generation.switchOver()
    await write('2', (n) => (n % 2 === 0 ? null : '李四光改名'))
    const reader = await store.reader()
    await store.writer.purge()
    expect(await holding(store.path, '张三丰原名')).toEqual([])
    expect(await holding(store.path, '李四光改名')).toEqual([store.path])
    generation = await store.writer.prepare('people', 2, [people])
    await write('3', () => '王五新名')
    await generation.switchOver()
    await store.writer.purge()
    expect(await holding(store.path, '李四光改名')).toEqual([])
    await reader.close()
  } finally {
    await store.close()
  }
})

async function holding(path: string, text: string): Promise<string[]> {
  const files = [path, `${path}-wal`]
  const contents = await Promise.all(files.map((file) => readFile(file)))
  return files.filter((_, index) => contents[index]?.includes(text))
}
