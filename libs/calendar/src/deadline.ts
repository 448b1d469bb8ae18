import { applicableNorms } from './applicable-norms.ts'
import type { NormQuestion } from './applicable-norms.ts'
import { dayOf } from './calendar.ts'
import type { Calendar } from './calendar.ts'
import { millisecondsOf, shanghaiDay, startOfShanghaiDay } from './day.ts'
import type { Deadline, NormReference } from './deadline-format.ts'
import { normLayer } from './norm.ts'
import type { DayEnd, DeadlinePurpose, Duration, Norm } from './norm.ts'
import { explainPeriod } from './period.ts'
import type { ExplainedPeriod } from './period.ts'

const MINUTE_MS = 60_000
const OTHERS_MAX = 50

export interface DeadlineQuestion extends NormQuestion {
  calendar: Calendar
  /** Minutes after midnight; 17:30 where not given. */
  closeOfBusinessMinutes?: number
}

/**
 * The deadline that norms set for one purpose: of those that apply, the earliest due rules and the others are named; null
 * where none applies. `now` only says which norms are today's for history that no norm of its day covers.
 */
export function computeDeadline(question: DeadlineQuestion): Deadline | null {
  const { norms, retrospective } = applicableNorms(question)
  return earliest(
    { purpose: question.purpose, startedAt: question.startedAt, retrospective, calendar: question.calendar },
    norms.map((norm) => ({
      norm: referenceTo(norm),
      within: norm.within,
      endsAt: norm.endsAt,
      closeOfBusinessMinutes: question.closeOfBusinessMinutes,
    })),
  )
}

/** An action at `at` (UTC, milliseconds) meets the deadline: the due moment itself is still in time. */
export function isInTime(deadline: Pick<Deadline, 'due'>, at: string): boolean {
  return at <= deadline.due
}

export interface ExtensionQuestion {
  deadline: Deadline
  /** Must hold the deadline's norms in the versions it names. */
  norms: readonly Norm[]
  calendar: Calendar
  /** How often it was extended already. */
  timesExtended: number
}

export type Extension =
  | { outcome: 'extended'; deadline: Deadline; approver: string }
  | { outcome: 'refused'; code: 'NORM_UNKNOWN' | 'NOT_EXTENDABLE' | 'EXTENSION_USED_UP' | 'EXTENSION_LIMITED' }

/**
 * The deadline extended as its norm allows, counted from the same start. Every other norm that applies goes on holding, at
 * the furthest that it allows itself, and the earliest due still rules: so no county's extension passes what the State
 * Council or a statute allows. Refused where the norm knows no extension (`NOT_EXTENDABLE`), it was used as often as the
 * norm allows (`EXTENSION_USED_UP`), another norm leaves no room (`EXTENSION_LIMITED`), or a norm is missing
 * (`NORM_UNKNOWN`).
 */
export function extendDeadline({ deadline, norms, calendar, timesExtended }: ExtensionQuestion): Extension {
  const current = termsOf(deadline)
  const ruling = find(norms, deadline.norm)
  if (ruling === undefined) return { outcome: 'refused', code: 'NORM_UNKNOWN' }
  if (ruling.extension === null) return { outcome: 'refused', code: 'NOT_EXTENDABLE' }
  if (timesExtended >= ruling.extension.times) return { outcome: 'refused', code: 'EXTENSION_USED_UP' }
  const furthest: Terms[] = []
  for (const terms of current) {
    const norm = find(norms, terms.norm)
    if (norm === undefined) return { outcome: 'refused', code: 'NORM_UNKNOWN' }
    furthest.push({ ...terms, within: norm.extension?.until ?? norm.within })
  }
  const extended = earliest({ ...deadline, calendar }, furthest)
  if (extended === null || extended.due <= deadline.due) return { outcome: 'refused', code: 'EXTENSION_LIMITED' }
  return { outcome: 'extended', deadline: extended, approver: ruling.extension.approver }
}

/** The same norms, the same start and periods, by another calendar: what a provisional deadline becomes. */
export function recomputeDeadline(deadline: Deadline, calendar: Calendar): Deadline {
  return earliest({ ...deadline, calendar }, termsOf(deadline)) ?? deadline
}

/** What counting for one norm takes. */
interface Terms {
  norm: NormReference
  within: Duration
  endsAt: DayEnd
  closeOfBusinessMinutes: number | undefined
}

interface Counted {
  terms: Terms
  period: ExplainedPeriod
}

interface Frame {
  purpose: DeadlinePurpose
  startedAt: string
  retrospective: boolean
  calendar: Calendar
}

function earliest(
  { purpose, startedAt, retrospective, calendar }: Frame,
  candidates: readonly Terms[],
): Deadline | null {
  const counted = candidates
    .map((terms) => ({ terms, period: explainPeriod({ startedAt, calendar, ...terms }) }))
    .sort(byDueThenLayer)
  const [ruling, ...others] = counted
  if (ruling === undefined) return null
  return {
    purpose,
    startedAt,
    due: ruling.period.due,
    norm: ruling.terms.norm,
    within: ruling.terms.within,
    endsAt: ruling.terms.endsAt,
    calendarVersion: calendar.version,
    provisional: isProvisional(ruling.period, counted, calendar),
    retrospective,
    days: ruling.period.days,
    others: others.slice(0, OTHERS_MAX).map(({ terms, period }) => ({
      norm: terms.norm,
      within: terms.within,
      endsAt: terms.endsAt,
      due: period.due,
    })),
  }
}

/**
 * A notice still to come could move the due day, or make another norm the earlier: either takes an unknown day up to the
 * due day, for what comes after it cannot bring another norm's due before it.
 */
function isProvisional(ruling: ExplainedPeriod, counted: readonly Counted[], calendar: Calendar): boolean {
  return (
    counted.some(({ period }) => period.provisional) &&
    ruling.days.slice(1).some(({ date }) => !dayOf(calendar, date).known)
  )
}

/** The terms that a deadline and its others were counted by; the closing time is what their due says. */
function termsOf(deadline: Deadline): Terms[] {
  return [deadline, ...deadline.others].map(({ norm, within, endsAt, due }) => ({
    norm,
    within,
    endsAt,
    closeOfBusinessMinutes: endsAt === 'close-of-business' ? minutesIntoDay(due) : undefined,
  }))
}

function minutesIntoDay(instant: string): number {
  const milliseconds = millisecondsOf(instant)
  return (milliseconds - startOfShanghaiDay(shanghaiDay(milliseconds))) / MINUTE_MS
}

function referenceTo({ id, version, layer, title }: Norm): NormReference {
  return { id, version, layer, title }
}

function find(norms: readonly Norm[], { id, version }: NormReference): Norm | undefined {
  return norms.find((norm) => norm.id === id && norm.version === version)
}

/** The earliest due first; of equally early ones the stronger layer, then by id, so that the same question has one answer. */
function byDueThenLayer(a: Counted, b: Counted): number {
  return (
    compare(a.period.due, b.period.due) ||
    normLayer.options.indexOf(a.terms.norm.layer) - normLayer.options.indexOf(b.terms.norm.layer) ||
    compare(a.terms.norm.id, b.terms.norm.id)
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
