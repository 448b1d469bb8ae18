import type { SearchIndex, SearchWriter } from '../port.ts'
import { connect } from './connection.ts'
import { Fts5Search } from './reader.ts'
import { Fts5SearchWriter } from './writer.ts'

/** An index in one SQLite file, made if it is not there. Readers and the writer have a connection each. Error: `BAD_ADDRESS`. */
export async function openFts5Search(path: string, options: { mode: 'reader' }): Promise<SearchIndex>
export async function openFts5Search(path: string, options: { mode: 'writer' }): Promise<SearchWriter>
export async function openFts5Search(
  path: string,
  { mode }: { mode: 'reader' | 'writer' },
): Promise<SearchIndex | SearchWriter> {
  const connection = connect(path, mode)
  if (mode === 'reader') return new Fts5Search(connection)
  const writer = new Fts5SearchWriter(connection)
  writer.sweep()
  return writer
}
