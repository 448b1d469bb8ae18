/** `_x000D_` stands for a character that XML can't hold or would change, `_x005F_` for `_` itself (22.9.2.19, ST_Xstring). */
const ESCAPED = /_x([0-9A-F]{4})_/giu

export function unescapeText(text: string): string {
  return text.includes('_x')
    ? text.replaceAll(ESCAPED, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text
}

/** An escape takes seven characters for one. */
const ESCAPE_CHARACTERS = 7

/**
 * Collects the text of a shared or inline string: its `t`, or those of its runs, without the phonetic ones (`rPh`), which
 * say how the others are read. White space is kept whether or not `xml:space` asks for it: who forgot to ask meant it, and
 * what stands at the ends of a cell is trimmed later. Of a text longer than `charactersMax` only as much is kept as shows
 * that it is longer.
 */
export class RichText {
  readonly #charactersMax: number
  #text = ''
  #piece: string | null = null
  #phonetic = 0

  constructor(charactersMax: number) {
    this.#charactersMax = charactersMax
  }

  /** An element within the string was opened. */
  open(name: string): void {
    if (name === 'rPh') this.#phonetic += 1
    else if (name === 't' && this.#phonetic === 0) this.#piece = ''
  }

  text(text: string): void {
    if (this.#piece !== null && this.#piece.length <= this.#charactersMax * ESCAPE_CHARACTERS) this.#piece += text
  }

  close(name: string): void {
    if (name === 'rPh') this.#phonetic -= 1
    else if (name === 't' && this.#piece !== null) {
      if (this.#text.length <= this.#charactersMax) {
        this.#text += unescapeText(this.#piece).slice(0, this.#charactersMax + 1 - this.#text.length)
      }
      this.#piece = null
    }
  }

  /** The whole text; begins anew. */
  take(): string {
    const text = this.#text
    this.#text = ''
    return text
  }
}
