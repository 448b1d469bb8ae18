import { SaxesParser } from 'saxes'
import { fromBufferPromise } from 'yauzl'

/** A workbook as another reader finds it: unzipped and parsed here, by nothing of ours. */

export interface ReadSheet {
  name: string
  /** By row, then by column letter; numbers as numbers, texts as texts, empty cells left out. */
  rows: Record<string, string | number>[]
  /** The rows above stay in sight. */
  firstScrollingCell: string | null
  filter: string | null
  widths: number[]
  formulas: number
  /** The number format of each cell that holds a number. */
  formats: Record<string, string>
}

export async function readWorkbook(file: Buffer): Promise<ReadSheet[]> {
  const parts = await unzipped(file)
  const formats = numberFormats(part(parts, 'xl/styles.xml'))
  const names: [name: string, id: string][] = []
  parse(part(parts, 'xl/workbook.xml'), {
    open: (tag, attributes) => {
      if (tag === 'sheet') names.push([attributes['name'] ?? '', attributes['r:id'] ?? ''])
    },
  })
  const targets = new Map<string, string>()
  parse(part(parts, 'xl/_rels/workbook.xml.rels'), {
    open: (tag, attributes) => {
      if (tag === 'Relationship') targets.set(attributes['Id'] ?? '', attributes['Target'] ?? '')
    },
  })
  const types = part(parts, '[Content_Types].xml')
  return names.map(([name, id]) => {
    const target = targets.get(id)
    if (target === undefined || !types.includes(`"/xl/${target}"`)) throw new Error(`${name} leads nowhere`)
    return { name, ...readSheet(part(parts, `xl/${target}`), formats) }
  })
}

export async function unzipped(file: Buffer): Promise<Map<string, string>> {
  const zip = await fromBufferPromise(file, { lazyEntries: true, validateEntrySizes: true })
  const parts = new Map<string, string>()
  for await (const entry of zip.eachEntry()) {
    const chunks: Buffer[] = []
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer)
    parts.set(entry.fileName, new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)))
  }
  return parts
}

function part(parts: ReadonlyMap<string, string>, name: string): string {
  const found = parts.get(name)
  if (found === undefined) throw new Error(`the package has no ${name}`)
  return found
}

function readSheet(xml: string, formats: readonly string[]): Omit<ReadSheet, 'name'> {
  const sheet: Omit<ReadSheet, 'name'> = {
    rows: [],
    firstScrollingCell: null,
    filter: null,
    widths: [],
    formulas: 0,
    formats: {},
  }
  let cell: Record<string, string> = {}
  let text: string | null = null
  parse(xml, {
    open: (tag, attributes) => {
      if (tag === 'row') sheet.rows.push({})
      if (tag === 'c') cell = attributes
      if (tag === 't' || tag === 'v') text = ''
      if (tag === 'f') sheet.formulas += 1
      if (tag === 'pane' && attributes['state'] === 'frozen')
        sheet.firstScrollingCell = attributes['topLeftCell'] ?? null
      if (tag === 'autoFilter') sheet.filter = attributes['ref'] ?? null
      if (tag === 'col') sheet.widths.push(Number(attributes['width']))
    },
    text: (piece) => {
      if (text !== null) text += piece
    },
    close: (tag) => {
      if (text === null || (tag !== 't' && tag !== 'v')) return
      const reference = cell['r'] ?? ''
      const column = reference.replace(/\d+/u, '')
      if (reference !== `${column}${sheet.rows.length}`) throw new Error(`${reference} is in row ${sheet.rows.length}`)
      if (tag === 'v') sheet.formats[reference] = formats[Number(cell['s'])] ?? ''
      sheet.rows.at(-1)![column] = tag === 'v' ? Number(text) : unescaped(text)
      text = null
    },
  })
  return sheet
}

/** ECMA-376, ST_Xstring. */
function unescaped(text: string): string {
  return text.replaceAll(/_x([0-9A-Fa-f]{4})_/gu, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
}

/** The number format of each cell format, by index. */
function numberFormats(xml: string): string[] {
  const own = new Map<string, string>()
  const formats: string[] = []
  let within = ''
  parse(xml, {
    open: (tag, attributes) => {
      if (tag === 'numFmt') own.set(attributes['numFmtId'] ?? '', attributes['formatCode'] ?? '')
      if (tag.endsWith('Xfs')) within = tag
      const id = attributes['numFmtId'] ?? ''
      if (tag === 'xf' && within === 'cellXfs') formats.push(own.get(id) ?? id)
    },
  })
  return formats
}

function parse(
  xml: string,
  on: {
    open: (tag: string, attributes: Record<string, string>) => void
    text?: (text: string) => void
    close?: (tag: string) => void
  },
): void {
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => on.open(name, attributes))
  parser.on('text', (text) => on.text?.(text))
  parser.on('closetag', ({ name }) => on.close?.(name))
  parser.write(xml).close()
}
