import type { FieldValue } from '../definition.ts'
import type { Position } from '../port.ts'
import type { Connection } from './connection.ts'
import type { Tables } from './tables.ts'

const ROWS_A_STATEMENT = 32

/** A document on its way into its table; `values` and `body` null: a tombstone. */
export interface Row {
  id: string
  position: Position
  values: FieldValue[] | null
  body: string | null
}

type Parameter = string | number | null

/** Writes the rows that are newer than what is stored, each id once, and keeps the first `lists` lists. Inside a transaction. */
export function upsert(connection: Connection, tables: Tables, rows: readonly Row[], lists: number): void {
  const newer = lists === 0 ? rows : rows.filter((row) => updateLists(connection, tables, row, lists))
  for (let start = 0; start < newer.length;) {
    const count = newer.length - start >= ROWS_A_STATEMENT ? ROWS_A_STATEMENT : 1
    const parameters = newer.slice(start, start + count).flatMap((row) => parametersOf(tables, row))
    connection.statement(upsertStatement(tables, count)).run(...parameters)
    start += count
  }
}

function upsertStatement(tables: Tables, count: number): string {
  const columns = ['id', 'position', 'body', ...tables.columns]
  const row = `(${columns.map(() => '?').join(', ')})`
  const updates = columns.slice(1).map((column) => `${column} = excluded.${column}`)
  return `INSERT INTO ${tables.documents} (${columns.join(', ')}) VALUES ${Array<string>(count).fill(row).join(', ')}
    ON CONFLICT (id) DO UPDATE SET ${updates.join(', ')} WHERE excluded.position > position`
}

function parametersOf(tables: Tables, { id, position, values, body }: Row): Parameter[] {
  const fields: Parameter[] = values === null ? tables.columns.map(() => null) : values.map(stored)
  return [id, position, body, ...fields]
}

function stored(value: FieldValue): Parameter {
  return Array.isArray(value) ? JSON.stringify(value) : value
}

/** Moves a document's rows in the lists to where its new values want them. False where what is stored is as new or newer. */
function updateLists(connection: Connection, tables: Tables, row: Row, lists: number): boolean {
  const columns = ['position', 'body IS NULL AS removed', ...tables.columns].join(', ')
  const before = connection.statement(`SELECT ${columns} FROM ${tables.documents} WHERE id = ?`).get(row.id)
  if (before !== undefined && row.position <= String(before['position'])) return false
  const valuesBefore = before === undefined || before['removed'] === 1 ? null : valuesOf(tables, before)
  for (let index = 0; index < lists; index += 1) updateList(connection, tables, index, row, valuesBefore)
  return true
}

function updateList(
  connection: Connection,
  tables: Tables,
  index: number,
  row: Row,
  before: FieldValue[] | null,
): void {
  const entriesOf = (values: FieldValue[] | null) =>
    new Map((values === null ? [] : tables.entries(index, values)).map((entry) => [JSON.stringify(entry), entry]))
  const [old, current] = [entriesOf(before), entriesOf(row.values)]
  const key = ['token', ...tables.prefixColumns(index), 'k', 'id']
  for (const [text, entry] of old) {
    if (current.has(text)) continue
    const where = key.map((column) => `${column} = ?`).join(' AND ')
    connection.statement(`DELETE FROM ${tables.list(index)} WHERE ${where}`).run(...entry, row.id)
  }
  for (const [text, entry] of current) {
    if (old.has(text)) continue
    connection
      .statement(`INSERT INTO ${tables.list(index)} VALUES (${key.map(() => '?').join(', ')})`)
      .run(...entry, row.id)
  }
}

function valuesOf(tables: Tables, row: Record<string, unknown>): FieldValue[] {
  return tables.fields.map((field, place) => {
    const value = row[`c${place}`]
    if (tables.definition.fields[field] === 'set') return JSON.parse(String(value)) as string[]
    return (value ?? null) as string | number | null
  })
}
