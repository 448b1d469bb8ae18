import { fenced } from '../errors.ts'
import type { Connection } from './connection.ts'

/** Keeps the highest fence seen for a projection. Inside a transaction. Error: `FENCED` where a higher one was. */
export function raiseFence(connection: Connection, projection: string, fence: number): void {
  const row = connection.statement('SELECT value FROM fence WHERE projection = ?').get(projection)
  const seen = Number(row?.['value'] ?? 0)
  if (fence < seen) throw fenced(projection)
  if (fence === seen) return
  connection
    .statement('INSERT INTO fence VALUES (?, ?) ON CONFLICT (projection) DO UPDATE SET value = excluded.value')
    .run(projection, fence)
}
