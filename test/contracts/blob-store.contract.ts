import { createHash, createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { OWNER_BLOBS_MAX } from '#blob-store'
import { codeOf, inPieces, OTHER, OWNER, pdf, useBlobBench } from './blob-store.bench.ts'
import type { ShelfUnderTest } from './blob-store.bench.ts'
import { blobCrashContract } from './blob-store.crashes.ts'
import type { CrashOptions } from './blob-store.crashes.ts'
import { blobSealingContract } from './blob-store.sealing.ts'

export type { ShelfUnderTest } from './blob-store.bench.ts'

const KIB = 1024

/** What every engine must do. `open` gives a new, empty one. */
export function blobStoreContract(
  name: string,
  open: () => Promise<ShelfUnderTest>,
  { leavesDrafts = true }: CrashOptions = {},
): void {
  describe(`blob store on ${name}`, () => {
    const bench = useBlobBench(open)

    describe('storing', () => {
      test.each([1, 9, 64 * KIB - 1, 64 * KIB, 64 * KIB + 1, 128 * KIB, 300 * KIB])(
        'gives back %d bytes as they came, also after a restart',
        async (sizeBytes) => {
          const bytes = sizeBytes < 9 ? Buffer.alloc(sizeBytes, 'a') : pdf(sizeBytes)
          const stored = await bench.put(bytes)
          expect(stored).toEqual({
            blobId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
            digest: expect.stringMatching(/^[0-9a-f]{64}$/),
            mediaType: sizeBytes < 9 ? 'text/plain' : 'application/pdf',
            sizeBytes,
          })
          await bench.restart()
          expect(await bench.store.find(OWNER, stored.blobId)).toEqual(stored)
          expect(bytes.equals((await bench.read(stored.blobId))!)).toBe(true)
        },
      )

      test('takes pieces of any size, and empty ones', async () => {
        const bytes = pdf(150 * KIB)
        const { blobId } = await bench.put(bytes)
        const source = async function* () {
          yield Buffer.alloc(0)
          yield* inPieces(bytes.subarray(0, 70 * KIB), 70 * KIB)
          yield Buffer.alloc(0)
          yield* inPieces(bytes.subarray(70 * KIB), 777)
        }
        expect((await bench.store.put(OWNER, source(), { sizeBytesMax: bytes.length })).blobId).toBe(blobId)
      })

      test('the same bytes twice are one blob of an owner, and another blob of another owner', async () => {
        const [first, again] = [await bench.put(pdf(1_000)), await bench.put(pdf(1_000))]
        const theirs = await bench.put(pdf(1_000), OTHER)
        const another = await bench.put(pdf(1_000, 2))
        expect(again).toEqual(first)
        expect(new Set([first.blobId, theirs.blobId, another.blobId]).size).toBe(3)
        expect(bench.keys.live).toBe(3)
        expect(await bench.read(theirs.blobId)).toBeNull()
        expect(await bench.read(first.blobId, undefined, OTHER)).toBeNull()
      })

      test('the same bytes at once are one blob, and no key is left over', async () => {
        const stored = await Promise.all(Array.from({ length: 8 }, () => bench.put(pdf(100 * KIB))))
        expect(new Set(stored.map(({ blobId }) => blobId)).size).toBe(1)
        expect(bench.keys.live).toBe(1)
        expect(pdf(100 * KIB).equals((await bench.read(stored[0]!.blobId))!)).toBe(true)
      })

      test('heals a blob that was damaged', async () => {
        const { blobId } = await bench.put(pdf(100 * KIB))
        await bench.change(blobId, (bytes) => bytes.fill(0, 70 * KIB, 71 * KIB))
        await bench.put(pdf(100 * KIB))
        expect(pdf(100 * KIB).equals((await bench.read(blobId))!)).toBe(true)
      })

      test('a digest is neither a plain one nor one that the secret gives of the same words elsewhere', async () => {
        // A query code is made of such words; whoever could have them digested could ask after any case.
        const words = '["query-code","0b0e2f50-6f63-8a2e-9d0a-1c1d0e0f1a2b"]'
        const { digest } = await bench.put(Buffer.from(words))
        expect(digest).not.toBe(createHash('sha256').update(words).digest('hex'))
        expect(digest).not.toBe(createHmac('sha256', bench.keys.storeSecret).update(words).digest('hex'))
      })

      test('names of owners that lead elsewhere are refused', async () => {
        const owners = [
          '',
          '.',
          '..',
          'case',
          'case-',
          '../case-1',
          'case-../1',
          'case-1/..',
          'CASE-1',
          `case-${'1'.repeat(101)}`,
        ]
        for (const owner of owners) {
          expect(await codeOf(bench.put(pdf(100), owner)), owner).toBe('BLOB_OWNER_INVALID')
          expect(await codeOf(bench.store.removeAll(owner)), owner).toBe('BLOB_OWNER_INVALID')
          expect(await bench.store.find(owner, '0b0e2f50-6f63-8a2e-9d0a-1c1d0e0f1a2b'), owner).toBeNull()
        }
        for (const blobId of ['', '..', '../../x', 'x']) expect(await bench.store.find(OWNER, blobId)).toBeNull()
      })
    })

    describe('what is refused leaves nothing', () => {
      const nothingIsLeft = async () => {
        expect(await bench.engine.unfinished()).toBe(0)
        expect(bench.keys.live).toBe(0)
        expect(await bench.engine.storedBytes()).toHaveLength(0)
      }

      test('no bytes', async () => {
        expect(await codeOf(bench.put(Buffer.alloc(0)))).toBe('FILE_HAS_NO_CONTENT')
        await nothingIsLeft()
      })

      test('a byte more than allowed, as soon as it comes', async () => {
        let given = 0
        let isReleased = false
        const endless = async function* () {
          try {
            for (;;) {
              given += 1
              yield pdf(10 * KIB)
            }
          } finally {
            isReleased = true
          }
        }
        expect(await codeOf(bench.store.put(OWNER, endless(), { sizeBytesMax: 100 * KIB - 1 }))).toBe('FILE_TOO_LARGE')
        expect({ given, isReleased }).toEqual({ given: 10, isReleased: true })
        await nothingIsLeft()
        expect((await bench.put(pdf(100 * KIB), OWNER, 100 * KIB)).sizeBytes).toBe(100 * KIB)
      })

      test('a program, a page, an archive', async () => {
        const program = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)])
        const archive = Buffer.concat([Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18)])
        for (const bytes of [program, Buffer.from('\uFEFF \n<!DOCTYPE html><p>好'), archive]) {
          expect(await codeOf(bench.put(bytes))).toBe('FILE_TYPE_NOT_ALLOWED')
        }
        await nothingIsLeft()
      })

      test('a source that breaks off', async () => {
        const broken = async function* () {
          yield pdf(100 * KIB)
          throw Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' })
        }
        expect(await codeOf(bench.store.put(OWNER, broken(), { sizeBytesMax: 200 * KIB }))).toBe('ECONNRESET')
        await nothingIsLeft()
      })

      test('more files than an owner may have', async () => {
        const first = await bench.put(pdf(20, 0))
        const bytes = await bench.engine.bytesOf(OWNER, first.blobId)
        for (let count = 1; count < OWNER_BLOBS_MAX; count += 1) {
          await bench.engine.overwrite(OWNER, `00000000-0000-8000-8000-${String(count).padStart(12, '0')}`, bytes)
        }
        expect(await codeOf(bench.put(pdf(20, 1)))).toBe('FILES_TOO_MANY')
        expect(bench.keys.live).toBe(1)
        await bench.put(pdf(20, 1), OTHER)
      })
    })

    describe('reading a part', () => {
      const bytes = pdf(150 * KIB)
      const ranges: [number, number | undefined][] = [
        [0, 0],
        [0, 64 * KIB - 1],
        [64 * KIB - 1, 64 * KIB],
        [64 * KIB, 128 * KIB],
        [1, 150 * KIB - 2],
        [149 * KIB, undefined],
        [150 * KIB - 1, 10_000_000],
      ]
      test.each(ranges)('bytes %s to %s', async (start, end) => {
        const { blobId } = await bench.put(bytes)
        const last = Math.min(end ?? Infinity, bytes.length - 1)
        expect((await bench.store.open(OWNER, blobId, { start, end }))!.range).toEqual({ start, end: last })
        expect(bytes.subarray(start, last + 1).equals((await bench.read(blobId, { start, end }))!)).toBe(true)
      })

      test.each([
        [150 * KIB, undefined],
        [5, 4],
        [-1, 4],
        [Number.NaN, 4],
        [0.5, 4],
      ])('is refused for bytes %s to %s', async (start, end) => {
        const { blobId } = await bench.put(bytes)
        expect(await codeOf(bench.read(blobId, { start, end }))).toBe('FILE_RANGE_INVALID')
      })

      test('reads no more than it is asked for, and may be left at any time', async () => {
        const { blobId } = await bench.put(bytes)
        await bench.change(blobId, (sealed) => sealed.fill(0, 140 * KIB, 141 * KIB))
        const opened = (await bench.store.open(OWNER, blobId))!
        for await (const part of opened.content) {
          expect(part).toHaveLength(64 * KIB)
          break
        }
        expect(await codeOf(bench.read(blobId))).toBe('FILE_DAMAGED')
      })
    })

    describe('reading what is stored again meanwhile', () => {
      test('goes on with the same bytes', async () => {
        const bytes = pdf(300 * KIB)
        const { blobId } = await bench.put(bytes)
        const parts: Uint8Array[] = []
        for await (const part of (await bench.store.open(OWNER, blobId))!.content) {
          parts.push(part)
          await bench.put(bytes)
        }
        expect(bytes.equals(Buffer.concat(parts))).toBe(true)
        expect(bench.keys.live).toBe(1)
      })

      test('tells that it was erased, if it was', async () => {
        const { blobId } = await bench.put(pdf(20 * 1024 * KIB))
        const content = (await bench.store.open(OWNER, blobId))!.content[Symbol.asyncIterator]()
        await content.next()
        await bench.store.removeAll(OWNER)
        const rest = { [Symbol.asyncIterator]: () => content }
        // An open file of a folder can be read to its end.
        const outcome = await Array.fromAsync(rest).then(
          () => 'read',
          (error: { code: string }) => error.code,
        )
        expect(outcome).toBeOneOf(['read', 'FILE_DAMAGED'])
      })
    })

    describe('erasing', () => {
      test('takes every file and key of the owner, and of nobody else; done twice it changes nothing', async () => {
        const ours = [await bench.put(pdf(100)), await bench.put(pdf(100, 2))]
        const theirs = await bench.put(pdf(100), OTHER)
        await bench.store.removeAll(OWNER)
        await bench.store.removeAll(OWNER)
        for (const { blobId } of ours) expect(await bench.store.find(OWNER, blobId)).toBeNull()
        expect(bench.keys.live).toBe(1)
        expect(pdf(100).equals((await bench.read(theirs.blobId, undefined, OTHER))!)).toBe(true)
      })

      test('of a blob whose key is gone already, or was never known here, takes the file', async () => {
        const { blobId } = await bench.put(pdf(100))
        bench.keys.lose()
        await bench.store.removeAll(OWNER)
        expect(await bench.store.find(OWNER, blobId)).toBeNull()
        expect(await bench.engine.storedBytes()).toHaveLength(0)
      })

      test('never destroys a key that a file only claims as its own', async () => {
        const ours = await bench.put(pdf(100))
        const theirs = await bench.put(pdf(100), OTHER)
        await bench.engine.overwrite(OWNER, ours.blobId, await bench.engine.bytesOf(OTHER, theirs.blobId))
        await bench.store.removeAll(OWNER)
        expect(pdf(100).equals((await bench.read(theirs.blobId, undefined, OTHER))!)).toBe(true)
      })

      test('what was erased can be stored again', async () => {
        const { blobId } = await bench.put(pdf(100))
        await bench.store.removeAll(OWNER)
        expect((await bench.put(pdf(100))).blobId).toBe(blobId)
        expect(await bench.read(blobId)).toHaveLength(100)
      })

      test('what was opened before and not read is not given any more', async () => {
        const { blobId } = await bench.put(pdf(100))
        const opened = (await bench.store.open(OWNER, blobId))!
        await bench.store.removeAll(OWNER)
        expect(await codeOf(Array.fromAsync(opened.content))).toBe('FILE_DAMAGED')
      })
    })

    describe('sweeping', () => {
      const DAY_MS = 86_400_000
      const sweep = async (named: string[] = [], more: { after?: string | null; ownersMax?: number } = {}) =>
        await bench.store.sweep({
          storedBefore: bench.now - DAY_MS,
          named: () => Promise.resolve(new Set(named)),
          ...more,
        })

      test('removes what is old and not named, and keeps what is named or young', async () => {
        const named = await bench.put(pdf(100))
        const orphan = await bench.put(pdf(100, 2))
        bench.now += DAY_MS
        const young = await bench.put(pdf(100, 3))
        bench.now += 1
        expect(await sweep([named.blobId])).toEqual({ removed: 1, next: null })
        expect(await bench.store.find(OWNER, named.blobId)).not.toBeNull()
        expect(await bench.store.find(OWNER, young.blobId)).not.toBeNull()
        expect(await bench.store.find(OWNER, orphan.blobId)).toBeNull()
        expect(bench.keys.live).toBe(2)
      })

      test('keeps what was sent again lately', async () => {
        const { blobId } = await bench.put(pdf(100))
        bench.now += DAY_MS + 1
        await bench.put(pdf(100))
        expect((await sweep()).removed).toBe(0)
        expect(await bench.store.find(OWNER, blobId)).not.toBeNull()
      })

      test('asks nobody about an owner with nothing old', async () => {
        await bench.put(pdf(100))
        const named = () => Promise.reject(new Error('asked'))
        expect(await bench.store.sweep({ storedBefore: bench.now, named })).toEqual({ removed: 0, next: null })
      })

      test('keeps a damaged file that is named, and removes one that is not', async () => {
        const [named, orphan] = [await bench.put(pdf(100)), await bench.put(pdf(100, 2))]
        for (const { blobId } of [named, orphan]) await bench.change(blobId, (bytes) => bytes.fill(0, 0, 20))
        expect((await sweep([named.blobId])).removed).toBe(1)
        expect(await codeOf(bench.store.find(OWNER, named.blobId))).toBe('FILE_DAMAGED')
      })

      test('goes on where it left off, some owners at a time', async () => {
        const owners = Array.from({ length: 7 }, (_, at) => `case-${at}`)
        for (const owner of owners) await bench.put(pdf(100), owner)
        bench.now += DAY_MS + 1
        const removed: number[] = []
        let after: string | null = null
        do {
          const swept: Awaited<ReturnType<typeof sweep>> = await sweep([], { after, ownersMax: 3 })
          removed.push(swept.removed)
          after = swept.next
        } while (after !== null)
        expect(removed).toEqual([3, 3, 1])
        expect(bench.keys.live).toBe(0)
      })

      test('waits for what is done while files are kept, and only then asks what is named', async () => {
        const { blobId } = await bench.put(pdf(100))
        bench.now += DAY_MS + 1
        const names = new Set<string>()
        const naming = Promise.withResolvers<void>()
        const kept = bench.store.keeping(OWNER, async () => {
          await naming.promise
          names.add(blobId)
        })
        const swept = bench.store.sweep({ storedBefore: bench.now, named: () => Promise.resolve(names) })
        naming.resolve()
        await kept
        expect(await swept).toEqual({ removed: 0, next: null })
        expect(await bench.store.find(OWNER, blobId)).not.toBeNull()
      })

      test('a failure while files are kept holds nothing up', async () => {
        await bench.put(pdf(100))
        bench.now += DAY_MS + 1
        await expect(bench.store.keeping(OWNER, () => Promise.reject(new Error('refused')))).rejects.toThrow('refused')
        expect((await sweep()).removed).toBe(1)
      })
    })

    blobSealingContract(bench)
    blobCrashContract(bench, { leavesDrafts })
  })
}
