import { FileRefused } from './refusals.ts'
import type { ReopenableSource } from './source.ts'

/** `utf-8` with or without a byte order mark, `gb18030` (with GBK and GB2312 within it), `utf-16` only with one. */
export type Encoding = 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be'

const BYTE_ORDER_MARK = '\uFEFF'

export interface JudgedSource {
  encoding: Encoding
  sizeBytes: number
}

/** So many characters beyond ASCII don't pass as UTF-8 by chance ("联通" in GBK does). */
const CHANCE_CHARACTERS_MAX = 8

/**
 * Reads the source through, whose first bytes are `head`, and says in which encoding all of it is valid: UTF-8 first,
 * strictly, then GB18030 (a tenth of UTF-8 texts also pass as GB18030, none the other way). What is UTF-8 up to a
 * damaged place is damaged UTF-8 and never GB18030. Throws `FileRefused` FILE_EMPTY or ENCODING_UNKNOWN with the offset
 * of the first byte that is invalid in the likelier encoding.
 */
export async function judgeEncoding(source: ReopenableSource, head: Uint8Array): Promise<JudgedSource> {
  if (head.length === 0) throw new FileRefused('FILE_EMPTY')
  if (head[0] === 0xff && head[1] === 0xfe) return judgeAs(source, ['utf-16le'])
  if (head[0] === 0xfe && head[1] === 0xff) return judgeAs(source, ['utf-16be'])
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return judgeAs(source, ['utf-8'])
  return judgeAs(source, ['utf-8', 'gb18030'])
}

async function judgeAs(source: ReopenableSource, encodings: Encoding[]): Promise<JudgedSource> {
  let farthest = { encoding: encodings[0] ?? 'utf-8', offset: -1 }
  for (const encoding of encodings) {
    const { validBytes, complete } = await decodeThrough(source, encoding)
    if (complete) return { encoding, sizeBytes: validBytes }
    const { offset, beyondAscii } = await findInvalid(source, encoding, validBytes)
    if (offset > farthest.offset) farthest = { encoding, offset }
    if (encoding === 'utf-8' && beyondAscii > CHANCE_CHARACTERS_MAX) break
  }
  throw new FileRefused('ENCODING_UNKNOWN', farthest)
}

/** How many bytes, in whole chunks, are valid from the start, and whether that is all. */
async function decodeThrough(
  source: ReopenableSource,
  encoding: Encoding,
): Promise<{ validBytes: number; complete: boolean }> {
  const decoder = strictDecoder(encoding)
  let validBytes = 0
  for await (const chunk of source.open()) {
    if (decodeOrNull(decoder, chunk) === null) return { validBytes, complete: false }
    validBytes += chunk.length
  }
  return { validBytes, complete: decodeOrNull(decoder) !== null }
}

/**
 * The offset of the byte that makes the text invalid (the size where it ends within a character), and how many
 * characters beyond ASCII come before it, counted no further than matters. Looks byte by byte from `validBytes` on.
 */
async function findInvalid(
  source: ReopenableSource,
  encoding: Encoding,
  validBytes: number,
): Promise<{ offset: number; beyondAscii: number }> {
  const decoder = strictDecoder(encoding)
  let offset = 0
  let beyondAscii = 0
  for await (const chunk of source.open()) {
    let at = 0
    while (at < chunk.length) {
      const end = offset < validBytes ? Math.min(chunk.length, at + validBytes - offset) : at + 1
      const text = decodeOrNull(decoder, chunk.subarray(at, end))
      if (text === null) return { offset, beyondAscii }
      beyondAscii += countBeyondAscii(text, CHANCE_CHARACTERS_MAX + 1 - beyondAscii)
      offset += end - at
      at = end
    }
  }
  return { offset, beyondAscii }
}

function countBeyondAscii(text: string, enough: number): number {
  let count = 0
  for (let at = 0; at < text.length && count < enough; at += 1) if (text.charCodeAt(at) > 0x7f) count += 1
  return count
}

function strictDecoder(encoding: Encoding): TextDecoder {
  return new TextDecoder(encoding, { fatal: true, ignoreBOM: true })
}

/** Null for bytes that are invalid in the decoder's encoding: it throws a TypeError for them. Without a chunk: for the end. */
function decodeOrNull(decoder: TextDecoder, chunk?: Uint8Array): string | null {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode()
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}

/**
 * The text of a judged source without its byte order mark, chunk by chunk; `onBytes` hears after each how many bytes
 * have been read. Throws `FileRefused` FILE_CHANGED when the source is no longer what was judged.
 */
export async function* decodeText(
  source: ReopenableSource,
  judged: JudgedSource,
  onBytes: (bytesRead: number) => void,
): AsyncGenerator<string> {
  const decoder = strictDecoder(judged.encoding)
  let bytesRead = 0
  let atStart = true
  for await (const chunk of source.open()) {
    bytesRead += chunk.length
    const text = decodeOrNull(decoder, chunk)
    if (text === null || bytesRead > judged.sizeBytes) throw new FileRefused('FILE_CHANGED')
    onBytes(bytesRead)
    if (text === '') continue
    yield atStart && text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text
    atStart = false
  }
  // Nothing is left in the decoder: what ends within a character was refused when it was judged.
  if (decodeOrNull(decoder) === null || bytesRead < judged.sizeBytes) throw new FileRefused('FILE_CHANGED')
}
