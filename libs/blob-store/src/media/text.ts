import type { RandomAccess } from '../random-access.ts'

/** C0 without tab, line feed, form feed and carriage return; DEL; C1. No text that people write holds them. */
// oxlint-disable-next-line no-control-regex
const CONTROL_CHARACTERS = /[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u009f]/
/** What browsers take for a page or a drawing: a tag, a comment or a declaration is the first thing in it. */
const MARKUP = /^<[!?/a-z]/i

const CHUNK_BYTES = 64 * 1024
const BEGINNING_CHARACTERS = 1_024

/**
 * Whether all of it is text, in UTF-8 or else GB18030, strictly, and what it is meant for: to be read, to be shown by a
 * browser, to be run. Null for anything else.
 */
export async function tellText(bytes: RandomAccess): Promise<'plain' | 'markup' | 'script' | null> {
  const beginning = (await beginningOfText(bytes, 'utf-8')) ?? (await beginningOfText(bytes, 'gb18030'))
  if (beginning === null) return null
  if (MARKUP.test(beginning)) return 'markup'
  return beginning.startsWith('#!') ? 'script' : 'plain'
}

/** How it begins, without byte order mark and white space; null where it is not text in this encoding to the end. */
async function beginningOfText(bytes: RandomAccess, encoding: string): Promise<string | null> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  let beginning = ''
  for (let position = 0; position < bytes.sizeBytes; position += CHUNK_BYTES) {
    const isLast = position + CHUNK_BYTES >= bytes.sizeBytes
    const text = decode(decoder, await bytes.read(position, CHUNK_BYTES), !isLast)
    if (text === null || CONTROL_CHARACTERS.test(text)) return null
    if (beginning.length < BEGINNING_CHARACTERS) beginning = (beginning + text).trimStart()
  }
  return beginning.slice(0, BEGINNING_CHARACTERS)
}

/** Null for bytes that are invalid: the decoder throws a TypeError for them. */
function decode(decoder: TextDecoder, bytes: Uint8Array, stream: boolean): string | null {
  try {
    return decoder.decode(bytes, { stream })
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}
