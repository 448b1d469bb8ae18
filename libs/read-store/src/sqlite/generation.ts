import { setImmediate as yieldToOthers } from 'node:timers/promises'
import { checkChanges, type CheckedChange } from '../changes.ts'
import { ReadStoreError } from '../errors.ts'
import { checkLimit } from '../plan.ts'
import {
  LOAD_IDS_MAX,
  SCAN_MAX,
  type Batch,
  type Checkpoint,
  type Generation,
  type GenerationOptions,
  type ReadDocument,
  type StoredDocument,
} from '../port.ts'
import { definitionsOf, generationRow, raiseEpoch, type GenerationRow } from './catalogue.ts'
import { Audiences } from './audiences.ts'
import type { Connection } from './connection.ts'
import { dropFence, raiseFence } from './fences.ts'
import { Tables } from './tables.ts'
import { upsert, type Row } from './upsert.ts'

export class SqliteGeneration implements Generation {
  readonly projection: string
  readonly number: number
  readonly version: number
  readonly #connection: Connection
  readonly #tables: Map<string, Tables>
  readonly #audiences: Audiences
  readonly #fence: number

  constructor(connection: Connection, row: GenerationRow, { fence = 0 }: GenerationOptions = {}) {
    this.#connection = connection
    this.#fence = fence
    this.#audiences = new Audiences(connection)
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
    const checked = checkChanges(changes, (collection) => this.#collection(collection).definition)
    try {
      this.#connection.write(() => {
        const { checkpoint: before, listed } = this.#existing()
        this.#keepFence()
        this.#upsert(checked, listed)
        if (before !== 'start' && checkpoint <= before) return
        this.#connection
          .statement('UPDATE generation SET checkpoint = ?, as_of = ? WHERE projection = ? AND number = ?')
          .run(checkpoint, asOf, this.projection, this.number)
      })
    } catch (error) {
      this.#audiences.forget()
      throw error
    }
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
      this.#keepFence()
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
      this.#keepFence()
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

  /** @param listed how many lists are made, counted through the collections. */
  #upsert(checked: Map<string, Map<string, CheckedChange>>, listed: number): void {
    let first = 0
    for (const [name, tables] of this.#tables) {
      const lists = tables.definition.lists.length
      const rows = Array.from(checked.get(name) ?? [], ([id, change]) => this.#rowOf(id, change))
      upsert(this.#connection, tables, rows, Math.min(Math.max(listed - first, 0), lists))
      first += lists
    }
  }

  #rowOf(id: string, { position, fields }: CheckedChange): Row {
    if (fields === null) return { id, position, listed: null, body: null }
    const { values, visibleTo, body } = fields
    return { id, position, listed: { audience: this.#audiences.numberOf(visibleTo), values }, body }
  }

  #collection(name: string): Tables {
    const tables = this.#tables.get(name)
    if (tables === undefined) throw this.#refusal(`has no collection ${name}`)
    return tables
  }

  #keepFence(): void {
    raiseFence(this.#connection, this, this.#fence)
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
    for (const table of tables.tableNames()) {
      connection.write(() => connection.exec(`DROP TABLE IF EXISTS ${table}`))
      await yieldToOthers()
    }
  }
  connection.write(() => {
    connection.statement('DELETE FROM generation WHERE projection = ? AND number = ?').run(row.projection, row.number)
    dropFence(connection, row)
  })
}
