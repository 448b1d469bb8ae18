import type { FieldValue } from '../definition.ts'
import type { Position } from '../port.ts'
import type { Connection } from './connection.ts'
import type { Tables } from './tables.ts'

const ROWS_A_STATEMENT = 32

/** What a document is to its lists. */
interface Listed {
  audience: number
  values: FieldValue[]
}

/** A document on its way into its table; `listed` and `body` null: a tombstone. */
export interface Row {
  id: string
  position: Position
  listed: Listed | null
  body: string | null
}

type Parameter = string | number | null

/** Writes the rows that are newer than what is stored, each id once, and keeps the first `lists` lists. Inside a transaction. */
export function upsert(connection: Connection, tables: Tables, rows: readonly Row[], lists: number): void {
  const newer = lists === 0 ? rows : updateLists(connection, tables, rows, lists)
  for (let start = 0; start < newer.length;) {
    const count = newer.length - start >= ROWS_A_STATEMENT ? ROWS_A_STATEMENT : 1
    const parameters = newer.slice(start, start + count).flatMap((row) => parametersOf(tables, row))
    connection.statement(upsertStatement(tables, count)).run(...parameters)
    start += count
  }
}

function upsertStatement(tables: Tables, count: number): string {
  const columns = ['id', 'position', 'body', 'audience', ...tables.columns]
  const row = `(${columns.map(() => '?').join(', ')})`
  const updates = columns.slice(1).map((column) => `${column} = excluded.${column}`)
  return `INSERT INTO ${tables.documents} (${columns.join(', ')}) VALUES ${Array<string>(count).fill(row).join(', ')}
    ON CONFLICT (id) DO UPDATE SET ${updates.join(', ')} WHERE excluded.position > position`
}

function parametersOf(tables: Tables, { id, position, listed, body }: Row): Parameter[] {
  const fields = listed === null ? tables.columns.map(() => null) : listed.values.map(stored)
  return [id, position, body, listed?.audience ?? null, ...fields]
}

function stored(value: FieldValue): Parameter {
  return Array.isArray(value) ? JSON.stringify(value) : value
}

/** Moves the documents in the lists to where their new values want them. The rows newer than what is stored. */
function updateLists(connection: Connection, tables: Tables, rows: readonly Row[], lists: number): Row[] {
  const columns = ['position', 'body IS NULL AS removed', 'audience', ...tables.columns].join(', ')
  const stored = connection.statement(`SELECT ${columns} FROM ${tables.documents} WHERE id = ?`)
  const moves = rows.flatMap((row) => {
    const before = stored.get(row.id)
    if (before !== undefined && row.position <= String(before['position'])) return []
    return [{ row, before: before === undefined || before['removed'] === 1 ? null : listedOf(tables, before) }]
  })
  // List by list, so that what one list needs of the file is at hand together.
  for (let index = 0; index < lists; index += 1) {
    for (const { row, before } of moves) move(connection, tables, index, { id: row.id, from: before, to: row.listed })
  }
  return moves.map(({ row }) => row)
}

function move(
  connection: Connection,
  tables: Tables,
  index: number,
  { id, from, to }: { id: string; from: Listed | null; to: Listed | null },
): void {
  if (from === null && to !== null) {
    for (const key of tables.keys(index, to.values)) enter(connection, tables, index, [to.audience, ...key, id])
    return
  }
  const [old, current] = [keysOf(tables, index, from), keysOf(tables, index, to)]
  for (const [text, key] of old) {
    if (from === null || current.has(text)) continue
    connection.statement(tables.leaveWhole(index)).run(...key, id)
    connection.statement(tables.leaveParted(index)).run(from.audience, ...key, id)
  }
  for (const [text, key] of current) {
    if (to === null || old.has(text)) continue
    enter(connection, tables, index, [to.audience, ...key, id])
  }
}

function enter(connection: Connection, tables: Tables, index: number, place: readonly (string | number)[]): void {
  connection.statement(tables.enterWhole(index)).run(...place)
  connection.statement(tables.enterParted(index)).run(...place)
}

/** By audience and key, so that what stays where it is is seen to. */
function keysOf(tables: Tables, index: number, listed: Listed | null): Map<string, (string | number)[]> {
  if (listed === null) return new Map()
  return new Map(tables.keys(index, listed.values).map((key) => [JSON.stringify([listed.audience, key]), key]))
}

function listedOf(tables: Tables, row: Record<string, unknown>): Listed {
  const values = tables.kinds.map((kind, place): FieldValue => {
    const value = row[`c${place}`]
    return kind === 'set' ? (JSON.parse(String(value)) as string[]) : ((value ?? null) as string | number | null)
  })
  return { audience: Number(row['audience']), values }
}
