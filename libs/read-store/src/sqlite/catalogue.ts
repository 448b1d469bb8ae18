import type { CollectionDefinition, Checkpoint } from '../port.ts'
import type { Connection } from './connection.ts'
import { Tables } from './tables.ts'

/** A row of the table `generation`. */
export interface GenerationRow {
  projection: string
  number: number
  version: number
  definitions: string
  status: 'building' | 'active' | 'gone'
  /** How many of its lists are made, counted through its collections in their order. */
  listed: number
  checkpoint: Checkpoint
  as_of: string | null
}

export function generationRow(connection: Connection, projection: string, number: number): GenerationRow | null {
  const row = connection
    .statement('SELECT * FROM generation WHERE projection = ? AND number = ?')
    .get(projection, number)
  return row === undefined ? null : (row as unknown as GenerationRow)
}

export function generationRows(connection: Connection, status: GenerationRow['status']): GenerationRow[] {
  return connection.statement('SELECT * FROM generation WHERE status = ?').all(status) as unknown as GenerationRow[]
}

export function definitionsOf(row: GenerationRow): CollectionDefinition[] {
  return JSON.parse(row.definitions) as CollectionDefinition[]
}

/** Every change of status raises it, so that readers know when to look again. Its new value. */
export function raiseEpoch(connection: Connection): number {
  return Number(connection.statement('UPDATE epoch SET value = value + 1 RETURNING value').get()?.['value'])
}

/** Where each collection's active tables are, looked up anew when the epoch has changed. */
export class Catalogue {
  #epoch = -1
  #tables = new Map<string, Tables>()

  /** Inside a transaction; null where no active generation has the collection. */
  tables(connection: Connection, collection: string): Tables | null {
    const epoch = Number(connection.statement('SELECT value FROM epoch').get()?.['value'])
    if (epoch !== this.#epoch) {
      const tables = generationRows(connection, 'active').flatMap((row) =>
        definitionsOf(row).map((definition) => new Tables(definition, row.number)),
      )
      this.#tables = new Map(tables.map((tables) => [tables.definition.name, tables]))
      this.#epoch = epoch
    }
    return this.#tables.get(collection) ?? null
  }
}
