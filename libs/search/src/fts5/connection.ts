import { DerivedFile } from '#sqlite'
import { SearchError } from '../errors.ts'

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS generation (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('building', 'active', 'gone')),
    checkpoint TEXT NOT NULL
  );
  CREATE UNIQUE INDEX IF NOT EXISTS one_of_a_status ON generation (status) WHERE status <> 'gone';
`

/** A row of the table `generation`. */
export interface GenerationRow {
  number: number
  version: number
  status: 'building' | 'active' | 'gone'
  checkpoint: string
}

/** The index's file with its generations. Integers are read as bigints: row ids are larger than numbers reach. */
export class Connection extends DerivedFile {
  /** The generation that has this status, of which there is one at most. */
  generation(status: 'building' | 'active'): GenerationRow | null {
    const found = this.statement('SELECT * FROM generation WHERE status = ?')
    return asRow(this.guarded(() => found.get(status)))
  }

  /** Begins a building generation. Inside a transaction. */
  addGeneration(version: number): number {
    const row = this.statement(
      `INSERT INTO generation (version, status, checkpoint) VALUES (?, 'building', 'start') RETURNING number`,
    ).get(version)
    return Number(row?.['number'])
  }

  generationByNumber(number: number): GenerationRow | null {
    const found = this.statement('SELECT * FROM generation WHERE number = ?')
    return asRow(this.guarded(() => found.get(number)))
  }

  goneGenerations(): GenerationRow[] {
    const gone = this.statement(`SELECT * FROM generation WHERE status = 'gone'`)
    return this.guarded(() => gone.all()).flatMap((row) => asRow(row) ?? [])
  }
}

function asRow(row: Record<string, unknown> | undefined): GenerationRow | null {
  if (row === undefined) return null
  return { ...(row as unknown as GenerationRow), number: Number(row['number']), version: Number(row['version']) }
}

/** Opens the file, made if it is not there. Errors: `BAD_ADDRESS`, `CORRUPT`. */
export function connect(path: string, mode: 'reader' | 'writer'): Connection {
  return new Connection({
    path,
    mode,
    holds: 'search index',
    schema: SCHEMA,
    walPagesMax: 4_000,
    bigInts: true,
    refuse: (fault, message) => new SearchError(fault, message),
  })
}
