import type { Archive } from './archive.ts'
import { SPREADSHEET } from './namespaces.ts'
import { RichText } from './rich-text.ts'
import type { TextTable } from './text-table.ts'
import { readXml } from './xml.ts'

/** Adds a workbook's shared strings to a table, each cut behind `charactersMax` characters; without the part there are none. */
export async function readSharedStrings(
  archive: Archive,
  part: string | null,
  charactersMax: number,
  table: TextTable,
): Promise<void> {
  if (part === null) return
  const string = new RichText(charactersMax)
  await readXml(archive, part, SPREADSHEET, {
    open(name, depth) {
      if (depth > 2) string.open(name)
    },
    text: (text) => string.text(text),
    close(name, depth) {
      if (depth > 2) string.close(name)
      else if (depth === 2 && name === 'si') table.add(string.take())
    },
  })
}
