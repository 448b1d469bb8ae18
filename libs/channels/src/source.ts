import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { FileRefused } from './refusals.ts'

const HEAD_BYTES = 4096
const CHUNK_BYTES = 64 * 1024

/**
 * Bytes that can be read from their start more than once: the encoding is judged on the whole of them before the first
 * row is given out, so that no row is taken from a file that turns out to be unreadable.
 */
export interface ReopenableSource {
  /** Its file name, for `format: 'auto'`; may be ''. */
  name: string
  /** Where it lies on disk; XLSX, which is not read from its start to its end, needs it. */
  path?: string
  /** Opens it anew; chunks of any size. */
  open(): AsyncIterable<Uint8Array>
}

/** A regular file. Throws `FileRefused` FILE_UNREADABLE: a pipe can be read only once and must be saved first. */
export async function fileSource(path: string): Promise<ReopenableSource> {
  const status = await stat(path).catch((error: unknown) => {
    throw unreadable(error)
  })
  if (!status.isFile()) throw new FileRefused('FILE_UNREADABLE', { reason: 'not a regular file' })
  return { name: path, path, open: () => readFileChunks(path) }
}

async function* readFileChunks(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>
  } catch (error) {
    throw unreadable(error)
  }
}

function unreadable(error: unknown): unknown {
  if (!(error instanceof Error && 'code' in error)) return error
  return new FileRefused('FILE_UNREADABLE', { reason: String(error.code) }, { cause: error })
}

/** The first bytes of a source, at most 4,096: what it is, is told by them. */
export async function readHead(source: ReopenableSource): Promise<Uint8Array> {
  const head: Uint8Array[] = []
  let length = 0
  for await (const chunk of source.open()) {
    head.push(chunk.subarray(0, HEAD_BYTES - length))
    length = Math.min(HEAD_BYTES, length + chunk.length)
    if (length === HEAD_BYTES) break
  }
  return Buffer.concat(head)
}
