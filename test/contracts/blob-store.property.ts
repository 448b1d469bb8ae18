import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { codeOf, inPieces, OWNER, pdf, useBlobBench } from './blob-store.bench.ts'
import type { ShelfUnderTest } from './blob-store.bench.ts'

const CHUNK = 64 * 1024

/** What must hold of every file on every engine. */
export function blobStoreProperties(name: string, open: () => Promise<ShelfUnderTest>): void {
  describe(`blob store on ${name}, for any bytes`, () => {
    const bench = useBlobBench(open)

    const content = fc
      .record({
        sizeBytes: fc.oneof(
          fc.integer({ min: 9, max: 300 }),
          fc.integer({ min: CHUNK - 2, max: CHUNK + 2 }),
          fc.integer({ min: 9, max: 3 * CHUNK }),
        ),
        seed: fc.nat(),
      })
      .map(({ sizeBytes, seed }) => pdf(sizeBytes, seed))

    test('in pieces of any size, what comes back is what was sent', async () => {
      await fc.assert(
        fc.asyncProperty(
          content,
          fc.integer({ min: 1, max: 2 * CHUNK }),
          fc.nat(),
          fc.nat(),
          async (bytes, piece, from, to) => {
            const pieceBytes = Math.max(piece, Math.ceil(bytes.length / 500))
            const stored = await bench.store.put(OWNER, inPieces(bytes, pieceBytes), { sizeBytesMax: bytes.length })
            expect(bytes.equals((await bench.read(stored.blobId))!)).toBe(true)
            const start = from % bytes.length
            const end = start + (to % (bytes.length - start))
            expect(bytes.subarray(start, end + 1).equals((await bench.read(stored.blobId, { start, end }))!)).toBe(true)
          },
        ),
        { numRuns: 40 },
      )
    })

    test('whichever single byte of a stored file is changed, it is noticed', async () => {
      const { blobId } = await bench.put(pdf(CHUNK + 300))
      const sealed = await bench.engine.bytesOf(OWNER, blobId)
      const everywhere = fc.integer({ min: 0, max: sealed.length - 1 })
      const atTheEdges = fc.integer({ min: 0, max: 400 }).chain((at) => fc.constantFrom(at, sealed.length - 1 - at))
      await fc.assert(
        fc.asyncProperty(fc.oneof(everywhere, atTheEdges), fc.integer({ min: 1, max: 255 }), async (at, change) => {
          const changed = Buffer.from(sealed)
          changed[at]! ^= change
          await bench.engine.overwrite(OWNER, blobId, changed)
          expect(await codeOf(bench.read(blobId))).toBe('FILE_DAMAGED')
        }),
        { numRuns: 300 },
      )
    })
  })
}
