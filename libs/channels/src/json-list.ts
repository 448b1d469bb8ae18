import type { ReadLimits } from './inbound.ts'
import type { Details, RowRefusalCode } from './refusals.ts'
import { FileRefused } from './refusals.ts'

/** One element of the list as it is written, or why it could not be kept. `brokenText`: a text in it holds a line break. */
export type JsonElement =
  | { kind: 'element'; text: string; brokenText: boolean }
  | { kind: 'failed'; code: RowRefusalCode; details: Details; beginning: string }

/** The keys under which other systems hand out lists, also one within the other: `{"data": {"list": […]}}`. */
const listKeys: readonly string[] = ['data', 'rows', 'items', 'list', 'records', 'result', 'results']

/** Lists and objects within each other in an element; systems that hand out messages need five. */
const DEPTH_MAX = 64
const WRAPPERS_MAX = 4
const KEY_CHARACTERS_MAX = 64

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const BACKSLASH = 0x5c
const LIST = 0x5b
const LIST_END = 0x5d
const OBJECT = 0x7b
const OBJECT_END = 0x7d

/**
 * Tells the elements of a JSON list apart, in the memory of one element (`recordCharactersMax`) and one chunk: the file is
 * the list, or an object that holds it under one of `listKeys`. What an element says is for others to parse: as long as
 * its brackets and quotes close, a bad element costs nothing but itself. Where they don't, nothing after it can be trusted,
 * and the file is refused from there (JSON_BROKEN; JSON_UNFINISHED where it ends too early).
 */
export class JsonListReader {
  readonly #limits: ReadLimits
  readonly #beginningMax: number
  #mode: 'start' | 'wrapper' | 'key' | 'value' | 'skipping' | 'list' | 'after' = 'start'
  /** Objects around the list that are still open. */
  #wrappers = 0
  #key = ''
  #foundList = false
  #elements = 0
  #inText = false
  #escaped = false
  /** The brackets open in the element or skipped value, as far as `DEPTH_MAX`; further ones are only counted. */
  #open: number[] = []
  #openBeyond = 0
  /** The element read so far. */
  #text = ''
  #brokenText = false
  #failure: { code: RowRefusalCode; details: Details } | null = null

  constructor(limits: ReadLimits, beginningMax: number) {
    this.#limits = limits
    this.#beginningMax = beginningMax
  }

  /** The elements that are complete with this chunk. Throws `FileRefused`. */
  *read(chunk: string): Generator<JsonElement> {
    let from = 0
    for (let at = 0; at < chunk.length; at += 1) {
      const unit = chunk.charCodeAt(at)
      if (this.#mode === 'list') {
        const between = this.#open.length === 0 && !this.#inText
        if (between && isSpace(unit) && at === from && this.#text === '') from = at + 1
        if (!between || (unit !== COMMA && unit !== LIST_END)) {
          this.#within(unit)
          continue
        }
        this.#keep(chunk, from, at)
        yield* this.#endElement(unit === LIST_END)
        if (unit === LIST_END) this.#leaveValue()
      } else if (this.#mode === 'skipping') {
        this.#skip(unit)
      } else this.#around(unit)
      from = at + 1
    }
    if (this.#mode === 'list') this.#keep(chunk, from, chunk.length)
  }

  /** Whether the list has been come to. */
  get foundList(): boolean {
    return this.#foundList
  }

  /** Throws `FileRefused` where the list has no end, or there was none. */
  finish(): void {
    if (this.#mode === 'start') return // and so without an element
    if (this.#mode !== 'after') throw new FileRefused('JSON_UNFINISHED', { count: this.#elements })
    if (!this.#foundList) throw new FileRefused('JSON_NO_LIST')
  }

  /** Outside the list: the file's beginning and end, and the objects around it. */
  #around(unit: number): void {
    if (this.#mode === 'key') return this.#readKey(unit)
    if (isSpace(unit)) return
    switch (this.#mode) {
      case 'start':
        if (unit !== LIST && unit !== OBJECT) throw new FileRefused('JSON_NO_LIST')
        this.#enter(unit)
        return
      case 'wrapper':
        if (unit === QUOTE) {
          this.#mode = 'key'
          this.#key = ''
        } else if (unit === OBJECT_END) {
          this.#wrappers -= 1
          this.#leaveValue()
        } else if (unit !== COMMA) throw this.#broken()
        return
      case 'value': {
        if (unit === COLON) return
        const mayEnter = unit === LIST || (unit === OBJECT && this.#wrappers < WRAPPERS_MAX)
        if (mayEnter && listKeys.includes(this.#key)) this.#enter(unit)
        else {
          this.#mode = 'skipping'
          this.#skip(unit)
        }
        return
      }
      default:
        throw this.#broken() // something after the end
    }
  }

  #enter(unit: number): void {
    if (unit === OBJECT) {
      this.#wrappers += 1
      this.#mode = 'wrapper'
      return
    }
    if (this.#foundList) throw new FileRefused('JSON_LISTS_SEVERAL', { count: this.#elements })
    this.#foundList = true
    this.#mode = 'list'
    this.#startElement() // what was skipped before is none
  }

  #leaveValue(): void {
    this.#mode = this.#wrappers === 0 ? 'after' : 'wrapper'
  }

  #readKey(unit: number): void {
    if (unit === QUOTE && !this.#escaped) {
      this.#mode = 'value'
      return
    }
    this.#escaped = unit === BACKSLASH && !this.#escaped
    if (this.#key.length < KEY_CHARACTERS_MAX) this.#key += String.fromCharCode(unit)
  }

  #skip(unit: number): void {
    const ended = this.#open.length === 0 && !this.#inText
    if (ended && (unit === COMMA || unit === OBJECT_END)) {
      this.#mode = 'wrapper'
      this.#around(unit)
    } else this.#within(unit)
  }

  /** One character of an element or of a skipped value: which brackets and quotes are open after it. */
  #within(unit: number): void {
    if (this.#inText) {
      if (this.#escaped) this.#escaped = false
      else if (unit === BACKSLASH) this.#escaped = true
      else if (unit === QUOTE) this.#inText = false
      else if (unit === 10 || unit === 13) this.#brokenText = true
    } else if (unit === QUOTE) this.#inText = true
    else if (unit === LIST || unit === OBJECT) this.#opening(unit)
    else if (unit === LIST_END || unit === OBJECT_END) this.#closing(unit)
  }

  #opening(unit: number): void {
    if (this.#open.length < DEPTH_MAX) {
      this.#open.push(unit)
      return
    }
    this.#openBeyond += 1
    this.#failure ??= { code: 'JSON_TOO_DEEP', details: { max: DEPTH_MAX } }
  }

  #closing(unit: number): void {
    if (this.#openBeyond > 0) {
      this.#openBeyond -= 1
      return
    }
    if (this.#open.pop() !== (unit === LIST_END ? LIST : OBJECT)) throw this.#broken()
  }

  #keep(chunk: string, from: number, to: number): void {
    const max = this.#limits.recordCharactersMax
    if (this.#text.length > max) return
    this.#text += chunk.slice(from, Math.min(to, from + max + 1))
    if (this.#text.length > max) this.#failure ??= { code: 'ROW_TOO_LONG', details: { max } }
  }

  #startElement(): void {
    this.#text = ''
    this.#brokenText = false
    this.#failure = null
  }

  *#endElement(last: boolean): Generator<JsonElement> {
    const text = this.#text.trim()
    const brokenText = this.#brokenText
    const failure = this.#failure
    this.#startElement()
    if (text === '' && last) return // an empty list, or a comma after its last element
    this.#elements += 1
    yield failure
      ? { kind: 'failed', ...failure, beginning: text.slice(0, this.#beginningMax) }
      : { kind: 'element', text, brokenText }
  }

  #broken(): FileRefused {
    return new FileRefused('JSON_BROKEN', { row: this.#elements + 1 })
  }
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || (unit >= 9 && unit <= 13)
}
