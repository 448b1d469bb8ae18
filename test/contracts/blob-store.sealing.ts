import { describe, expect, test } from 'vitest'
import { codeOf, OTHER, OWNER, pdf } from './blob-store.bench.ts'
import type { BlobBench } from './blob-store.bench.ts'

const KIB = 1024
const CHUNK = 64 * KIB
const SEALED_CHUNK = CHUNK + 16

/** What lies in the store tells nothing without its key, and what was changed there is never given out. */
export function blobSealingContract(bench: BlobBench): void {
  describe('sealing', () => {
    test('no byte of the content, nor its type, stands in what is stored', async () => {
      const words = '住在黄桷垭玄武井边的人送来的收据。'.repeat(100)
      const { digest } = await bench.put(Buffer.from(words))
      const stored = await bench.engine.storedBytes()
      for (const clear of ['黄桷垭', 'text/plain', digest]) expect(stored.includes(clear)).toBe(false)
      expect(stored.includes(Buffer.from(digest, 'hex'))).toBe(false)
    })

    test('the same bytes are never sealed in the same way', async () => {
      const { blobId } = await bench.put(pdf(10 * KIB))
      const before = await bench.engine.bytesOf(OWNER, blobId)
      await bench.put(pdf(10 * KIB))
      expect((await bench.engine.bytesOf(OWNER, blobId)).subarray(200).includes(before.subarray(200, 232))).toBe(false)
    })

    test('a blob whose key was destroyed is gone, and one whose key was lost says so', async () => {
      const { blobId } = await bench.put(pdf(100))
      const sealed = await bench.engine.bytesOf(OWNER, blobId)
      await bench.put(pdf(100, 2))
      await bench.store.removeAll(OWNER)
      await bench.put(pdf(100, 2))
      await bench.engine.overwrite(OWNER, blobId, sealed)
      expect(await bench.store.find(OWNER, blobId)).toBeNull()
      bench.keys.lose()
      expect(await codeOf(bench.store.find(OWNER, blobId))).toBe('KEY_UNKNOWN')
    })
  })

  describe('damage is noticed', () => {
    const size = 3 * CHUNK + 1_000
    /** Where the first chunk begins: what is behind it is as long as ever. */
    const startOf = (sealed: Buffer) => sealed.length - (100 + 38 + 16) - (size + 4 * 16)

    const damages: [string, (sealed: Buffer) => Buffer][] = [
      ['nothing left', () => Buffer.alloc(0)],
      ['only its header', (sealed) => sealed.subarray(0, startOf(sealed))],
      ['the last byte missing', (sealed) => sealed.subarray(0, -1)],
      ['the first byte missing', (sealed) => sealed.subarray(1)],
      ['something behind it', (sealed) => Buffer.concat([sealed, Buffer.of(0)])],
      ['the last chunk cut off', (sealed) => without(sealed, startOf(sealed) + 3 * SEALED_CHUNK, 1_016)],
      ['a chunk cut out', (sealed) => without(sealed, startOf(sealed) + SEALED_CHUNK, SEALED_CHUNK)],
      ['a chunk twice', (sealed) => copied(sealed, startOf(sealed), startOf(sealed) + SEALED_CHUNK)],
      ['two chunks exchanged', (sealed) => exchanged(sealed, startOf(sealed), startOf(sealed) + SEALED_CHUNK)],
      ['zeros for a chunk', (sealed) => Buffer.from(sealed).fill(0, startOf(sealed), startOf(sealed) + SEALED_CHUNK)],
    ]
    test.each(damages)('%s', async (_, damage) => {
      const { blobId } = await bench.put(pdf(size))
      await bench.change(blobId, damage)
      expect(await codeOf(bench.read(blobId))).toBe('FILE_DAMAGED')
    })

    test('the file of another owner in its place', async () => {
      const ours = await bench.put(pdf(size))
      const theirs = await bench.put(pdf(size), OTHER)
      await bench.engine.overwrite(OWNER, ours.blobId, await bench.engine.bytesOf(OTHER, theirs.blobId))
      expect(await codeOf(bench.read(ours.blobId))).toBe('FILE_DAMAGED')
    })

    test('another file of the same owner in its place', async () => {
      const [one, two] = [await bench.put(pdf(size)), await bench.put(pdf(size, 2))]
      await bench.engine.overwrite(OWNER, one.blobId, await bench.engine.bytesOf(OWNER, two.blobId))
      expect(await codeOf(bench.read(one.blobId))).toBe('FILE_DAMAGED')
    })

    test('a chunk, an end or a header of another file', async () => {
      const [one, two] = [await bench.put(pdf(size)), await bench.put(pdf(size, 2))]
      const [sealed, other] = [
        await bench.engine.bytesOf(OWNER, one.blobId),
        await bench.engine.bytesOf(OWNER, two.blobId),
      ]
      const start = startOf(sealed)
      for (const [from, to] of [
        [0, start],
        [start, start + SEALED_CHUNK],
        [sealed.length - 154, sealed.length],
      ] as const) {
        const mixed = Buffer.from(sealed)
        other.copy(mixed, from, from, to)
        await bench.engine.overwrite(OWNER, one.blobId, mixed)
        expect(await codeOf(bench.read(one.blobId))).toBe('FILE_DAMAGED')
      }
    })
  })
}

function without(bytes: Buffer, start: number, length: number): Buffer {
  return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + length)])
}

function copied(bytes: Buffer, from: number, to: number): Buffer {
  const changed = Buffer.from(bytes)
  bytes.copy(changed, to, from, from + SEALED_CHUNK)
  return changed
}

function exchanged(bytes: Buffer, one: number, two: number): Buffer {
  const changed = copied(bytes, one, two)
  bytes.copy(changed, one, two, two + SEALED_CHUNK)
  return changed
}
