import { fromRandomAccessReaderPromise, RandomAccessReader } from 'yauzl'
import type { RandomAccess } from '../random-access.ts'

/** An OFD has its entry near one end; a thousand pages are some thousand entries. */
const ENTRIES_MAX = 20_000

/** Whether a ZIP file is an OFD document (GB/T 33190): one with `OFD.xml` at its root. Throws for what is no ZIP file. */
export async function isOfd(bytes: RandomAccess): Promise<boolean> {
  const zip = await fromRandomAccessReaderPromise(new Reader(bytes), bytes.sizeBytes)
  let entries = 0
  for await (const { fileName } of zip.eachEntry()) {
    if (fileName === 'OFD.xml') return true
    if (++entries === ENTRIES_MAX) break
  }
  return false
}

/** Reads for yauzl, which only looks at the directory here. */
class Reader extends RandomAccessReader {
  readonly #bytes: RandomAccess

  constructor(bytes: RandomAccess) {
    super()
    this.#bytes = bytes
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    const isWithin = position + length <= this.#bytes.sizeBytes
    const reading = isWithin ? this.#bytes.read(position, length) : Promise.reject(new RangeError('beyond the end'))
    reading.then(
      (read) => {
        buffer.set(read, offset)
        callback(null)
      },
      (error: unknown) => callback(error as Error),
    )
  }
}
