import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006/relationships'

/** What a part holds: made as it goes where it is larger than memory. */
export type Part = string | Buffer | (() => Iterable<string>)
export type Parts = Record<string, Part>

// ── Cells and rows as XML. Without `r` each follows the one before. ──

export const xml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** As Excel writes a text: what XML can't hold is escaped, and so is what looks like an escape. */
export const xstring = (text: string) =>
  xml(text.replaceAll('_x', '_x005F_x'))
    // oxlint-disable-next-line no-control-regex
    .replaceAll(/[\u0000-\u0008\u000b-\u001f]/g, (c) => `_x${c.charCodeAt(0).toString(16).padStart(4, '0')}_`)

export const text = (value: string) => `<c t="inlineStr"><is><t xml:space="preserve">${xstring(value)}</t></is></c>`
export const shared = (index: number | string) => `<c t="s"><v>${index}</v></c>`
export const number = (value: number | string, style = 0) => `<c s="${style}"><v>${value}</v></c>`
export const typed = (type: string, value: string) => `<c t="${type}"><v>${value}</v></c>`
export const empty = '<c/>'
export const row = (...cells: string[]) => `<row>${cells.join('')}</row>`
export const sheet = (...rows: string[]) =>
  `<worksheet xmlns="${MAIN}"><sheetData>${rows.join('')}</sheetData></worksheet>`

/** A header and one row that is taken, whose id is the cell given. */
export const HEADER = row(text('id'), text('subject'), text('body'), text('time'))
export const taken = (id: string, ...more: string[]) =>
  row(text(id), text('路灯'), text('不亮'), text('2026-11-01 08:00'), ...more)

// ── The parts of a workbook. ──

interface SheetGiven {
  name: string
  content: Part
  state?: string
}

export interface WorkbookGiven {
  sheets: SheetGiven[]
  /** The contents of `si` elements. */
  strings?: string[]
  /** Codes of the formats of styles 1, 2, …; a number is the id of a built-in one. */
  formats?: (string | number)[]
  properties?: string
}

export function workbookParts({ sheets, strings, formats, properties = '' }: WorkbookGiven): Parts {
  const tabs = sheets.map(
    ({ name, state = 'visible' }, index) =>
      `<sheet name="${xml(name)}" sheetId="${index + 1}" state="${state}" r:id="rId${index + 1}"/>`,
  )
  const related = sheets.map((_, index) => ['worksheet', `worksheets/sheet${index + 1}.xml`])
  if (strings) related.push(['sharedStrings', 'sharedStrings.xml'])
  if (formats) related.push(['styles', 'styles.xml'])
  return {
    '_rels/.rels': relationships([['officeDocument', 'xl/workbook.xml']]),
    'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><workbookPr${properties}/><sheets>${tabs.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relationships(related as [string, string][]),
    ...Object.fromEntries(sheets.map(({ content }, index) => [`xl/worksheets/sheet${index + 1}.xml`, content])),
    ...(strings && { 'xl/sharedStrings.xml': sharedStrings(strings) }),
    ...(formats && { 'xl/styles.xml': styles(formats) }),
  }
}

export const relationships = (related: [kind: string, target: string][]) =>
  `<Relationships xmlns="${PACKAGE}">${related
    .map(([kind, target], index) => `<Relationship Id="rId${index + 1}" Type="${OFFICE}/${kind}" Target="${target}"/>`)
    .join('')}</Relationships>`

export const sharedStrings = (strings: string[]) =>
  `<sst xmlns="${MAIN}">${strings.map((string) => `<si>${string}</si>`).join('')}</sst>`

function styles(formats: (string | number)[]): string {
  const ids = formats.map((format, index) => (typeof format === 'number' ? format : 164 + index))
  const codes = formats.flatMap((format, index) =>
    typeof format === 'string' ? [`<numFmt numFmtId="${164 + index}" formatCode="${xml(format)}"/>`] : [],
  )
  const cells = [0, ...ids].map((id) => `<xf numFmtId="${id}"/>`)
  return `<styleSheet xmlns="${MAIN}"><numFmts>${codes.join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>${cells.join('')}</cellXfs></styleSheet>`
}

/** A workbook with one sheet of these rows. */
export const oneSheet = (rows: string[], more: Omit<WorkbookGiven, 'sheets'> = {}) =>
  workbookParts({ sheets: [{ name: '留言', content: sheet(...rows) }], ...more })

// ── Zip files. ──

export interface Packing {
  zip64?: boolean
  compress?: boolean
}

function zipOf(parts: Parts, { zip64 = false, compress = true }: Packing): Readable {
  const zip = new ZipFile()
  const options = { forceZip64Format: zip64, compressionLevel: compress ? 1 : 0 }
  for (const [part, content] of Object.entries(parts)) {
    if (typeof content === 'function') {
      zip.addReadStreamLazy(part, options, (give) => give(null, Readable.from(content())))
    } else zip.addBuffer(Buffer.from(content), part, options)
  }
  zip.end({ forceZip64Format: zip64, comment: '' })
  return zip.outputStream as Readable
}

/** Packs parts into a file. */
export async function packInto(path: string, parts: Parts, packing: Packing = {}): Promise<void> {
  await pipeline(zipOf(parts, packing), createWriteStream(path))
}

export async function packed(parts: Parts, packing: Packing = {}): Promise<Buffer> {
  return await buffer(zipOf(parts, packing))
}
