import { Parser } from 'htmlparser2'

/** How far into a page its `<meta charset>` is looked for; browsers look 1,024 bytes far, and some county pages begin with long comments. */
const META_BYTES = 4096

/**
 * The text of a page. What counts is, in this order, as in browsers: a byte order mark, what Content-Type declares
 * (`declared`, or ''), what a `<meta>` at the beginning declares. Undeclared, it is UTF-8 where it is valid UTF-8
 * throughout and GB18030 where not. Damaged characters become U+FFFD.
 */
export function decodePage(body: Uint8Array, declared: string): string {
  const decoder = byMark(body) ?? byLabel(declared) ?? byLabel(metaCharset(body).replace(/^utf-?16.*/, 'utf-8'))
  if (decoder !== null) return decoder.decode(body)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return new TextDecoder('gb18030').decode(body)
  }
}

function byMark([first, second, third]: Uint8Array): TextDecoder | null {
  if (first === 0xef && second === 0xbb && third === 0xbf) return new TextDecoder('utf-8')
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le')
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be')
  return null
}

/** Null for a label that nobody knows. GBK and GB2312 are read as GB18030, which holds them. */
function byLabel(label: string): TextDecoder | null {
  try {
    const decoder = new TextDecoder(label)
    return decoder.encoding === 'gbk' ? new TextDecoder('gb18030') : decoder
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** The first charset that a `<meta>` declares, lower-case, or ''. */
function metaCharset(body: Uint8Array): string {
  let charset = ''
  const parser = new Parser({
    onopentag(name, attributes) {
      if (name !== 'meta' || charset !== '') return
      const isContentType = attributes['http-equiv']?.toLowerCase() === 'content-type'
      const inContent = isContentType
        ? /charset\s*=\s*["']?([^\s"';]+)/i.exec(attributes['content'] ?? '')?.[1]
        : undefined
      charset = (attributes['charset'] ?? inContent ?? '').trim().toLowerCase()
    },
  })
  parser.end(new TextDecoder('latin1').decode(body.subarray(0, META_BYTES)))
  return charset
}
