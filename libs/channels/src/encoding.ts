import { FileRefused } from './refusals.ts'
import type { ReopenableSource } from './source.ts'

/** `utf-8` with or without a byte order mark, `gb18030` (with GBK and GB2312 within it), `utf-16` only with one. */
export type Encoding = 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be'

export interface JudgedSource {
  encoding: Encoding
  sizeBytes: number
}

/**
 * Reads the source through, whose first bytes are `head`, and says in which encoding all of it is valid: UTF-8 first, strictly, then GB18030 (a tenth
 * of UTF-8 texts also pass as GB18030, none the other way). Throws `FileRefused` FILE_EMPTY or ENCODING_UNKNOWN with
 * the offset of the first byte that is invalid in the likelier encoding.
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
    const { sizeBytes, invalidChunk } = await decodeThrough(source, encoding)
    if (invalidChunk === null) return { encoding, sizeBytes }
    const offset = await invalidOffset(source, encoding, invalidChunk)
    if (offset > farthest.offset) farthest = { encoding, offset }
  }
  throw new FileRefused('ENCODING_UNKNOWN', farthest)
}

async function decodeThrough(
  source: ReopenableSource,
  encoding: Encoding,
): Promise<{ sizeBytes: number; invalidChunk: number | null }> {
  const decoder = strictDecoder(encoding)
  let sizeBytes = 0
  let chunks = 0
  for await (const chunk of source.open()) {
    if (!isValid(() => decoder.decode(chunk, { stream: true }))) return { sizeBytes, invalidChunk: chunks }
    sizeBytes += chunk.length
    chunks += 1
  }
  return { sizeBytes, invalidChunk: isValid(() => decoder.decode()) ? null : chunks }
}

/** The offset of the byte that makes the text invalid, known to lie in that chunk; the size where it ends within a character. */
async function invalidOffset(source: ReopenableSource, encoding: Encoding, invalidChunk: number): Promise<number> {
  const decoder = strictDecoder(encoding)
  let offset = 0
  let chunks = 0
  for await (const chunk of source.open()) {
    if (chunks < invalidChunk) {
      decoder.decode(chunk, { stream: true })
    } else {
      for (let index = 0; index < chunk.length; index += 1) {
        const byte = chunk.subarray(index, index + 1)
        if (!isValid(() => decoder.decode(byte, { stream: true }))) return offset + index
      }
    }
    offset += chunk.length
    chunks += 1
  }
  return offset
}

function strictDecoder(encoding: Encoding): TextDecoder {
  return new TextDecoder(encoding, { fatal: true, ignoreBOM: true })
}

/** TextDecoder throws a TypeError for bytes that are invalid in its encoding. */
function isValid(decode: () => string): boolean {
  try {
    decode()
    return true
  } catch (error) {
    if (error instanceof TypeError) return false
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
  const decoder = new TextDecoder(judged.encoding, { fatal: true, ignoreBOM: true })
  let bytesRead = 0
  let atStart = true
  const decode = (chunk?: Uint8Array): string => {
    let text = ''
    if (!isValid(() => (text = chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode()))) {
      throw new FileRefused('FILE_CHANGED')
    }
    if (atStart && text !== '') {
      atStart = false
      if (text.startsWith('\uFEFF')) return text.slice(1)
    }
    return text
  }
  for await (const chunk of source.open()) {
    bytesRead += chunk.length
    if (bytesRead > judged.sizeBytes) throw new FileRefused('FILE_CHANGED')
    const text = decode(chunk)
    onBytes(bytesRead)
    if (text !== '') yield text
  }
  const rest = decode()
  if (bytesRead !== judged.sizeBytes) throw new FileRefused('FILE_CHANGED')
  if (rest !== '') yield rest
}
