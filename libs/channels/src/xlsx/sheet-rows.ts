import type { ReadLimits } from '../inbound.ts'
import type { Details, RowRefusalCode } from '../refusals.ts'
import type { Cell, CellContext } from './cell.ts'
import { cellText } from './cell.ts'
import { tooLarge } from './problems.ts'
import type { RawSheetRow } from './sheet.ts'

/** A row as a person sees it. */
export interface SheetRow {
  /** As the sheet shows it, from 1. */
  number: number
  /** By the numbers of their columns; none of them is empty. */
  cells: ReadonlyMap<number, Cell>
  /** Why the row can't be taken, whatever its columns are. */
  fault: { code: RowRefusalCode; details: Details } | null
}

/**
 * Turns cells into what they show, a row at a time, and leaves out rows that show nothing. Throws `FileRefused`
 * WORKBOOK_TOO_LARGE where texts that cells share add up to more than `sheetCharactersMax`.
 */
export async function* sheetRows(
  rows: AsyncIterable<RawSheetRow>,
  context: CellContext,
  limits: ReadLimits,
): AsyncGenerator<SheetRow> {
  let charactersShown = 0
  for await (const { number, cells: raw, tooWide } of rows) {
    const cells = new Map<number, Cell>()
    let characters = 0
    for (const cell of raw) {
      const shown = cellText(cell, context)
      if (typeof shown === 'string') {
        if (shown.trim() === '') continue
        characters += shown.length
        if (characters > limits.recordCharactersMax) break
      }
      cells.set(cell.column, shown)
    }
    charactersShown += characters
    if (charactersShown > limits.sheetCharactersMax) {
      const max = limits.sheetCharactersMax
      throw tooLarge(`工作表的文字超过 ${max} 个字符`, `the sheet shows more than ${max} characters`)
    }
    const fault = faultOf(tooWide, characters, limits)
    if (cells.size > 0 || fault) yield { number, cells, fault }
  }
}

function faultOf(tooWide: boolean, characters: number, limits: ReadLimits): SheetRow['fault'] {
  const { columnsMax, recordCharactersMax } = limits
  if (tooWide) return { code: 'TOO_MANY_COLUMNS', details: { max: columnsMax } }
  if (characters > recordCharactersMax) return { code: 'ROW_TOO_LONG', details: { max: recordCharactersMax } }
  return null
}
