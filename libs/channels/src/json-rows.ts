import type { Columns } from './columns.ts'
import type { ReadLimits } from './inbound.ts'
import { EXCERPT_CHARACTERS_MAX } from './inbound.ts'
import { JsonListReader } from './json-list.ts'
import type { JsonElement } from './json-list.ts'
import { jsonCells } from './json.ts'
import { readLines } from './lines.ts'
import type { RawRow } from './raw-row.ts'
import { FileRefused } from './refusals.ts'
import { RowRefused } from './row.ts'

/** The lines of JSON Lines. Throws `FileRefused` FILE_EMPTY where there are none. */
export async function* jsonLineRows(
  text: AsyncIterable<string>,
  columns: Columns,
  limits: ReadLimits,
): AsyncGenerator<RawRow> {
  const { recordCharactersMax: max, columnsMax } = limits
  let empty = true
  for await (const line of readLines(text, max, EXCERPT_CHARACTERS_MAX)) {
    empty = false
    yield line.kind === 'line'
      ? { beginning: line.text, original: line.text, read: () => jsonCells(line.text, columns, columnsMax) }
      : {
          beginning: line.beginning,
          original: null,
          read: () => {
            throw new RowRefused('ROW_TOO_LONG', { max })
          },
        }
  }
  if (empty) throw new FileRefused('FILE_EMPTY')
}

/** The elements of the list that a JSON file is or holds. Throws `FileRefused` where there are none, or it breaks off. */
export async function* jsonListRows(
  text: AsyncIterable<string>,
  columns: Columns,
  limits: ReadLimits,
): AsyncGenerator<RawRow> {
  let empty = true
  for await (const element of jsonElements(new JsonListReader(limits, EXCERPT_CHARACTERS_MAX), text)) {
    empty = false
    if (element.kind === 'failed') {
      const { beginning, code, details } = element
      yield {
        beginning,
        original: null,
        read: () => {
          throw new RowRefused(code, details)
        },
      }
      continue
    }
    // Between texts a line break is no more than a space; within one it is an error, and the element no line.
    const line = element.brokenText ? null : element.text.replaceAll(/[\r\n]+/g, ' ')
    yield {
      beginning: element.text.slice(0, EXCERPT_CHARACTERS_MAX),
      original: line,
      read: () => jsonCells(line ?? element.text, columns, limits.columnsMax),
    }
  }
  if (empty) throw new FileRefused('FILE_EMPTY')
}

async function* jsonElements(reader: JsonListReader, text: AsyncIterable<string>): AsyncGenerator<JsonElement> {
  for await (const chunk of text) yield* reader.read(chunk)
  reader.finish()
}
