import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FileRefused } from '../refusals.ts'
import { tooLarge } from './problems.ts'

/** As UTF-16, as everything here: it keeps halves of characters, too, so that their rows are refused. */
const UNIT_BYTES = 2
/** Kept in memory, with the texts' own cost; what a county's own sheets need. */
const MEMORY_CHARACTERS = 4 * 1024 * 1024
const MEMORY_TEXTS = 256 * 1024
/** Rows name texts mostly in their order, so that one window serves many. */
const WINDOW_UNITS = 32 * 1024
const TEXTS_MAX = 8 * 1024 * 1024

/**
 * The texts that a workbook's cells share, by number. The first are kept in memory, the rest in a temporary file, because
 * a sheet names any of them at any time and a year of a hotline is more than memory should hold: flat memory costs four
 * bytes a text and, per reading, a file that has no name any more once it is open, so that nothing stays behind whatever
 * happens to the process. Bounded by `charactersMax`. Whoever makes one closes it.
 */
export class TextTable {
  readonly #charactersMax: number
  readonly #memory: string[] = []
  #characters = 0
  #file: number | null = null
  /** Where each text of the file ends, in characters; the first `#filed` are texts. */
  #ends = new Uint32Array(1024)
  #filed = 0
  /** Texts on their way to the file. */
  #waiting = ''
  #written = 0
  #window = Buffer.alloc(0)
  #windowStart = 0
  #windowEnd = 0

  constructor(charactersMax: number) {
    this.#charactersMax = charactersMax
  }

  /** Throws `FileRefused` WORKBOOK_TOO_LARGE, TEMPORARY_FILE_FAILED. */
  add(text: string): void {
    this.#characters += text.length
    if (this.#characters > this.#charactersMax || this.#memory.length + this.#filed === TEXTS_MAX) {
      const max = this.#charactersMax
      throw tooLarge(
        `共享文字超过 ${max} 个字符或 ${TEXTS_MAX} 条`,
        `it shares more than ${max} characters or ${TEXTS_MAX} texts`,
      )
    }
    if (this.#filed === 0 && this.#characters <= MEMORY_CHARACTERS && this.#memory.length < MEMORY_TEXTS) {
      this.#memory.push(text)
    } else this.#addToFile(text)
  }

  /** Undefined where there is no such text. */
  get(index: number): string | undefined {
    const filed = index - this.#memory.length
    if (filed < 0) return this.#memory[index]
    const end = filed < this.#filed ? this.#ends[filed] : undefined
    return end === undefined ? undefined : this.#readFromFile(this.#ends[filed - 1] ?? 0, end)
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file)
    this.#file = null
  }

  #addToFile(text: string): void {
    if (this.#filed === this.#ends.length) {
      const longer = new Uint32Array(this.#ends.length * 2)
      longer.set(this.#ends)
      this.#ends = longer
    }
    this.#ends[this.#filed] = (this.#ends[this.#filed - 1] ?? 0) + text.length
    this.#filed += 1
    this.#waiting += text
    if (this.#waiting.length >= WINDOW_UNITS) this.#write()
  }

  #write(): void {
    const bytes = Buffer.from(this.#waiting, 'utf16le')
    this.#waiting = ''
    try {
      this.#file ??= openNameless()
      for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at, bytes.length - at, this.#written + at)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error
      throw new FileRefused('TEMPORARY_FILE_FAILED', { reason: String(error.code) }, { cause: error })
    }
    this.#written += bytes.length
  }

  #readFromFile(start: number, end: number): string {
    if (this.#waiting !== '') this.#write()
    if (start < this.#windowStart || end > this.#windowEnd) {
      const units = Math.max(WINDOW_UNITS, end - start)
      if (this.#window.length < units * UNIT_BYTES) this.#window = Buffer.alloc(units * UNIT_BYTES)
      this.#windowStart = start
      this.#windowEnd = start + this.#fillWindow(start)
    }
    const from = (start - this.#windowStart) * UNIT_BYTES
    return this.#window.toString('utf16le', from, from + (end - start) * UNIT_BYTES)
  }

  /** Gives how many characters there were. */
  #fillWindow(start: number): number {
    if (this.#file === null) return 0 // empty texts only
    let length = 0
    for (let bytes = -1; bytes !== 0 && length < this.#window.length; length += bytes) {
      const room = this.#window.length - length
      bytes = readSync(this.#file, this.#window, length, room, start * UNIT_BYTES + length)
    }
    return length / UNIT_BYTES
  }
}

/** A file in the temporary folder, open for reading and writing, its name removed. */
function openNameless(): number {
  const folder = mkdtempSync(join(tmpdir(), 'huiying-texts-'))
  try {
    return openSync(join(folder, 'texts'), 'wx+', 0o600)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
