import { BlobStoreError } from '../errors.ts'
import type { RandomAccess } from '../random-access.ts'
import { CHUNK_BYTES, SEALED_CHUNK_BYTES, TAG_BYTES } from './frames.ts'
import type { Frames } from './frames.ts'

/** Where the sealed chunks of so many clear bytes end, counted from the first. */
export function sealedLength(sizeBytes: number): number {
  return sizeBytes + Math.ceil(sizeBytes / CHUNK_BYTES) * TAG_BYTES
}

/** Cuts what comes into chunks and seals them. What is held back until more comes is at most one chunk. */
export class ChunkSealer {
  readonly #frames: Frames
  readonly #chunk = Buffer.alloc(CHUNK_BYTES)
  #filled = 0
  #index = 0

  constructor(frames: Frames) {
    this.#frames = frames
  }

  /** The chunks that are full and have more behind them. */
  *add(piece: Uint8Array): Generator<Buffer> {
    for (let at = 0; at < piece.length;) {
      if (this.#filled === CHUNK_BYTES) yield this.#seal('chunk')
      const part = piece.subarray(at, at + CHUNK_BYTES - this.#filled)
      this.#chunk.set(part, this.#filled)
      this.#filled += part.length
      at += part.length
    }
  }

  /** The last chunk. */
  end(): Buffer {
    return this.#seal('last')
  }

  #seal(kind: 'chunk' | 'last'): Buffer {
    const sealed = this.#frames.seal(kind, this.#index++, this.#chunk.subarray(0, this.#filled))
    this.#filled = 0
    return sealed
  }
}

/** The clear bytes of a sealed file, opened as they are asked for. Throws `FILE_DAMAGED` for a chunk that was changed. */
export class ClearBytes implements RandomAccess {
  readonly sizeBytes: number
  readonly #sealed: RandomAccess
  readonly #frames: Frames
  readonly #start: number
  /** The chunk last opened: who looks at a file's type reads a few bytes at a time. */
  #opened: { index: number; clear: Uint8Array } | null = null

  /** `start`: where in the sealed file the chunks begin. */
  constructor(sealed: RandomAccess, frames: Frames, start: number, sizeBytes: number) {
    this.#sealed = sealed
    this.#frames = frames
    this.#start = start
    this.sizeBytes = sizeBytes
  }

  async read(position: number, length: number): Promise<Uint8Array> {
    const end = Math.min(position + length, this.sizeBytes)
    const parts: Uint8Array[] = []
    for await (const part of this.stream(position, end - 1)) parts.push(part)
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
  }

  /** From the first to the last byte, both inclusive, a chunk at a time. */
  async *stream(first: number, last: number): AsyncGenerator<Uint8Array> {
    for (let position = first; position <= last;) {
      const index = Math.floor(position / CHUNK_BYTES)
      const from = position - index * CHUNK_BYTES
      const part = (await this.#chunk(index)).subarray(from, last + 1 - index * CHUNK_BYTES)
      yield part
      position += part.length
    }
  }

  async #chunk(index: number): Promise<Uint8Array> {
    if (this.#opened?.index === index) return this.#opened.clear
    const isLast = (index + 1) * CHUNK_BYTES >= this.sizeBytes
    const length = isLast ? this.sizeBytes - index * CHUNK_BYTES + TAG_BYTES : SEALED_CHUNK_BYTES
    const sealed = await this.#sealed.read(this.#start + index * SEALED_CHUNK_BYTES, length)
    const clear = this.#frames.open(isLast ? 'last' : 'chunk', index, sealed)
    if (clear === null) throw damaged(`chunk ${index} is not as it was written`)
    this.#opened = { index, clear }
    return clear
  }
}

export function damaged(what: string): BlobStoreError {
  return new BlobStoreError('FILE_DAMAGED', `The stored file is damaged: ${what}. Restore it from a backup.`)
}
