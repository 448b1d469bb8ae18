import { styleText } from 'node:util'
import stringWidth from 'string-width'
import { local } from '../times.ts'

/** Columns of the narrowest terminal that the story is told for; a Han character takes two. */
const COLUMNS = 79
const INDENT = '  '
const WHEN_WIDTH = 11
const WHO_WIDTH = 11
const FACT_WIDTH = 12
const GAP = '  '
/** A word in Latin letters, or one character, with the marks that may not be parted from it. */
const TOKENS = /[（“《「]*(?:[\u0021-\u007E]+|\S)[，。；：、）”》」！？…]*[ ]*/gu

/** Tells the story: a step a line, and what does not fit below it. Colours only on a terminal, never as the only sign. */
export class Narrator {
  readonly #write: (text: string) => void

  constructor(write: (text: string) => void) {
    this.#write = write
  }

  title(text: string): void {
    this.#line(style('bold', text))
  }

  chapter(text: string): void {
    this.#line()
    this.#line(style(['bold', 'cyan'], text))
  }

  /** A paragraph between steps. */
  say(text: string): void {
    for (const line of wrapped(text, COLUMNS - INDENT.length)) this.#line(`${INDENT}${line}`)
  }

  /** What somebody did at a moment (instant). */
  step(at: string, who: string, what: string): void {
    this.#step(local(at).slice(5), who, what, (text) => text)
  }

  /** What followed by itself. */
  consequence(what: string): void {
    this.#step('', '系统', what, (text) => style('green', text))
  }

  /** What was refused, as the person meets it. */
  refusal(what: string): void {
    this.#step('', '被拒绝', what, (text) => style('yellow', text))
  }

  /** One of several things that a step brought out. */
  detail(label: string, what: string): void {
    this.#step('', label, what, (text) => text)
  }

  /** What something comes to. */
  fact(label: string, what: string): void {
    const width = INDENT.length + FACT_WIDTH
    for (const [at, line] of wrapped(what, COLUMNS - width).entries()) {
      this.#line((at === 0 ? INDENT + padded(label, FACT_WIDTH) : ' '.repeat(width)) + line)
    }
  }

  /** Lines as they are: a table. */
  lines(texts: readonly string[]): void {
    for (const text of texts) this.#line(`${INDENT}${text}`)
  }

  blank(): void {
    this.#line()
  }

  #step(when: string, who: string, what: string, styled: (text: string) => string): void {
    const before = INDENT + style('dim', padded(when, WHEN_WIDTH)) + GAP + styled(padded(who, WHO_WIDTH)) + GAP
    const width = INDENT.length + WHEN_WIDTH + WHO_WIDTH + 2 * GAP.length
    for (const [at, line] of wrapped(what, COLUMNS - width).entries()) {
      this.#line(at === 0 ? before + styled(line) : ' '.repeat(width) + styled(line))
    }
  }

  #line(text = ''): void {
    this.#write(`${text}\n`)
  }
}

/** A text in lines of so many columns; no line begins with a mark that closes. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const [token] of text.matchAll(TOKENS)) {
    if (line !== '' && stringWidth(line + token.trimEnd()) > columns) {
      lines.push(line.trimEnd())
      line = ''
    }
    line += token
  }
  return [...lines, line.trimEnd()]
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)))
}

/** `styleText` looks at the terminal and at NO_COLOR. */
function style(format: Parameters<typeof styleText>[0], text: string): string {
  return styleText(format, text, { stream: process.stdout })
}
