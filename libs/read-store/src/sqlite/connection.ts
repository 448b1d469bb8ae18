import { DerivedFile } from '#sqlite'
import { ReadStoreError } from '../errors.ts'

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS epoch (only INTEGER PRIMARY KEY CHECK (only = 1), value INTEGER NOT NULL);
  INSERT OR IGNORE INTO epoch VALUES (1, 0);
  CREATE TABLE IF NOT EXISTS generation (
    projection TEXT NOT NULL,
    number INTEGER NOT NULL,
    version INTEGER NOT NULL,
    definitions TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('building', 'active', 'gone')),
    listed INTEGER NOT NULL,
    checkpoint TEXT NOT NULL,
    as_of TEXT,
    PRIMARY KEY (projection, number)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS audience (number INTEGER PRIMARY KEY, members TEXT NOT NULL UNIQUE);
  CREATE TABLE IF NOT EXISTS audience_member (
    token TEXT NOT NULL,
    audience INTEGER NOT NULL,
    PRIMARY KEY (token, audience)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS generation_fence (generation INTEGER PRIMARY KEY, value INTEGER NOT NULL);
  CREATE UNIQUE INDEX IF NOT EXISTS one_of_a_status ON generation (projection, status) WHERE status <> 'gone';
`

export type Connection = DerivedFile

/** Opens the file, made if it is not there. Errors: `BAD_ADDRESS`, `CORRUPT`. */
export function connect(path: string, mode: 'reader' | 'writer'): Connection {
  return new DerivedFile({
    path,
    mode,
    holds: 'read models',
    schema: SCHEMA,
    walPagesMax: 16_000,
    refuse: (fault, message) => new ReadStoreError(fault, message),
  })
}
