import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect } from 'vitest'
import { openBlobStore } from '#blob-store'
import type { BlobStore, ByteRange, Shelf, StoredBlob } from '#blob-store'
import type { KeyStore } from '#key-store'

/** An engine on ground of its own, and what others may do to that behind its back. */
export interface ShelfUnderTest {
  /** As a process does that starts. `step` is called before everything that it does outside; what it throws, happens. */
  open(step?: () => void): Shelf
  /** The bytes kept for a blob. */
  bytesOf(owner: string, blobId: string): Promise<Buffer>
  /** Puts other bytes in their place, or where there were none. */
  overwrite(owner: string, blobId: string, bytes: Uint8Array): Promise<void>
  /** Everything that is kept. */
  storedBytes(): Promise<Buffer>
  /** How many files were begun and are not in their place. */
  unfinished(): Promise<number>
  close(): Promise<void>
}

/** Keys in memory, which say how many of them were used and are there yet. */
export class MemoryKeys implements KeyStore {
  readonly storeSecret = randomBytes(32)
  readonly #keys = new Map<string, Uint8Array | null>()

  async allot() {
    const keyId = `${this.#keys.size + 1}-${randomBytes(8).toString('hex')}`
    const key = randomBytes(32)
    this.#keys.set(keyId, key)
    return { keyId, key }
  }

  async find(keyId: string) {
    return this.#keys.get(keyId) ?? this.#unknown(keyId)
  }

  async destroy(keyId: string) {
    if (this.#keys.has(keyId)) this.#keys.set(keyId, null)
    else this.#unknown(keyId)
  }

  async close() {}

  /** As a backup from before them would. */
  lose(): void {
    this.#keys.clear()
  }

  get live(): number {
    return [...this.#keys.values()].filter((key) => key !== null).length
  }

  #unknown(keyId: string): null {
    if (this.#keys.has(keyId)) return null
    throw Object.assign(new Error(keyId), { code: 'KEY_UNKNOWN' })
  }
}

/** What a process dies of, or what fails. */
class Stopped extends Error {}

export const OWNER = 'case-0b0e2f50-6f63-8a2e-9d0a-1c1d0e0f1a2b'
export const OTHER = 'item-7d1c9a34-2b8e-8f5d-a1c0-5e4d3c2b1a09'
const ROOMY = 100 * 1024 * 1024

/** A document, by its first bytes; the rest is as random as the seed. */
export function pdf(sizeBytes: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(sizeBytes)
  // A linear congruential generator: no two chunks are alike, and the same seed gives the same file.
  for (let at = 0, state = seed; at < sizeBytes; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    bytes[at] = state >>> 24
  }
  bytes.write('%PDF-1.7\n')
  return bytes
}

export async function* inPieces(bytes: Uint8Array, pieceBytes = bytes.length): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
}

/** The code with which something fails. */
export async function codeOf(failing: Promise<unknown>): Promise<string> {
  const error: unknown = await failing.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error,
  )
  if (error instanceof Error && 'code' in error) return String(error.code)
  throw error
}

/** Words for what tests do with a store on the engine. */
export class BlobBench {
  readonly #open: () => Promise<ShelfUnderTest>
  engine!: ShelfUnderTest
  keys!: MemoryKeys
  store!: BlobStore
  now = 0

  constructor(open: () => Promise<ShelfUnderTest>) {
    this.#open = open
  }

  async begin(): Promise<void> {
    this.engine = await this.#open()
    this.keys = new MemoryKeys()
    this.now = Date.parse('2026-03-02T01:00:00.000Z')
    await this.restart()
  }

  /** Another process takes the place of the one there was. */
  async restart(): Promise<void> {
    this.store = await openBlobStore({ shelf: this.engine.open(), keys: this.keys, now: () => this.now })
  }

  /**
   * Does something in a process that dies before the step with this number, counted from 0, and starts another unless told
   * otherwise. False where it got through before.
   */
  async dyingAt(step: number, work: (store: BlobStore) => Promise<unknown>, { restart = true } = {}): Promise<boolean> {
    const hasDied = await this.#stoppedAt((taken) => taken >= step, work)
    if (restart) await this.restart()
    return hasDied
  }

  /** Likewise, but what was to be done at that step fails, and the process lives on. */
  async failingAt(step: number, work: (store: BlobStore) => Promise<unknown>): Promise<boolean> {
    return await this.#stoppedAt((taken) => taken === step, work)
  }

  async #stoppedAt(stops: (taken: number) => boolean, work: (store: BlobStore) => Promise<unknown>): Promise<boolean> {
    let taken = 0
    let isStopped = false
    const count = () => {
      if (!stops(taken++)) return
      isStopped = true
      throw new Stopped()
    }
    const keys: KeyStore = {
      storeSecret: this.keys.storeSecret,
      allot: async () => (count(), await this.keys.allot()),
      find: async (keyId) => (count(), await this.keys.find(keyId)),
      destroy: async (keyId) => (count(), await this.keys.destroy(keyId)),
      close: async () => {},
    }
    try {
      await work(await openBlobStore({ shelf: this.engine.open(count), keys, now: () => this.now }))
    } catch (error) {
      if (!(error instanceof Stopped)) throw error
    }
    return isStopped
  }

  async put(bytes: Uint8Array, owner = OWNER, sizeBytesMax = ROOMY): Promise<StoredBlob> {
    return await this.store.put(owner, inPieces(bytes, 10_000), { sizeBytesMax })
  }

  /** All bytes of a blob, or of a range; null where there is none. */
  async read(blobId: string, range?: ByteRange, owner = OWNER): Promise<Buffer | null> {
    const opened = await this.store.open(owner, blobId, range)
    if (opened === null) return null
    const parts: Uint8Array[] = []
    for await (const part of opened.content) parts.push(part)
    return Buffer.concat(parts)
  }

  async change(blobId: string, change: (bytes: Buffer) => Uint8Array, owner = OWNER): Promise<void> {
    await this.engine.overwrite(owner, blobId, change(await this.engine.bytesOf(owner, blobId)))
  }
}

/** A new bench for every test of the suite that it is called in. */
export function useBlobBench(open: () => Promise<ShelfUnderTest>): BlobBench {
  const bench = new BlobBench(open)
  beforeEach(() => bench.begin())
  afterEach(() => bench.engine.close())
  return bench
}
