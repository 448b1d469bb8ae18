import { FileRefused } from '../refusals.ts'
import type { Archive } from './archive.ts'
import { PACKAGE_RELATIONSHIPS, RELATIONSHIP_IDS, SPREADSHEET } from './namespaces.ts'
import { relationshipsOf, resolvePart } from './parts.ts'
import { boundThings, damaged } from './problems.ts'
import { attribute, attributeOf, readXml } from './xml.ts'

export interface Sheet {
  name: string
  /** Counted from 1 as people see the tabs; null for one that is hidden. */
  number: number | null
  part: string
}

export interface Workbook {
  /** Those that hold cells, in the order of their tabs. */
  sheets: Sheet[]
  /** Whether days count from 1904-01-01, as on old Macs, instead of 1900. */
  epoch1904: boolean
  /** Parts; null where the workbook has none. */
  sharedStrings: string | null
  styles: string | null
}

interface Relationship {
  /** What it is for: the last segment of its type, which is the same in transitional and strict files. */
  kind: string
  part: string
}

/** Throws `FileRefused` WORKBOOK_MISSING for a zip file that is something else, or as `Archive` and `XmlReader` do. */
export async function readWorkbook(archive: Archive): Promise<Workbook> {
  const roots = await readRelationships(archive, '')
  const part = [...roots.values()].find(({ kind }) => kind === 'officeDocument')?.part
  // .xlsb is put together like .xlsx, of parts that are no XML.
  const isXml = part !== undefined && !part.toLowerCase().endsWith('.bin')
  if (!isXml || !archive.has(part)) throw new FileRefused('WORKBOOK_MISSING')

  const listed: { name: string; hidden: boolean; relationship: string | null }[] = []
  let epoch1904 = false
  await readXml(archive, part, SPREADSHEET, {
    open(name, depth, tag) {
      if (depth === 1 && name !== 'workbook') throw new FileRefused('WORKBOOK_MISSING') // .docx, .pptx
      if (depth === 2 && name === 'workbookPr') epoch1904 = isTrue(attribute(tag, 'date1904'))
      if (depth !== 3 || name !== 'sheet') return
      boundThings(listed.length, part)
      listed.push({
        name: attribute(tag, 'name') ?? '',
        hidden: (attribute(tag, 'state') ?? 'visible') !== 'visible',
        relationship: attributeOf(tag, RELATIONSHIP_IDS, 'id'),
      })
    },
  })

  const related = await readRelationships(archive, part)
  const one = (kind: string) => [...related.values()].find((other) => other.kind === kind)?.part ?? null
  const sheets: Sheet[] = []
  const parts = new Set<string>()
  let visible = 0
  for (const { name, hidden, relationship } of listed) {
    const number = hidden ? null : (visible += 1)
    const target = relationship === null ? undefined : related.get(relationship)
    // Charts and macro sheets have tabs, too.
    if (target?.kind !== 'worksheet') continue
    // Looking for a header may read every sheet: they must not be more than the parts that were bounded.
    if (parts.has(target.part)) throw damaged(`${target.part} is two sheets`)
    parts.add(target.part)
    sheets.push({ name, number, part: target.part })
  }
  return { sheets, epoch1904, sharedStrings: one('sharedStrings'), styles: one('styles') }
}

/** The relationships of a part by their ids; those that lead out of the package are left out. */
async function readRelationships(archive: Archive, base: string): Promise<Map<string, Relationship>> {
  const found = new Map<string, Relationship>()
  const part = relationshipsOf(base)
  if (!archive.has(part)) return found
  await readXml(archive, part, PACKAGE_RELATIONSHIPS, {
    open(name, depth, tag) {
      if (depth !== 2 || name !== 'Relationship' || attribute(tag, 'TargetMode') === 'External') return
      boundThings(found.size, part)
      const target = resolvePart(base, attribute(tag, 'Target') ?? '')
      const kind = (attribute(tag, 'Type') ?? '').split('/').at(-1) ?? ''
      if (target !== null) found.set(attribute(tag, 'Id') ?? '', { kind, part: target })
    },
  })
  return found
}

/** xsd:boolean */
function isTrue(value: string | null): boolean {
  return value === '1' || value === 'true'
}
