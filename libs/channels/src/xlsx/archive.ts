import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import type { Readable } from 'node:stream'
import { crc32, createInflateRaw } from 'node:zlib'
import { fromFdPromise } from 'yauzl'
import type { Entry, ZipFile } from 'yauzl'
import { FileRefused } from '../refusals.ts'
import { partKey } from './parts.ts'
import { damaged, megabytes, tooLarge } from './problems.ts'

const ENTRIES_MAX = 4096
/** Measured: Excel's sheets of formatted blank rows pack to a thirteenth, one text in every row to a seventieth. */
const RATIO_MAX = 200
/** Below this many bytes a ratio says nothing. */
const RATIO_BYTES_MIN = 16 * 1024 * 1024
const CHUNK_BYTES = 64 * 1024
const STORED = 0
const DEFLATED = 8

/**
 * The zip file that a workbook is. Nothing it declares is believed: sizes are bounded as declared when it is opened, and
 * each part's bytes are counted, and checked against their CRC, as they are unpacked. Zip64 is read like any other, because
 * programs that write sheets as streams use it for small ones, too; what it declares beyond the bounds is refused by them.
 * Whoever opens it closes it.
 */
export class Archive {
  /** Ours, so that closing it can be waited for. */
  readonly #file: FileHandle
  readonly #zip: ZipFile
  readonly #entries: ReadonlyMap<string, Entry>
  /** Parts that were whole when they were read through. */
  readonly #whole = new Set<string>()

  private constructor(file: FileHandle, zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.#file = file
    this.#zip = zip
    this.#entries = entries
  }

  /** Throws `FileRefused` FILE_UNREADABLE, WORKBOOK_DAMAGED, WORKBOOK_ENCRYPTED, WORKBOOK_TOO_LARGE. */
  static async open(path: string, unpackedBytesMax: number): Promise<Archive> {
    const file = await open(path).catch(refuse)
    try {
      const zip = await fromFdPromise(file.fd, { validateEntrySizes: false })
      return new Archive(file, zip, await readEntries(zip, unpackedBytesMax))
    } catch (error) {
      await file.close()
      throw refusalOf(error)
    }
  }

  /** Of the file itself. */
  get sizeBytes(): number {
    return this.#zip.fileSize
  }

  has(part: string): boolean {
    return this.#entries.has(partKey(part))
  }

  /** Reads a part through, so that it is known to be whole; gives its size in bytes. Throws as `read`. */
  async check(part: string): Promise<number> {
    let sizeBytes = 0
    for await (const chunk of this.read(part)) sizeBytes += chunk.length
    this.#whole.add(part)
    return sizeBytes
  }

  /** The bytes of a part. Throws `FileRefused` WORKBOOK_DAMAGED, WORKBOOK_SIZE_FALSE, FILE_CHANGED. */
  async *read(part: string): AsyncGenerator<Buffer> {
    const entry = this.#entries.get(partKey(part))
    if (!entry) throw damaged(`${part} is missing`)
    const declared = entry.uncompressedSize
    let sizeBytes = 0
    let checksum = 0
    try {
      for await (const chunk of await this.#unpack(entry)) {
        sizeBytes += chunk.length
        if (sizeBytes > declared) throw new FileRefused('WORKBOOK_SIZE_FALSE', { part, declared })
        checksum = crc32(chunk, checksum)
        yield chunk
      }
      if (sizeBytes < declared || checksum !== entry.crc32) throw damaged(`${part} is not as it was packed`)
    } catch (error) {
      if (this.#whole.has(part)) throw new FileRefused('FILE_CHANGED', {}, { cause: error })
      throw refusalOf(error)
    }
  }

  async close(): Promise<void> {
    await this.#file.close()
  }

  async #unpack(entry: Entry): Promise<AsyncIterable<Buffer>> {
    const packed: Readable = await this.#zip.openReadStreamPromise(entry, { decodeFileData: false })
    if (entry.compressionMethod === STORED) return packed
    // What fails comes out of the stream that is read; breaking off there ends both.
    if (entry.compressionMethod === DEFLATED) {
      return pipeline(packed, createInflateRaw({ chunkSize: CHUNK_BYTES }), () => {})
    }
    packed.destroy()
    throw damaged(`compression method ${entry.compressionMethod}`)
  }
}

async function readEntries(zip: ZipFile, unpackedBytesMax: number): Promise<Map<string, Entry>> {
  if (zip.entryCount > ENTRIES_MAX) throw tooLarge(`有超过 ${ENTRIES_MAX} 个部件`, `more than ${ENTRIES_MAX} parts`)
  const entries = new Map<string, Entry>()
  let unpackedBytes = 0
  for await (const entry of zip.eachEntry()) {
    const { uncompressedSize, compressedSize, fileName } = entry
    if (entry.isEncrypted()) throw new FileRefused('WORKBOOK_ENCRYPTED')
    unpackedBytes += uncompressedSize
    if (unpackedBytes > unpackedBytesMax) {
      throw tooLarge(
        `解压后超过 ${megabytes(unpackedBytesMax)}`,
        `it unpacks to more than ${megabytes(unpackedBytesMax)}`,
      )
    }
    if (uncompressedSize > RATIO_BYTES_MIN && uncompressedSize > compressedSize * RATIO_MAX) {
      throw tooLarge(
        `${fileName} 的压缩比超过 ${RATIO_MAX}`,
        `${fileName} unpacks to more than ${RATIO_MAX} times its size`,
      )
    }
    const key = partKey(fileName)
    if (entries.has(key)) throw damaged(`${fileName} stands twice`)
    entries.set(key, entry)
  }
  return entries
}

/** What unpacking throws: of the disk (it has a system call), or of the bytes. */
function refusalOf(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof FileRefused) return error
  if ('syscall' in error && 'code' in error) {
    return new FileRefused('FILE_UNREADABLE', { reason: String(error.code) }, { cause: error })
  }
  return damaged(error.message, error)
}

function refuse(error: unknown): never {
  throw refusalOf(error)
}
