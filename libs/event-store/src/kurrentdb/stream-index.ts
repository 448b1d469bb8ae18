import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { StatementSync } from 'node:sqlite'

/**
 * The names of all streams in order, in a file that lives as long as a scan: the server does not list them, and in memory
 * they would grow with the store.
 */
export class StreamIndex {
  readonly #folder: string
  readonly #database: DatabaseSync
  readonly #add: StatementSync
  readonly #after: StatementSync

  constructor() {
    this.#folder = mkdtempSync(join(tmpdir(), 'huiying-streams-'))
    this.#database = new DatabaseSync(join(this.#folder, 'streams.db'))
    // Nothing in it outlives the process.
    this.#database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;')
    this.#database.exec('CREATE TABLE streams (name TEXT PRIMARY KEY) WITHOUT ROWID')
    this.#add = this.#database.prepare('INSERT OR IGNORE INTO streams (name) VALUES (?)')
    this.#after = this.#database.prepare('SELECT name FROM streams WHERE name > ? ORDER BY name LIMIT ?')
  }

  add(names: Iterable<string>): void {
    this.#database.exec('BEGIN')
    for (const name of names) this.#add.run(name)
    this.#database.exec('COMMIT')
  }

  /** Names after one, by their bytes in UTF-8. */
  after(name: string, count: number): string[] {
    return this.#after.all(name, count).map((row) => String(row['name']))
  }

  remove(): void {
    this.#database.close()
    rmSync(this.#folder, { recursive: true })
  }
}
