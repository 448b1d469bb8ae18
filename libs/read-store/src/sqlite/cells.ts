import { DerivedFile } from '#sqlite'
import type { Cell, Cells } from '../cells.ts'
import { ReadStoreError } from '../errors.ts'

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS cell (name TEXT PRIMARY KEY, revision INTEGER NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;
`

/** Cells in a SQLite file, the read models' own or another, over a connection of their own. */
export class SqliteCells implements Cells {
  readonly #file: DerivedFile

  /** Errors: `BAD_ADDRESS`, `CORRUPT`. */
  constructor(path: string) {
    this.#file = new DerivedFile({
      path,
      mode: 'writer',
      holds: 'leases',
      schema: SCHEMA,
      walPagesMax: 16_000,
      refuse: (fault, message) => new ReadStoreError(fault, message),
    })
  }

  async read(name: string): Promise<Cell | null> {
    const row = this.#file.guarded(() =>
      this.#file.statement('SELECT revision, value FROM cell WHERE name = ?').get(name),
    )
    return row === undefined ? null : { revision: Number(row['revision']), value: String(row['value']) }
  }

  async compareAndSet(name: string, revision: number, value: string): Promise<boolean> {
    const statement =
      revision === 0
        ? 'INSERT INTO cell (name, value, revision) VALUES (?, ?, ? + 1) ON CONFLICT (name) DO NOTHING'
        : 'UPDATE cell SET value = ?2, revision = revision + 1 WHERE name = ?1 AND revision = ?3'
    return this.#file.write(() => this.#file.statement(statement).run(name, value, revision).changes === 1)
  }

  async close(): Promise<void> {
    this.#file.close()
  }
}
