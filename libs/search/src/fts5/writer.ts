import { setImmediate as yieldToOthers } from 'node:timers/promises'
import { SearchError } from '../errors.ts'
import type { SearchGeneration, SearchWriter } from '../port.ts'
import { Fts5Generation, markGone } from './generation.ts'
import { Fts5Search } from './reader.ts'
import { createTables, dropTables, purgeSteps } from './tables.ts'

/** Adds writing to what a reader does. */
export class Fts5SearchWriter extends Fts5Search implements SearchWriter {
  async prepare(version: number): Promise<SearchGeneration> {
    const found = [this.connection.generation('active'), this.connection.generation('building')].find(
      (row) => row?.version === version,
    )
    return found ? new Fts5Generation(this.connection, found) : await this.rebuild(version)
  }

  async rebuild(version: number): Promise<SearchGeneration> {
    const building = this.connection.generation('building')
    const number = this.connection.write(() => {
      if (building !== null) markGone(this.connection, building)
      const number = this.connection.addGeneration(version)
      createTables(this.connection, number)
      return number
    })
    if (building !== null) dropTables(this.connection, building.number)
    return new Fts5Generation(this.connection, { number, version })
  }

  async purge(): Promise<void> {
    for (const status of ['active', 'building'] as const) {
      const row = this.connection.generation(status)
      if (row === null) continue
      const step = purgeSteps(this.connection, row.number)
      while (step()) await yieldToOthers()
    }
    const result = this.connection.statement('PRAGMA wal_checkpoint(TRUNCATE)').get()
    if (result?.['busy'] !== 0n) throw new SearchError('BUSY', 'A reader holds on to the past: purge again in a moment')
  }

  /** Drops what a crash in the middle of a switch-over left. */
  sweep(): void {
    for (const row of this.connection.goneGenerations()) dropTables(this.connection, row.number)
  }
}
