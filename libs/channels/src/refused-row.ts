import { EXCERPT_CHARACTERS_MAX } from './inbound.ts'
import type { RowOutcome } from './inbound.ts'
import { printable, rowRefusals, say } from './refusals.ts'
import { RowRefused } from './row.ts'

/** The outcome of a row that was refused; `beginning` is how it begins. Throws what is no `RowRefused`. */
export function refusedRow(
  error: unknown,
  { row, beginning, original }: { row: number; beginning: string; original: string | null },
): RowOutcome {
  if (!(error instanceof RowRefused)) throw error
  const { code, details } = error
  return {
    row,
    kind: 'refused',
    code,
    message: say(rowRefusals[code], details),
    excerpt: printable(beginning, EXCERPT_CHARACTERS_MAX),
    original,
  }
}
