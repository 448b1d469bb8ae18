import { FileRefused } from '../refusals.ts'
import type { Header } from './header.ts'
import { isSurelyHeader } from './header.ts'
import type { Sheet } from './workbook.ts'

/** The sheet of this name or, where none is called so, with this number. Throws `FileRefused` SHEET_UNKNOWN. */
export function sheetNamed(sheets: readonly Sheet[], wanted: string): Sheet {
  const found =
    sheets.find(({ name }) => name === wanted) ??
    sheets.find(({ name }) => plain(name) === plain(wanted)) ??
    sheets.find(({ number }) => number !== null && String(number) === wanted.trim())
  if (!found) throw new FileRefused('SHEET_UNKNOWN', { sheet: wanted, sheets: listed(sheets) })
  return found
}

/**
 * Of the sheets that people see the first that surely has a header, else the first with any known name in its first rows.
 * Throws `FileRefused` SHEET_NOT_FOUND.
 */
export async function chooseSheet(
  sheets: readonly Sheet[],
  headerOf: (sheet: Sheet) => Promise<Header | null>,
): Promise<{ sheet: Sheet; header: Header }> {
  let likely: { sheet: Sheet; header: Header } | null = null
  for (const sheet of sheets) {
    if (sheet.number === null) continue
    const header = await headerOf(sheet)
    if (header && isSurelyHeader(header)) return { sheet, header }
    if (header && header.known > 0) likely ??= { sheet, header }
  }
  if (!likely) throw new FileRefused('SHEET_NOT_FOUND', { sheets: listed(sheets) })
  return likely
}

/** Excel tells names of sheets apart by neither case nor the spaces around them. */
function plain(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase()
}

/** `1 留言、2 附表、旧表（隐藏）` */
function listed(sheets: readonly Sheet[]): string {
  return sheets.map(({ name, number }) => (number === null ? `${name}（隐藏）` : `${number} ${name}`)).join('、')
}
