import { setImmediate as yieldToOthers } from 'node:timers/promises'
import { readFields, type FieldValue } from '../definition.ts'
import { ReadStoreError } from '../errors.ts'
import { checkLimit } from '../plan.ts'
import {
  BATCH_CHANGES_MAX,
  LOAD_IDS_MAX,
  type Batch,
  type Change,
  type Checkpoint,
  type CollectionDefinition,
  type Generation,
  type ReadDocument,
  type StoredDocument,
} from '../port.ts'
import { definitionsOf, generationRow, raiseEpoch, type GenerationRow } from './catalogue.ts'
import type { Connection } from './connection.ts'
import { Tables } from './tables.ts'
import { upsert, type Row } from './upsert.ts'

const SCAN_MAX = 5_000

export class SqliteGeneration implements Generation {
  readonly projection: string
  readonly number: number
  readonly version: number
  readonly #connection: Connection
  readonly #tables: Map<string, Tables>

  constructor(connection: Connection, row: GenerationRow) {
    this.#connection = connection
    this.projection = row.projection
    this.number = row.number
    this.version = row.version
    this.#tables = new Map(
      definitionsOf(row).map((definition) => [definition.name, new Tables(definition, row.number)]),
    )
  }

  async status(): Promise<'building' | 'active' | 'gone'> {
    return this.#row()?.status ?? 'gone'
  }

  async checkpoint(): Promise<Checkpoint> {
    return this.#existing().checkpoint
  }

  async load(collection: string, ids: readonly string[]): Promise<StoredDocument[]> {
    if (ids.length > LOAD_IDS_MAX) throw new ReadStoreError('OUT_OF_BOUNDS', `Load at most ${LOAD_IDS_MAX} ids at once`)
    const tables = this.#collection(collection)
    return this.#connection.read(() => {
      this.#existing()
      const statement = this.#connection.statement(`SELECT id, position, body FROM ${tables.documents} WHERE id = ?`)
      return [...new Set(ids)].flatMap((id) => {
        const row = statement.get(id)
        return row === undefined ? [] : [stored(row)]
      })
    })
  }

  async write({ changes, checkpoint, asOf }: Batch): Promise<void> {
    if (changes.length > BATCH_CHANGES_MAX) {
      throw new ReadStoreError('OUT_OF_BOUNDS', `Write at most ${BATCH_CHANGES_MAX} changes at once`)
    }
    const rows = this.#rowsByCollection(changes)
    this.#connection.write(() => {
      const { checkpoint: before, listed } = this.#existing()
      let first = 0
      for (const [name, tables] of this.#tables) {
        const lists = tables.definition.lists.length
        const made = Math.min(Math.max(listed - first, 0), lists)
        upsert(this.#connection, tables, rows.get(name) ?? [], made)
        first += lists
      }
      if (before !== 'start' && checkpoint <= before) return
      this.#connection
        .statement('UPDATE generation SET checkpoint = ?, as_of = ? WHERE projection = ? AND number = ?')
        .run(checkpoint, asOf, this.projection, this.number)
    })
  }

  async switchOver(): Promise<void> {
    const lists = [...this.#tables.values()].flatMap((tables) =>
      tables.definition.lists.map((_, index) => ({ tables, index })),
    )
    for (const [done, { tables, index }] of lists.entries()) {
      this.#makeList(tables, index, done)
      // Between two lists other projections have their turn; writes keep the lists that are made.
      await yieldToOthers()
    }
    const old = this.#connection.write(() => {
      if (this.#existing().status === 'active') return null
      const old = this.#connection
        .statement(`UPDATE generation SET status = 'gone' WHERE projection = ? AND status = 'active' RETURNING *`)
        .get(this.projection)
      this.#connection
        .statement(`UPDATE generation SET status = 'active' WHERE projection = ? AND number = ?`)
        .run(this.projection, this.number)
      raiseEpoch(this.#connection)
      return (old as unknown as GenerationRow | undefined) ?? null
    })
    if (old !== null) await dropTables(this.#connection, old)
  }

  async discard(): Promise<void> {
    const row = this.#connection.write(() => {
      const row = this.#existing()
      if (row.status === 'active') throw this.#refusal('is in use: switch over to another before')
      markGone(this.#connection, row)
      return row
    })
    await dropTables(this.#connection, row)
  }

  async scan(collection: string, afterId: string | null, limit: number): Promise<StoredDocument[]> {
    checkLimit(limit, SCAN_MAX)
    const tables = this.#collection(collection)
    return this.#connection.read(() => {
      this.#existing()
      return this.#connection
        .statement(
          `SELECT id, position, body FROM ${tables.documents} WHERE id > ? AND body IS NOT NULL ORDER BY id LIMIT ?`,
        )
        .all(afterId ?? '', limit)
        .map(stored)
    })
  }

  #makeList(tables: Tables, index: number, done: number): void {
    this.#connection.write(() => {
      if (this.#existing().listed > done) return
      this.#connection.exec(tables.createList(index))
      this.#connection.exec(tables.fillList(index))
      this.#connection
        .statement('UPDATE generation SET listed = ? WHERE projection = ? AND number = ?')
        .run(done + 1, this.projection, this.number)
    })
  }

  /** The changes as rows, checked before anything is written; of several of one document the one with the newest position. */
  #rowsByCollection(changes: readonly Change[]): Map<string, Row[]> {
    const byCollection = new Map<string, Map<string, Row>>()
    for (const change of changes) {
      const { definition } = this.#collection(change.collection)
      const rows = byCollection.get(change.collection) ?? new Map<string, Row>()
      byCollection.set(change.collection, rows)
      const before = rows.get(change.id)
      if (before !== undefined && change.position <= before.position) continue
      rows.set(change.id, { id: change.id, position: change.position, ...fieldsOf(definition, change) })
    }
    return new Map([...byCollection].map(([name, rows]) => [name, [...rows.values()]]))
  }

  #collection(name: string): Tables {
    const tables = this.#tables.get(name)
    if (tables === undefined) throw this.#refusal(`has no collection ${name}`)
    return tables
  }

  #row(): GenerationRow | null {
    return generationRow(this.#connection, this.projection, this.number)
  }

  #existing(): GenerationRow {
    const row = this.#row()
    if (row === null || row.status === 'gone') throw this.#refusal('is gone: prepare the projection anew')
    return row
  }

  #refusal(what: string): ReadStoreError {
    return new ReadStoreError('BAD_GENERATION', `Generation ${this.number} of ${this.projection} ${what}`)
  }
}

function fieldsOf(
  definition: CollectionDefinition,
  change: Change,
): { values: FieldValue[] | null; body: string | null } {
  if (change.document === null) return { values: null, body: null }
  return readFields(definition, change.id, change.document)
}

function stored({ id, position, body }: Record<string, unknown>): StoredDocument {
  const document = typeof body === 'string' ? (JSON.parse(body) as ReadDocument) : null
  return { id: String(id), position: String(position), document }
}

export function markGone(connection: Connection, row: GenerationRow): void {
  connection
    .statement(`UPDATE generation SET status = 'gone' WHERE projection = ? AND number = ?`)
    .run(row.projection, row.number)
  raiseEpoch(connection)
}

/** Drops what a gone generation left, table by table, so that nobody waits long; repeated, it goes on where it was. */
export async function dropTables(connection: Connection, row: GenerationRow): Promise<void> {
  for (const definition of definitionsOf(row)) {
    const tables = new Tables(definition, row.number)
    for (const table of [...definition.lists.map((_, index) => tables.list(index)), tables.documents]) {
      connection.write(() => connection.exec(`DROP TABLE IF EXISTS ${table}`))
      await yieldToOthers()
    }
  }
  connection.write(() => {
    connection.statement('DELETE FROM generation WHERE projection = ? AND number = ?').run(row.projection, row.number)
  })
}
