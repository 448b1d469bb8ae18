import type { Archive } from './archive.ts'
import { SPREADSHEET } from './namespaces.ts'
import { PLAIN, builtInFormats, numberFormat } from './number-format.ts'
import type { NumberFormat } from './number-format.ts'
import { boundThings } from './problems.ts'
import { attribute, readXml } from './xml.ts'

/** The number formats of cell styles, by the number of the style. */
export type Styles = readonly NumberFormat[]

/** Reads the styles of a workbook; without the part there are none. */
export async function readStyles(archive: Archive, part: string | null): Promise<Styles> {
  const formats = new Map(builtInFormats)
  const ids: number[] = []
  if (part === null) return []
  let within = ''
  await readXml(archive, part, SPREADSHEET, {
    open(name, depth, tag) {
      if (depth === 2) within = name
      if (depth !== 3) return
      const id = Number(attribute(tag, 'numFmtId') ?? 0)
      if (within === 'numFmts' && name === 'numFmt') {
        boundThings(formats.size, part)
        formats.set(id, numberFormat(attribute(tag, 'formatCode') ?? ''))
      } else if (within === 'cellXfs' && name === 'xf') {
        boundThings(ids.length, part)
        ids.push(id)
      }
    },
  })
  return ids.map((id) => formats.get(id) ?? PLAIN)
}
