import { SaxesParser } from 'saxes'
import type { SaxesTagNS } from 'saxes'
import { FileRefused } from '../refusals.ts'
import type { Archive } from './archive.ts'
import { damaged, tooLarge } from './problems.ts'

/** Elements within each other; a sheet needs ten. */
const DEPTH_MAX = 64
/** A tag with its attributes, a text, a comment: in characters. */
const TOKEN_CHARACTERS_MAX = 1024 * 1024

export type XmlTag = SaxesTagNS

/** Hears what an XML part holds. Elements of other namespaces than those asked for are named ''. */
export interface XmlHandler {
  /** `depth` is 1 for the root. */
  open(name: string, depth: number, tag: XmlTag): void
  close?(name: string, depth: number): void
  /** A text may come in several pieces. */
  text?(text: string): void
}

/**
 * Parses one part of a workbook, chunk by chunk, in bounded memory. A document type, and so every entity but the five of
 * XML itself, is refused (WORKBOOK_XML_UNSAFE), like elements nested too deep; what is not well-formed is WORKBOOK_DAMAGED.
 */
export class XmlReader {
  readonly #part: string
  readonly #parser = new SaxesParser({ xmlns: true, position: false })
  #decoder: TextDecoder | null = null
  #depth = 0
  /** Where the parser was when it last told something. */
  #toldAt = 0

  constructor(part: string, namespaces: ReadonlySet<string>, handler: XmlHandler) {
    this.#part = part
    const parser = this.#parser
    const nameOf = (tag: XmlTag) => (namespaces.has(tag.uri) ? tag.local : '')
    const told = () => {
      this.#toldAt = parser.position
    }
    parser.on('error', (error) => {
      throw damaged(`${part}: ${error.message}`, error)
    })
    parser.on('doctype', () => {
      throw this.#unsafe('文档类型声明（DOCTYPE）', 'a document type (DOCTYPE)')
    })
    parser.on('opentag', (tag) => {
      told()
      this.#depth += 1
      if (this.#depth > DEPTH_MAX)
        throw this.#unsafe(`超过 ${DEPTH_MAX} 层的嵌套`, `elements nested more than ${DEPTH_MAX} deep`)
      handler.open(nameOf(tag), this.#depth, tag)
    })
    parser.on('closetag', (tag) => {
      told()
      handler.close?.(nameOf(tag), this.#depth)
      this.#depth -= 1
    })
    const text = (piece: string) => {
      told()
      handler.text?.(piece)
    }
    parser.on('text', text)
    parser.on('cdata', text)
    parser.on('comment', told)
    parser.on('processinginstruction', told)
  }

  write(chunk: Uint8Array): void {
    this.#decoder ??= new TextDecoder(encodingOf(chunk), { fatal: true })
    this.#parse(this.#decode(chunk))
    if (this.#parser.position - this.#toldAt > TOKEN_CHARACTERS_MAX) {
      const of = TOKEN_CHARACTERS_MAX
      throw tooLarge(
        `${this.#part} 里有超过 ${of} 个字符的标记`,
        `${this.#part} holds a token of more than ${of} characters`,
      )
    }
  }

  end(): void {
    this.#parse(this.#decode())
    this.#parser.close()
  }

  #parse(text: string): void {
    if (text !== '') this.#parser.write(text)
  }

  #decode(chunk?: Uint8Array): string {
    try {
      return this.#decoder?.decode(chunk, { stream: chunk !== undefined }) ?? ''
    } catch (error) {
      if (error instanceof TypeError) throw damaged(`${this.#part}: invalid ${this.#decoder?.encoding}`, error)
      throw error
    }
  }

  #unsafe(zh: string, en: string): FileRefused {
    return new FileRefused('WORKBOOK_XML_UNSAFE', { part: this.#part, zh, en })
  }
}

/** OPC allows UTF-8 and UTF-16 (ECMA-376-2, 6.2.5); the latter begins with a byte order mark. */
function encodingOf(chunk: Uint8Array): string {
  return chunk[0] === 0xff ? 'utf-16le' : chunk[0] === 0xfe ? 'utf-16be' : 'utf-8'
}

/** Parses a whole part. */
export async function readXml(
  archive: Archive,
  part: string,
  namespaces: ReadonlySet<string>,
  handler: XmlHandler,
): Promise<void> {
  const reader = new XmlReader(part, namespaces, handler)
  for await (const chunk of archive.read(part)) reader.write(chunk)
  reader.end()
}

/** An attribute without a namespace, as nearly all of them are. */
export function attribute(tag: XmlTag, name: string): string | null {
  return tag.attributes[name]?.value ?? null
}

/** An attribute of a namespace, whatever its prefix. */
export function attributeOf(tag: XmlTag, namespaces: ReadonlySet<string>, name: string): string | null {
  const found = Object.values(tag.attributes).find(({ uri, local }) => local === name && namespaces.has(uri))
  return found?.value ?? null
}
