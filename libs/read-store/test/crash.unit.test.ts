import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { ReadStore } from '#read-store'
import { expectedAfter, things } from './crash-things.ts'
import { openSqlite } from './open.ts'

const CHILD = fileURLToPath(new URL('./crash-child.ts', import.meta.url))
const KILLS = 8

test('killed anywhere in writing, rebuilding or switching over, documents, lists and checkpoint agree', async () => {
  const store = await openSqlite()
  const reader = await store.reader()
  try {
    for (let kill = 0; kill < KILLS; kill += 1) {
      const child = fork(CHILD, [`sqlite:${store.path}`], { execArgv: ['--conditions=source'] })
      await once(child, 'message')
      // The moment of the kill is meant to differ; nothing waits for anything here.
      const end = performance.now() + Math.random() * 250
      while (performance.now() < end) {
        await readThrough(reader)
        await sleep(1)
      }
      child.kill('SIGKILL')
      await once(child, 'exit')

      const writer = await store.reopen()
      const generation = await writer.prepare('things', 1, [things])
      expect(await generation.status()).toBe('active')
      const checkpoint = await generation.checkpoint()
      const expected = checkpoint === 'start' ? [] : expectedAfter(Number(checkpoint))
      expect((await generation.scan('things', null, 5_000)).map(({ id }) => id).sort()).toEqual(expected.toSorted())
      expect(await readThrough(reader)).toEqual(expected)
      const counts = await Promise.all(
        ['even', 'odd'].map((state) => reader.count('things', { where: { state: { eq: state } }, reader: 'system' })),
      )
      expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(expected.length)
      await writer.close()
    }
  } finally {
    await store.reopen()
    await reader.close()
    await store.close()
  }
})

/** All pages; a switch-over or a write between two of them is nothing to a reader. */
async function readThrough(reader: ReadStore): Promise<string[]> {
  const seen: string[] = []
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<ReadStore['query']>> = await reader.query('things', {
      sort: { field: 'number', direction: 'ascending' },
      limit: 200,
      reader: ['v0', 'v1', 'v2'],
      cursor,
    })
    seen.push(...page.documents.map(({ id }) => id))
    cursor = page.next
  } while (cursor !== null)
  return seen
}
