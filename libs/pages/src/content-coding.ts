import { promisify } from 'node:util'
import { brotliDecompress, constants, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib'
import { PageFailed } from './faults.ts'

const codings: Record<string, (body: Uint8Array, maxOutputLength: number) => Promise<Buffer>> = {
  gzip: (body, maxOutputLength) => promisify(gunzip)(body, { maxOutputLength }),
  // Some servers send the bare stream instead of the zlib format that the name stands for, and browsers take both.
  deflate: (body, maxOutputLength) =>
    promisify(((body[0] ?? 0) & 0x0f) === 8 ? inflate : inflateRaw)(body, { maxOutputLength }),
  br: (body, maxOutputLength) => promisify(brotliDecompress)(body, { maxOutputLength }),
  zstd: (body, maxOutputLength) =>
    // The window that RFC 9659 allows: 8 MiB.
    promisify(zstdDecompress)(body, { maxOutputLength, params: { [constants.ZSTD_d_windowLogMax]: 23 } }),
}

/** What we ask servers for. */
export const ACCEPT_ENCODING = Object.keys(codings).join(', ')

/** The body without its content coding. Stops at `bytesMax`. Throws `PageFailed` too-large or not-a-page. */
export async function undoContentCoding(body: Uint8Array, coding: string, bytesMax: number): Promise<Uint8Array> {
  const name = coding.trim().toLowerCase().replace(/^x-/, '')
  if (name === '' || name === 'identity' || body.length === 0) return body
  const undo = Object.hasOwn(codings, name) ? codings[name] : undefined
  if (undo === undefined) throw new PageFailed('not-a-page', `the content coding "${coding}" is not known`)
  try {
    return await undo(body, bytesMax)
  } catch (error) {
    // All input is bytes of the web, so every other error is damage in them.
    const tooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    throw tooLarge
      ? new PageFailed('too-large', `the body is larger than ${bytesMax} bytes once its ${name} is undone`)
      : new PageFailed('not-a-page', `the body is no whole ${name}: ${(error as Error).message}`, { cause: error })
  }
}
