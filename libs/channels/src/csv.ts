import type { ReadLimits } from './inbound.ts'
import type { Details, RowRefusalCode } from './refusals.ts'

/** One record: its cells, or why it could not be read. `beginning` is its raw text, cut. */
export type CsvRecord =
  | { kind: 'cells'; cells: string[]; beginning: string }
  | { kind: 'failed'; code: RowRefusalCode; details: Details; beginning: string }

export type Delimiter = ',' | ';' | '\t'

/**
 * Reads CSV (RFC 4180): quoted cells with line breaks, `""` within them, CRLF, LF or CR between records; the delimiter
 * among `,` `;` and tab is the one that the first line holds most of. A quote within an unquoted cell is a plain
 * character, as spreadsheets read it. Blank lines are no records.
 *
 * Why our own: csv-parse 7.0.3, told to skip records that are too large, stayed small in memory but gave no row any
 * more after a lost quote, nor after one line of 300 MB: it looks for the end of the quote or record for ever. Here
 * memory is bounded by `recordCharactersMax` and one chunk, and after a failure reading goes on **at the first line
 * break after the quote that was opened and never (rightly) closed, or else after the place where the failure was
 * noticed**. So a lost quote costs its own line and not those that it seemed to swallow; and where a quoted cell really
 * was too long, its later lines come up as rows of their own, which the count of columns refuses. Between an open quote
 * and the place where it fails stand quotes in pairs only, so that reading that text again leaves none open: nothing is
 * read more than a few times.
 */
export class CsvReader {
  readonly #limits: ReadLimits
  readonly #beginningMax: number
  #delimiter: Delimiter | null = null
  /** Text not yet done with; the record being read begins at `#start`, reading has come to `#at`. */
  #text = ''
  #start = 0
  #at = 0
  #cells: string[] = []
  /** Where the current cell begins; for a quoted one, its opening quote. */
  #cellStart = 0
  #mode: 'cell start' | 'plain' | 'quoted' | 'after quote' | 'skipping' = 'cell start'

  constructor(limits: ReadLimits, beginningMax: number) {
    this.#limits = limits
    this.#beginningMax = beginningMax
  }

  /** The records that are complete with this chunk. */
  *read(chunk: string): Generator<CsvRecord> {
    this.#text = this.#text.slice(this.#start) + chunk
    this.#at -= this.#start
    this.#cellStart -= this.#start
    this.#start = 0
    yield* this.#records(false)
  }

  /** The records that only the end of the file completes. */
  *finish(): Generator<CsvRecord> {
    yield* this.#records(true)
  }

  *#records(final: boolean): Generator<CsvRecord> {
    if (this.#delimiter === null) {
      this.#delimiter = chooseDelimiter(this.#text, final || this.#text.length > this.#limits.recordCharactersMax)
      if (this.#delimiter === null) return
    }
    for (;;) {
      const step = this.#step(this.#delimiter, final)
      if (step === 'wait') return
      if (step !== 'on') yield step
    }
  }

  /** Does one thing: reads on within a cell, ends a cell, a record or a failure; or finds that it needs more text. */
  #step(delimiter: Delimiter, final: boolean): CsvRecord | 'on' | 'wait' {
    if (this.#mode === 'skipping') return this.#skip()
    if (this.#at - this.#start > this.#limits.recordCharactersMax) return this.#overflow()
    const ended = this.#at >= this.#text.length
    switch (this.#mode) {
      case 'cell start':
        if (ended) return final && this.#at > this.#start ? this.#endRecord('', 0) : 'wait'
        this.#cellStart = this.#at
        if (this.#text[this.#at] === '"') {
          this.#mode = 'quoted'
          this.#at += 1
        } else {
          this.#mode = 'plain'
        }
        return 'on'
      case 'plain': {
        this.#at = endOfPlain(this.#text, this.#at, delimiter)
        if (this.#at - this.#start > this.#limits.recordCharactersMax) return this.#overflow()
        if (this.#at >= this.#text.length && !final) return 'wait'
        return this.#endCell(this.#text.slice(this.#cellStart, this.#at), delimiter)
      }
      case 'quoted': {
        const quote = this.#text.indexOf('"', this.#at)
        this.#at = quote === -1 ? this.#text.length : quote + 1
        if (quote !== -1) this.#mode = 'after quote'
        else if (this.#at - this.#start <= this.#limits.recordCharactersMax) {
          return final ? this.#fail('QUOTE_UNTERMINATED', { column: this.#cells.length + 1 }, this.#cellStart) : 'wait'
        }
        return 'on'
      }
      case 'after quote': {
        if (ended && !final) return 'wait'
        const next = this.#text[this.#at]
        if (next === '"') {
          this.#mode = 'quoted'
          this.#at += 1
          return 'on'
        }
        if (next === undefined || next === delimiter || next === '\n' || next === '\r') {
          return this.#endCell(this.#text.slice(this.#cellStart + 1, this.#at - 1).replaceAll('""', '"'), delimiter)
        }
        return this.#fail('QUOTE_MISPLACED', { column: this.#cells.length + 1 }, this.#cellStart)
      }
    }
  }

  #endCell(cell: string, delimiter: Delimiter): CsvRecord | 'on' {
    if (this.#cells.length === this.#limits.columnsMax) {
      return this.#fail('TOO_MANY_COLUMNS', { max: this.#limits.columnsMax }, this.#at)
    }
    if (this.#text[this.#at] !== delimiter) return this.#endRecord(cell, 1)
    this.#cells.push(cell)
    this.#at += 1
    this.#mode = 'cell start'
    return 'on'
  }

  #endRecord(cell: string, breakLength: 0 | 1): CsvRecord | 'on' {
    const blank = this.#cells.length === 0 && cell.trim() === '' // so is what follows the CR of a CRLF
    const cells = [...this.#cells, cell]
    const beginning = this.#beginning()
    this.#beginAt(this.#at + breakLength)
    return blank ? 'on' : { kind: 'cells', cells, beginning }
  }

  #overflow(): CsvRecord {
    const max = this.#limits.recordCharactersMax
    this.#at = this.#start + max // wherever the chunk happened to let it run to
    if (this.#mode === 'quoted' || this.#mode === 'after quote') {
      const lineBreak = findLineBreak(this.#text, this.#cellStart)
      if (lineBreak !== -1 && lineBreak <= this.#at) {
        return this.#fail('QUOTE_UNTERMINATED', { column: this.#cells.length + 1 }, this.#cellStart)
      }
    }
    return this.#fail('ROW_TOO_LONG', { max }, this.#at)
  }

  #fail(code: RowRefusalCode, details: Details, resumeAfter: number): CsvRecord {
    const beginning = this.#beginning()
    this.#beginAt(Math.min(resumeAfter, this.#text.length))
    this.#mode = 'skipping'
    return { kind: 'failed', code, details, beginning }
  }

  #skip(): 'on' | 'wait' {
    const lineBreak = findLineBreak(this.#text, this.#at)
    if (lineBreak === -1) {
      this.#beginAt(this.#text.length)
      this.#mode = 'skipping'
      return 'wait'
    }
    this.#beginAt(lineBreak + 1)
    return 'on'
  }

  #beginAt(start: number): void {
    this.#start = start
    this.#at = start
    this.#cellStart = start
    this.#cells = []
    this.#mode = 'cell start'
  }

  #beginning(): string {
    return this.#text.slice(this.#start, Math.min(this.#at, this.#start + this.#beginningMax))
  }
}

function endOfPlain(text: string, from: number, delimiter: Delimiter): number {
  const mark = delimiter.charCodeAt(0)
  for (let at = from; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit === mark || unit === 10 || unit === 13) return at
  }
  return text.length
}

function findLineBreak(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit === 10 || unit === 13) return at
  }
  return -1
}

/** Null while the first line that is not blank has no end yet. */
function chooseDelimiter(text: string, final: boolean): Delimiter | null {
  const counts: Record<Delimiter, number> = { ',': 0, ';': 0, '\t': 0 }
  let quoted = false
  let ended = final
  for (const character of text.replace(/^[\r\n]+/, '')) {
    if (character === '"') quoted = !quoted
    if (quoted) continue
    if (character === '\n' || character === '\r') {
      ended = true
      break
    }
    if (character === ',' || character === ';' || character === '\t') counts[character] += 1
  }
  if (!ended) return null
  return counts[';'] > counts[','] && counts[';'] >= counts['\t'] ? ';' : counts['\t'] > counts[','] ? '\t' : ','
}
