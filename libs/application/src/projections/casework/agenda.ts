import type { OverdueMatter } from '#domain'
import type { CollectionDefinition, ReadDocument } from '#read-store'
import { visibleTo } from '../visibility.ts'
import type { CaseDocument, OpenDeadline } from './case-document.ts'
import { isStillOwed, owingDepartments } from './case-duties.ts'
import type { Cause } from './cause.ts'
import type { CommitmentDocument } from './commitment.ts'

/** What time does next about something. */
export type AgendaStep =
  | 'warn' // a running deadline, counted in days, that nobody was warned of; `at` is when it is due
  | 'warn-by-hour' // one counted in hours; likewise
  | 'miss' // one of which no warning is to come; likewise
  | 'remind' // a missed one whose matter is still to be done; the day on which it was last reminded of, or ''
  | 'recount' // a provisional one; the calendar that it was counted by
  | 'mark-overdue' // a promise's day; the day
  | 'overdue' // one that has passed and was marked
  | 'mark-stalled' // an open promise; when it last moved
  | 'stalled'
  | 'recheck' // a settled promise that somebody must look at again; the day
  | 'sign' // a case that waits for its department's signature; since when
  | 'look' // a page that a machine looks at; when

/**
 * 日程: everything about live cases and promises that time will do something about or that stands on daily lists, and nothing
 * else. Each entry follows from the document of its case or promise; there is none for imported history.
 */
export type AgendaDocument = ReadDocument & {
  id: string
  next: AgendaStep
  at: string
  /** Of a case, its id; of a promise, its id. */
  subject: string
  /** When what it is about is due, begins or last moved: an instant or a day. */
  due: string
  /** What brought it about. */
  cause: Cause
  /** Who has to see to it. */
  departments: string[]
  visibleTo: string[]
} & (
    | { about: 'deadline'; deadline: OpenDeadline }
    | { about: 'signature' }
    | { about: 'day'; matter: OverdueMatter }
    | { about: 'standstill' }
    | { about: 'recheck'; recheck: number }
    | { about: 'page' }
  )

export const agendaCollection: CollectionDefinition = {
  name: 'agenda',
  projection: 'casework',
  fields: { visibleTo: 'set', next: 'text', at: 'text', due: 'text', departments: 'set' },
  lists: [
    { where: ['next'], sort: 'at' },
    { where: ['departments', 'next'], sort: 'due' },
  ],
}

export function agendaOfCase(document: CaseDocument | null): AgendaDocument[] {
  if (!document || document.origin === 'history') return []
  const entry = (id: string, next: AgendaStep, at: string, deadline: OpenDeadline): AgendaDocument => ({
    id,
    about: 'deadline',
    next,
    at,
    subject: document.id,
    due: deadline.due,
    deadline,
    cause: deadline.cause,
    departments: owingDepartments(document, deadline),
    visibleTo: document.visibleTo,
  })
  // Who works on nothing any more is neither warned nor reminded.
  const speaks = (deadline: OpenDeadline) => document.ending === null && isStillOwed(document, deadline)
  const open = document.openDeadlines.flatMap((deadline) => {
    const { id, due, warned, suspended, countedBy } = deadline
    const warning = deadline.inHours ? 'warn-by-hour' : 'warn'
    const running = suspended ? [] : [entry(id, speaks(deadline) && !warned ? warning : 'miss', due, deadline)]
    return countedBy === null ? running : [...running, entry(`recount.${id}`, 'recount', countedBy, deadline)]
  })
  const missed = document.missedDeadlines
    .filter(speaks)
    .map((deadline) => entry(deadline.id, 'remind', deadline.remindedOn, deadline))
  return [...signatureOf(document), ...open, ...missed]
}

function signatureOf(document: CaseDocument): AgendaDocument[] {
  const { id, routed, lead, ending, isAnswered, following, accused, visibleTo } = document
  if (routed === null || lead === null || ending !== null || isAnswered || following !== null) return []
  const { at, cause } = routed
  const departments = accused.includes(lead) ? [] : [lead]
  return [
    { id: `sign.${id}`, about: 'signature', next: 'sign', at, subject: id, due: at, cause, departments, visibleTo },
  ]
}

export function agendaOfCommitment(document: CommitmentDocument | null): AgendaDocument[] {
  if (!document || document.origin === 'history') return []
  const { id: subject, responsible, status, causes, look } = document
  const base = { subject, departments: [responsible], visibleTo: visibleTo([responsible], []) }
  const entries: AgendaDocument[] = []
  if (status === 'open') {
    for (const [matter, day] of daysOf(document)) {
      const next = document.overdueFor[matter] === day ? 'overdue' : 'mark-overdue'
      const cause = matter === 'rectification' ? causes.rectification : causes.due
      entries.push({ ...base, id: `${matter}.${subject}`, about: 'day', matter, next, at: day, due: day, cause })
    }
    const { movedAt } = document
    const next = document.stalled ? 'stalled' : 'mark-stalled'
    const standstill = { about: 'standstill', next, at: movedAt, due: movedAt, cause: causes.movement } as const
    entries.push({ ...base, id: `standstill.${subject}`, ...standstill })
  }
  if ((status === 'settled' || status === 'routine') && document.recheckDue !== null) {
    const { recheckDue: due, rechecks } = document
    const recheck = {
      about: 'recheck',
      recheck: rechecks + 1,
      next: 'recheck',
      at: due,
      due,
      cause: causes.recheck,
    } as const
    entries.push({ ...base, id: `recheck.${subject}`, ...recheck })
  }
  if (look !== null && look.at !== null) {
    const cause = look.about === 'report' ? causes.report : causes.recheck
    entries.push({ ...base, id: `page.${subject}`, about: 'page', next: 'look', at: look.at, due: look.at, cause })
  }
  return entries
}

/** The days after which an open promise is overdue. */
function daysOf({ dueKind, due, fulfilment, rectificationDue }: CommitmentDocument): [OverdueMatter, string][] {
  const days: [OverdueMatter, string][] = []
  if (dueKind !== 'date') days.push(['review', due])
  // What was reported as done is no more late, until the report is rejected.
  else if (fulfilment !== 'reported' && fulfilment !== 'complete') days.push(['due-date', due])
  if (rectificationDue !== null) days.push(['rectification', rectificationDue])
  return days
}

/** Steps of a deadline that runs. */
export const RUNNING: AgendaStep[] = ['warn', 'warn-by-hour', 'miss']
