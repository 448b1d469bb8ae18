import { checkDefinitions } from '../definition.ts'
import { ReadStoreError } from '../errors.ts'
import type { CollectionDefinition, Generation, GenerationOptions, ReadStoreWriter } from '../port.ts'
import { definitionsOf, generationRows, raiseEpoch, type GenerationRow } from './catalogue.ts'
import { raiseFence } from './fences.ts'
import { dropTables, markGone, SqliteGeneration } from './generation.ts'
import { SqliteReadStore } from './reader.ts'
import { Tables } from './tables.ts'

/** Adds generations to what a reader does. */
export class SqliteReadStoreWriter extends SqliteReadStore implements ReadStoreWriter {
  async prepare(
    projection: string,
    version: number,
    definitions: readonly CollectionDefinition[],
    options: GenerationOptions = {},
  ): Promise<Generation> {
    checkDefinitions(projection, definitions)
    const text = JSON.stringify(definitions)
    const fits = (row: GenerationRow | null) => row !== null && row.version === version && row.definitions === text
    const [active, building] = [this.#row(projection, 'active'), this.#row(projection, 'building')]
    const found = fits(active) ? active : fits(building) ? building : null
    if (found === null) return await this.rebuild(projection, version, definitions, options)
    this.connection.write(() => raiseFence(this.connection, found, options.fence ?? 0))
    return new SqliteGeneration(this.connection, found, options)
  }

  async rebuild(
    projection: string,
    version: number,
    definitions: readonly CollectionDefinition[],
    options: GenerationOptions = {},
  ): Promise<Generation> {
    checkDefinitions(projection, definitions)
    this.#checkOwners(projection, definitions)
    const building = this.#row(projection, 'building')
    const row = this.connection.write(() => {
      if (building !== null) markGone(this.connection, building)
      const row = this.connection
        .statement(
          `INSERT INTO generation (projection, number, version, definitions, status, listed, checkpoint)
           VALUES (?, ?, ?, ?, 'building', 0, 'start') RETURNING *`,
        )
        // The epoch only rises, so that no number is ever used again.
        .get(projection, raiseEpoch(this.connection), version, JSON.stringify(definitions)) as unknown as GenerationRow
      raiseFence(this.connection, row, options.fence ?? 0)
      for (const definition of definitions) this.connection.exec(new Tables(definition, row.number).createDocuments())
      return row
    })
    if (building !== null) await dropTables(this.connection, building)
    return new SqliteGeneration(this.connection, row, options)
  }

  async active(projection: string, options: GenerationOptions = {}): Promise<Generation | null> {
    const row = this.#row(projection, 'active')
    return row === null ? null : new SqliteGeneration(this.connection, row, options)
  }

  async purge(): Promise<void> {
    const result = this.connection.statement('PRAGMA wal_checkpoint(TRUNCATE)').get()
    if (result?.['busy'] !== 0)
      throw new ReadStoreError('BUSY', 'A reader holds on to the past: purge again in a moment')
  }

  /** Drops what a crash in the middle of a switch-over left. */
  async sweep(): Promise<void> {
    for (const row of generationRows(this.connection, 'gone')) await dropTables(this.connection, row)
  }

  #row(projection: string, status: GenerationRow['status']): GenerationRow | null {
    return generationRows(this.connection, status).find((row) => row.projection === projection) ?? null
  }

  #checkOwners(projection: string, definitions: readonly CollectionDefinition[]): void {
    const rows = [...generationRows(this.connection, 'active'), ...generationRows(this.connection, 'building')]
    for (const row of rows.filter((row) => row.projection !== projection)) {
      const taken = definitionsOf(row).find(({ name }) => definitions.some((definition) => definition.name === name))
      if (taken !== undefined) {
        throw new ReadStoreError(
          'BAD_DEFINITION',
          `Rename ${taken.name}: the projection ${row.projection} has it already`,
        )
      }
    }
  }
}
