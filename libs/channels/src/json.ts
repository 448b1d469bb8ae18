import type { Columns } from './columns.ts'
import type { Cells } from './row.ts'
import { RowRefused } from './row.ts'

/**
 * The cells of one line of JSON Lines. Null is absent; whole numbers and booleans count as their text; what stands in
 * columns that nobody asked for may be anything. Two keys for one field pass when they say the same. Throws `RowRefused`.
 */
export function jsonCells(line: string, columns: Columns, columnsMax: number): Cells {
  const object = parseObject(line)
  const names = Object.keys(object)
  if (names.length > columnsMax) throw new RowRefused('TOO_MANY_COLUMNS', { max: columnsMax })
  const duplicate = duplicateKey(line)
  if (duplicate !== null) throw new RowRefused('DUPLICATE_KEY', { column: duplicate })

  const cells: Cells = new Map()
  for (const name of names) {
    const field = columns.fieldOf(name)
    const value = object[name]
    if (field === null || value === null) continue
    const text = textOf(value)
    if (text === null) throw new RowRefused('FIELD_TYPE', { column: name })
    const other = cells.get(field)
    if (other && other.text !== text)
      throw new RowRefused('COLUMNS_CONFLICT', { column: other.column, other: name, field })
    cells.set(field, { column: name, text })
  }
  return cells
}

function parseObject(line: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (error) {
    if (error instanceof SyntaxError) throw new RowRefused('JSON_INVALID')
    throw error
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new RowRefused('NOT_AN_OBJECT')
  return value as Record<string, unknown>
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean' || Number.isSafeInteger(value)) return String(value)
  return null
}

/**
 * JSON.parse lets the last of two equal keys win without a word, so the keys of the outermost object are looked at in
 * the text, which is known to be a valid object. Returns the first that stands twice, or null.
 */
function duplicateKey(line: string): string | null {
  const seen = new Set<string>()
  let depth = 0
  let latest = ''
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at]
    if (character === '"') {
      const end = endOfString(line, at)
      latest = line.slice(at, end + 1)
      at = end
    } else if (character === '{' || character === '[') depth += 1
    else if (character === '}' || character === ']') depth -= 1
    else if (character === ':' && depth === 1) {
      const name = JSON.parse(latest) as string
      if (seen.has(name)) return name
      seen.add(name)
    }
  }
  return null
}

function endOfString(line: string, opening: number): number {
  for (let quote = line.indexOf('"', opening + 1); ; quote = line.indexOf('"', quote + 1)) {
    let backslashes = 0
    while (line[quote - 1 - backslashes] === '\\') backslashes += 1
    if (backslashes % 2 === 0) return quote
  }
}
