const LABEL = /^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']/

/**
 * The text of an XML document whatever its labels say, which are wrong more often than the bytes: a byte order mark, then
 * strict UTF-8, then what the document or its sender calls it, then GB18030, each only where all of it is valid. What is
 * valid in none is read as UTF-8 with the broken places marked.
 */
export function decodeMarkup(body: Uint8Array, charset: string): string {
  const labels = [markOf(body), 'utf-8', declaredIn(body), charset, 'gb18030']
  for (const label of labels) {
    const text = label === null ? null : decodeStrictly(body, label)
    if (text !== null) return text
  }
  return new TextDecoder('utf-8').decode(body)
}

function markOf(body: Uint8Array): string | null {
  if (body[0] === 0xff && body[1] === 0xfe) return 'utf-16le'
  if (body[0] === 0xfe && body[1] === 0xff) return 'utf-16be'
  return null
}

function declaredIn(body: Uint8Array): string | null {
  return LABEL.exec(new TextDecoder('latin1').decode(body.subarray(0, 400)))?.[1] ?? null
}

function decodeStrictly(body: Uint8Array, label: string): string | null {
  try {
    return new TextDecoder(label, { fatal: true }).decode(body)
  } catch (error) {
    // A RangeError for a name that nobody knows, a TypeError for bytes that are invalid in it.
    if (error instanceof RangeError || error instanceof TypeError) return null
    throw error
  }
}
