import type { ReadStore, ReadStoreWriter } from '../port.ts'
import { connect } from './connection.ts'
import { SqliteReadStore } from './reader.ts'
import { SqliteReadStoreWriter } from './writer.ts'

/**
 * Read models in one SQLite file, made if it is not there. Readers and the writer have a connection each and never wait
 * for one another. Error: `BAD_ADDRESS`.
 */
export async function openSqliteReadStore(path: string, options: { mode: 'reader' }): Promise<ReadStore>
export async function openSqliteReadStore(path: string, options: { mode: 'writer' }): Promise<ReadStoreWriter>
export async function openSqliteReadStore(
  path: string,
  { mode }: { mode: 'reader' | 'writer' },
): Promise<ReadStore | ReadStoreWriter> {
  const connection = connect(path, mode)
  if (mode === 'reader') return new SqliteReadStore(connection)
  const writer = new SqliteReadStoreWriter(connection)
  await writer.sweep()
  return writer
}
