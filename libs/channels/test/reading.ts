import type { ReadRowsOptions, ReopenableSource, RowOutcome, RowReader } from '#channels'
import { readRows } from '#channels'

export const NOW = '2026-11-23T00:00:00.000Z'

/** A source over bytes in memory, cut into chunks at the given offsets. */
export function bytesSource(content: string | Uint8Array, cuts: readonly number[] = [], name = ''): ReopenableSource {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  const edges = [0, ...cuts.filter((cut) => cut > 0 && cut < bytes.length).toSorted((a, b) => a - b), bytes.length]
  return {
    name,
    async *open() {
      for (const [index, edge] of edges.entries()) {
        const next = edges[index + 1]
        if (next !== undefined && next > edge) yield bytes.subarray(edge, next)
      }
    },
  }
}

/** A source that makes its chunks as it goes, so that it can be larger than memory. */
export function endlessSource(open: () => AsyncGenerator<Uint8Array>): ReopenableSource {
  return { name: '', open }
}

export interface Reading {
  outcomes: RowOutcome[]
  reader: RowReader
}

export async function readAll(
  source: string | ReopenableSource,
  options: Partial<ReadRowsOptions> = {},
): Promise<Reading> {
  const reader = readRows(source, { format: 'auto', now: NOW, ...options })
  const outcomes: RowOutcome[] = []
  for await (const outcome of reader) outcomes.push(outcome)
  return { outcomes, reader }
}

export async function read(
  content: string | Uint8Array,
  options: Partial<ReadRowsOptions> = {},
): Promise<RowOutcome[]> {
  return (await readAll(bytesSource(content), options)).outcomes
}

/** One line of JSON Lines that is taken, with the given keys over it; `undefined` leaves one out. */
export function line(changes: Record<string, unknown> = {}): string {
  return JSON.stringify({ id: '1', subject: '路灯', body: '不亮', time: '2026-11-01 08:00:00', ...changes })
}

/** What became of each row, in short: its id, or the code it was refused for. */
export function summary(outcomes: readonly RowOutcome[]): string[] {
  return outcomes.map((outcome) => (outcome.kind === 'row' ? outcome.record.externalId : outcome.code))
}
