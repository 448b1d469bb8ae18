import { createHash } from 'node:crypto'
import { departmentId } from '#domain'
import { ID_CHARS_MAX } from '#read-store'
import type { CollectionDefinition, ReadDocument } from '#read-store'
import { businessDay } from '../../business-day.ts'
import { visibleTo } from '../visibility.ts'
import type { CaseDocument } from './case-document.ts'
import type { CommitmentDocument } from './commitment.ts'

/**
 * 留言办理统计: what is counted, added up by business day of receipt, kind, channel, norm and department, so that no question
 * of numbers reads cases. A case or promise is always counted in exactly one tally.
 */
export type TallyDocument = ReadDocument & {
  id: string
  about: 'cases' | 'commitments'
  date: string
  kind: string
  channel: string
  norm: string
  /** Who gave the final answer or, until then, leads or coordinates. */
  department: string
  /**
   * Until it is answered, the case that it follows, whose department works on it. Which one that is, is asked there: a count
   * that told of another case would depend on which of the two was written first.
   */
  following: string | null
  counts: Record<string, number>
  visibleTo: string[]
}

export const tallyCollection: CollectionDefinition = {
  name: 'tallies',
  projection: 'casework',
  fields: { visibleTo: 'set', about: 'text', date: 'text' },
  lists: [{ where: ['about'], sort: 'date' }],
}

/** Where something is counted, and as what. */
export interface Counted {
  about: 'cases' | 'commitments'
  date: string
  kind: string
  channel: string
  norm: string
  department: string
  following: string | null
  counts: Record<string, number>
}

/** What stands in a key where something has none. */
export const NONE = '-'

/** Before the due moment in the name of a count: cases whose final answer is not given, by when it is due. */
export const OPEN_UNTIL = 'openUntil '

export function countedCase(document: CaseDocument | null): Counted | null {
  if (!document) return null
  const { final, rating, ending, lead, coordinating } = document
  const is = (fact: boolean) => (fact ? 1 : 0)
  const answered = document.answeredAt !== null
  const following = answered ? null : document.following
  return {
    about: 'cases',
    date: businessDay(document.receivedAt),
    kind: document.kind,
    channel: document.channel ?? NONE,
    norm: final?.norm ?? NONE,
    department: document.answeredBy ?? (following === null ? (lead ?? coordinating) : null) ?? NONE,
    following,
    counts: {
      received: 1,
      history: is(document.origin === 'history'),
      notAccepted: is(ending === 'not-accepted' && !answered),
      transferred: is(ending === 'transferred' && !answered),
      answered: is(answered),
      answeredInTime: is(answered && final?.state === 'met'),
      missed: is(final?.state === 'missed'),
      ...(final?.state === 'open' && { [`${OPEN_UNTIL}${final.due}`]: 1 }),
      retrospective: is(final?.retrospective === true),
      substantive: is(answered && document.substantive.length > 0),
      rated: is(rating !== null),
      satisfied: is(rating === 'satisfied'),
      basicallySatisfied: is(rating === 'basically-satisfied'),
    },
  }
}

export function countedCommitment(document: CommitmentDocument | null): Counted | null {
  if (!document) return null
  const is = (status: string) => (document.status === status ? 1 : 0)
  return {
    about: 'commitments',
    date: businessDay(document.madeAt),
    kind: NONE,
    channel: NONE,
    norm: NONE,
    department: document.responsible,
    following: null,
    counts: {
      made: 1,
      open: is('open'),
      overdue: document.status === 'open' && document.overdue ? 1 : 0,
      settled: is('settled') + is('routine'),
      broken: is('broken'),
      withdrawn: is('withdrawn'),
    },
  }
}

/** The tallies that change when something was counted as `before` and is now counted as `after`, and by how much. */
export function recounted(before: Counted | null, after: Counted | null): Counted[] {
  if (before && after && idOfTally(before) === idOfTally(after)) {
    const counts = difference(after.counts, before.counts)
    return Object.keys(counts).length === 0 ? [] : [{ ...after, counts }]
  }
  return [
    ...(before ? [{ ...before, counts: difference({}, before.counts) }] : []),
    ...(after ? [{ ...after, counts: difference(after.counts, {}) }] : []),
  ]
}

export function idOfTally({ about, date, kind, channel, norm, following, department }: Counted): string {
  const id = [about, date, kind, channel, norm, following ?? NONE, department].join('|')
  return id.length <= ID_CHARS_MAX ? id : createHash('sha256').update(id).digest('hex')
}

export function foldTally(document: TallyDocument | null, change: Counted): TallyDocument | null {
  const counts = { ...document?.counts }
  for (const [name, by] of Object.entries(change.counts)) {
    counts[name] = (counts[name] ?? 0) + by
    if (counts[name] === 0) delete counts[name]
  }
  if (Object.keys(counts).length === 0) return null
  const { about, date, kind, channel, norm, department, following } = change
  // Its own figures are a department's to see, as its cases are. What an import calls by a name is no department of ours.
  const audience = departmentId.safeParse(department).success ? [department] : []
  return {
    id: idOfTally(change),
    about,
    date,
    kind,
    channel,
    norm,
    department,
    following,
    counts,
    visibleTo: visibleTo(audience, []),
  }
}

function difference(after: Record<string, number>, before: Record<string, number>): Record<string, number> {
  const changes: Record<string, number> = {}
  for (const name of new Set([...Object.keys(after), ...Object.keys(before)])) {
    const by = (after[name] ?? 0) - (before[name] ?? 0)
    if (by !== 0) changes[name] = by
  }
  return changes
}
