import { extname } from 'node:path'
import { judgeCompoundFile } from './compound-file.ts'
import { readLimits } from './inbound.ts'
import { JsonListReader } from './json-list.ts'
import { FileRefused } from './refusals.ts'
import type { ReopenableSource } from './source.ts'

/** What a file is written in. */
export type FileFormat = 'csv' | 'jsonl' | 'json' | 'xlsx'
export type TextFormat = Exclude<FileFormat, 'xlsx'>

const ZIP = [
  [0x50, 0x4b, 0x03, 0x04],
  [0x50, 0x4b, 0x05, 0x06], // without an entry
]
const COMPOUND_FILE = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]
const OTHERS: [found: string, bytes: number[]][] = [
  ['PDF', [0x25, 0x50, 0x44, 0x46]],
  ['RAR', [0x52, 0x61, 0x72, 0x21]],
  ['7z', [0x37, 0x7a, 0xbc, 0xaf]],
  ['gzip', [0x1f, 0x8b]],
]

/**
 * Whether a source with this head is packed as XLSX is. Throws `FileRefused` for bytes that are plainly something else,
 * whatever the file is called: FORMAT_UNSUPPORTED, XLS_OUTDATED, WORKBOOK_ENCRYPTED.
 */
export async function isPacked(source: ReopenableSource, head: Uint8Array): Promise<boolean> {
  if (ZIP.some((bytes) => startsWith(head, bytes))) return true
  if (startsWith(head, COMPOUND_FILE)) {
    const found = await judgeCompoundFile(source)
    if (found === 'encrypted') throw new FileRefused('WORKBOOK_ENCRYPTED')
    if (found === 'xls') throw new FileRefused('XLS_OUTDATED')
    throw new FileRefused('FORMAT_UNSUPPORTED', { found: 'Word/PowerPoint/Outlook (OLE)' })
  }
  const other = OTHERS.find(([, bytes]) => startsWith(head, bytes))
  if (other) throw new FileRefused('FORMAT_UNSUPPORTED', { found: other[0] })
  return false
}

/**
 * The format of a text, told from its beginning; its name decides only where that leaves both open. Throws `FileRefused`
 * FORMAT_UNSUPPORTED.
 */
export function judgeTextFormat(name: string, beginning: string): TextFormat {
  const text = beginning.trimStart()
  if (text.startsWith('<')) throw new FileRefused('FORMAT_UNSUPPORTED', { found: 'HTML/XML' })
  const namedLines = ['.jsonl', '.ndjson'].includes(extname(name).toLowerCase())
  if (text.startsWith('{') || text.startsWith('[')) return judgeJson(text, namedLines)
  return namedLines && /^\s*\{/m.test(text) ? 'jsonl' : 'csv'
}

/** JSON Lines have a value a line; a list, or an object that holds one, goes over lines or stands alone on its own. */
function judgeJson(text: string, namedLines: boolean): 'json' | 'jsonl' {
  const [line = '', ...rest] = text.split('\n')
  const more = rest.some((other) => other.trim() !== '')
  if (more && isWhole(line)) return 'jsonl'
  if (line.startsWith('[')) return 'json'
  if (namedLines) return 'jsonl'
  const isJson = more ? /[{[,:]\s*$/.test(line) : holdsList(line)
  return isJson ? 'json' : 'jsonl'
}

/** Whether a line, or its beginning, comes to a list as JSON files hold one. */
function holdsList(line: string): boolean {
  const reader = new JsonListReader(readLimits, 0)
  try {
    Array.from(reader.read(line))
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error // it is broken, before the list or behind
  }
  return reader.foundList
}

function isWhole(line: string): boolean {
  try {
    JSON.parse(line)
    return true
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}

function startsWith(head: Uint8Array, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => head[index] === byte)
}
