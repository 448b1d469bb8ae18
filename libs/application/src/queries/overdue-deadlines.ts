import type { DeadlinePurpose } from '#calendar'
import { dayAt } from '#domain'
import type { ReadStore, Where } from '#read-store'
import { instantAt } from '../clock.ts'
import { RUNNING } from '../projections/casework/agenda.ts'
import type { AgendaDocument } from '../projections/casework/agenda.ts'

const PAGE_SIZE = 200
/** Of one kind of entry; a county that owes more than that has other worries than which. */
const PAGES_MAX = 10
/** The time to hand back only lapses: nobody owes that. */
const LAPSING: DeadlinePurpose = 'hand-back'
/** What is beyond them. */
const OTHERS = 'others'

/**
 * How many deadlines have passed and are still owed, by what is due: a purpose of a case's deadlines (`final-answer`), or
 * `promise-` and what of a promise. Of more than 2,000 of a kind the rest, up to 10,000, stand as `others`. For metrics: it counts
 * for the system, and shows no case. `nowMs`: since the epoch. Throws what read stores throw.
 */
export async function overdueDeadlines(
  views: Pick<ReadStore, 'query' | 'count'>,
  nowMs: number,
): Promise<Record<string, number>> {
  const now = instantAt(nowMs)
  const overdue: Record<string, number> = {}
  const kinds: Where[] = [
    // Not yet written down as missed.
    { next: { in: RUNNING }, at: { lt: now } },
    { next: { eq: 'remind' } },
    { next: { eq: 'mark-overdue' }, at: { lt: dayAt(now) } },
    { next: { eq: 'overdue' } },
  ]
  for (const where of kinds) await count(views, where, overdue)
  return overdue
}

async function count(
  views: Pick<ReadStore, 'query' | 'count'>,
  where: Where,
  overdue: Record<string, number>,
): Promise<void> {
  let cursor: string | null = null
  let counted = 0
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { documents, next } = await views.query('agenda', {
      where,
      sort: { field: 'at', direction: 'ascending' },
      limit: PAGE_SIZE,
      cursor,
      reader: 'system',
    })
    for (const entry of documents as AgendaDocument[]) {
      const due = dueOf(entry)
      if (due === LAPSING) continue
      overdue[due] = (overdue[due] ?? 0) + 1
    }
    counted += documents.length
    cursor = next
    if (cursor === null) return
  }
  const all = await views.count('agenda', { where, reader: 'system' })
  if (all.count > counted) overdue[OTHERS] = (overdue[OTHERS] ?? 0) + all.count - counted
}

function dueOf(entry: AgendaDocument): string {
  switch (entry.about) {
    case 'deadline':
      return entry.deadline.purpose
    case 'day':
      return `promise-${entry.matter}`
    default:
      return OTHERS
  }
}
