import { extname } from 'node:path'
import { FileRefused } from './refusals.ts'

/** What a file is written in. XLSX comes next to these, with a reader of its own that gives the same cells. */
export type FileFormat = 'csv' | 'jsonl'

const byExtension: Record<string, FileFormat> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
}

/** Throws `FileRefused` FORMAT_UNSUPPORTED for bytes that are plainly something else, whatever the file is called. */
export function refuseOtherFormats(head: Uint8Array): void {
  if (startsWith(head, [0x50, 0x4b, 0x03, 0x04])) throw unsupported('XLSX/ZIP')
  if (startsWith(head, [0xd0, 0xcf, 0x11, 0xe0])) throw unsupported('XLS')
  if (startsWith(head, [0x25, 0x50, 0x44, 0x46])) throw unsupported('PDF')
}

/** The format of a file: by its extension, else by its first character. Throws `FileRefused` FORMAT_UNSUPPORTED. */
export function judgeFormat(name: string, firstText: string): FileFormat {
  const known = byExtension[extname(name).toLowerCase()]
  if (known) return known
  const text = firstText.trimStart()
  if (text.startsWith('[')) throw unsupported('JSON array')
  if (text.startsWith('<')) throw unsupported('HTML/XML')
  return text.startsWith('{') ? 'jsonl' : 'csv'
}

function startsWith(head: Uint8Array, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => head[index] === byte)
}

function unsupported(found: string): FileRefused {
  return new FileRefused('FORMAT_UNSUPPORTED', { found })
}
