import { fenced } from '../errors.ts'
import type { GenerationRow } from './catalogue.ts'
import type { Connection } from './connection.ts'

/** Keeps the highest fence seen for a generation. Inside a transaction. Error: `FENCED` where a higher one was. */
export function raiseFence(
  connection: Connection,
  { projection, number }: Pick<GenerationRow, 'projection' | 'number'>,
  fence: number,
): void {
  const row = connection.statement('SELECT value FROM generation_fence WHERE generation = ?').get(number)
  const seen = Number(row?.['value'] ?? 0)
  if (fence < seen) throw fenced(projection)
  if (fence === seen) return
  connection
    .statement(
      'INSERT INTO generation_fence VALUES (?, ?) ON CONFLICT (generation) DO UPDATE SET value = excluded.value',
    )
    .run(number, fence)
}

/** Forgets what was kept for a generation that is gone. */
export function dropFence(connection: Connection, { number }: Pick<GenerationRow, 'number'>): void {
  connection.statement('DELETE FROM generation_fence WHERE generation = ?').run(number)
}
