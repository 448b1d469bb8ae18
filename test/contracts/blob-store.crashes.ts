import { describe, expect, test } from 'vitest'
import { inPieces, OWNER, pdf } from './blob-store.bench.ts'
import type { BlobBench } from './blob-store.bench.ts'

const KIB = 1024
const SIZE = 70 * KIB

export interface CrashOptions {
  /** Whether what a process had begun to store outlives it. */
  leavesDrafts?: boolean
}

/** A process may die between any two things that it does; the next one finds every file whole or not at all. */
export function blobCrashContract(bench: BlobBench, { leavesDrafts = true }: CrashOptions = {}): void {
  /** Does it again and again, in a process that dies one step later each time, until one gets through. */
  async function atEveryStep(once: (step: number) => Promise<boolean>): Promise<void> {
    let step = 0
    while (await once(step)) step += 1
    expect(step).toBeGreaterThan(5)
  }

  const storing = (store: BlobBench['store'], seed: number) =>
    store.put(OWNER, inPieces(pdf(SIZE, seed), 10_000), { sizeBytesMax: SIZE })

  describe('dying at any step', () => {
    test('of storing leaves the file whole or not at all, and nothing unfinished', async () => {
      await atEveryStep(async (step) => {
        const { blobId } = await bench.put(pdf(SIZE))
        await bench.store.removeAll(OWNER)
        let isTold = false
        const hasDied = await bench.dyingAt(step, async (store) => {
          await storing(store, 1)
          isTold = true
        })
        const found = await bench.read(blobId)
        if (found !== null) expect(found.equals(pdf(SIZE))).toBe(true)
        else expect(isTold).toBe(false)
        expect(isTold).toBe(!hasDied)
        expect(await bench.engine.unfinished()).toBe(0)
        await bench.put(pdf(SIZE))
        expect(pdf(SIZE).equals((await bench.read(blobId))!)).toBe(true)
        return hasDied
      })
    })

    test('of storing again what is there never loses it', async () => {
      const { blobId } = await bench.put(pdf(SIZE))
      await atEveryStep(async (step) => {
        const hasDied = await bench.dyingAt(step, (store) => storing(store, 1))
        expect(pdf(SIZE).equals((await bench.read(blobId))!)).toBe(true)
        expect(await bench.engine.unfinished()).toBe(0)
        return hasDied
      })
    })

    test('of erasing is repaired by erasing again', async () => {
      await atEveryStep(async (step) => {
        const stored = [await bench.put(pdf(SIZE)), await bench.put(pdf(SIZE, 2))]
        const hasDied = await bench.dyingAt(step, (store) => store.removeAll(OWNER))
        await bench.store.removeAll(OWNER)
        for (const { blobId } of stored) expect(await bench.store.find(OWNER, blobId)).toBeNull()
        expect(bench.keys.live).toBe(0)
        expect(await bench.engine.storedBytes()).toHaveLength(0)
        return hasDied
      })
    })

    test.runIf(leavesDrafts)(
      'of removing what another process left unfinished is repaired at the next start',
      async () => {
        let unfinished = 0
        await atEveryStep(async (step) => {
          // The process that dies last is the one that starts; before it, one died in the middle of storing.
          const before = bench.keys.live
          const dies = (store: BlobBench['store']) => storing(store, 3)
          await bench.dyingAt(12, dies, { restart: false })
          unfinished += await bench.engine.unfinished()
          const hasDied = await bench.dyingAt(step, () => Promise.resolve())
          expect(await bench.engine.unfinished()).toBe(0)
          expect(bench.keys.live).toBe(before)
          return hasDied
        })
        expect(unfinished).toBeGreaterThan(0)
      },
    )
  })

  describe('a failure at any step', () => {
    test('of storing is told, and leaves nothing that the next start does not remove', async () => {
      await atEveryStep(async (step) => {
        const keysBefore = bench.keys.live
        let isTold = false
        const hasFailed = await bench.failingAt(step, async (store) => {
          await storing(store, 1)
          isTold = true
        })
        // What was in its place before the failure is whole, and stays.
        await bench.restart()
        expect(isTold).toBe(!hasFailed)
        expect(await bench.engine.unfinished()).toBe(0)
        const { blobId } = await bench.put(pdf(SIZE))
        expect(pdf(SIZE).equals((await bench.read(blobId))!)).toBe(true)
        await bench.store.removeAll(OWNER)
        expect(bench.keys.live - keysBefore).toBeLessThanOrEqual(1)
        return hasFailed
      })
    })

    test('of storing again what is there never loses it', async () => {
      const { blobId } = await bench.put(pdf(SIZE))
      await atEveryStep(async (step) => {
        const hasFailed = await bench.failingAt(step, (store) => storing(store, 1))
        expect(pdf(SIZE).equals((await bench.read(blobId))!)).toBe(true)
        return hasFailed
      })
    })
  })
}
