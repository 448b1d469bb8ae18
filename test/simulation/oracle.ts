import { buildCalendar, dayOf } from '#calendar'
import type { Calendar, HolidayNotice } from '#calendar'
import { evolveCommitment, initialCommitment } from '#domain'
import type { Commitment, CommitmentEvent, WatchEvent } from '#domain'
import type { RecordedEvent } from '#event-store'
import type { Recorded, RecordedCaseEvent, RecordedCommitmentEvent } from '../../libs/application/src/recorded.ts'
import { DEPARTMENTS } from './year.ts'
import type { ToldYear } from './year.ts'

/** What a year must have come to, told from its events and from when time did its part; none of what decided it is asked. */

type Told = RecordedCaseEvent
const DAY_MS = 86_400_000
const SHANGHAI_MS = 8 * 3_600_000
const MORNING_MS = 8.5 * 3_600_000
/** What follows only from time, by whose doing it is. */
const TIME = /^(recount-deadlines|mark-|warn-before-due|remind-overdue|draw-watch-lists|look-at-pages)/

const ms = (instant: string) => Date.parse(instant)
const dayAt = (at: number) => new Date(at + SHANGHAI_MS).toISOString().slice(0, 10)
const startOf = (day: string) => ms(`${day}T00:00:00.000Z`) - SHANGHAI_MS
const before = (day: string) => dayAt(startOf(day) - DAY_MS)

export interface Verdict {
  faults: string[]
  /** How much was looked at, by kind: a year in which little happens proves little. */
  seen: Record<string, number>
}

export function judge({ events, ticksMs }: ToldYear): Verdict {
  const verdict: Verdict = { faults: [], seen: {} }
  const calendar = calendarOf(events)
  const streams = new Map<string, RecordedEvent[]>()
  for (const event of events) streams.set(event.stream, [...(streams.get(event.stream) ?? []), event])
  const time = { ticksMs, calendar, mornings: morningsOf(ticksMs, calendar) }
  for (const [stream, told] of streams) {
    if (stream.startsWith('case-')) judgeCase(told as unknown as Told[], time, verdict)
    if (stream.startsWith('commitment-')) judgeCommitment(told, verdict)
  }
  judgeLists(events, time, verdict)
  return verdict
}

interface Time {
  ticksMs: number[]
  calendar: Calendar
  /** Working days on which time did its part from half past eight on, and when it did. */
  mornings: Map<string, number[]>
}

interface Deadline {
  id: string
  purpose: string
  due: string
  /** When it came to be due then. */
  sinceMs: number
  suspended: boolean
  ends: string[]
  missedMs: number | null
  inHours: boolean
  startedAt: string
  /** Each due moment, with whether it was warned of, and how long it held undisturbed. */
  rounds: { due: string; sinceMs: number; untilMs: number; warnings: number; suspended: boolean }[]
  overdueOn: string[]
}

function judgeCase(told: readonly Told[], time: Time, verdict: Verdict): void {
  const opened = told.find(({ type }) => type === 'CaseOpened')
  if (opened?.type !== 'CaseOpened') return
  const fault = (what: string) => verdict.faults.push(`${opened.stream}: ${what}`)
  if (opened.data.origin === 'history') {
    note(verdict, 'history')
    for (const { type, metadata } of told) {
      if ('policy' in metadata.actor && TIME.test(metadata.actor.policy)) fault(`${type} of imported history`)
    }
    return
  }
  const deadlines = new Map<string, Deadline>()
  for (const event of told) follow(deadlines, event, time, fault)
  const answeredMs = firstMs(told, isFinalAnswer)
  const endedMs = firstMs(told, ({ type }) => /^(CaseNotAccepted|CaseTransferred|CompletionApproved)$/.test(type))
  const isSimple = !told.some(({ type }) => type === 'CaseReopened')
  for (const deadline of deadlines.values()) {
    const { id, purpose, ends, suspended, missedMs } = deadline
    note(verdict, ends[0] ?? (suspended ? 'suspended' : 'open'))
    if (ends.length > 1) fault(`deadline ${id} (${purpose}) ended ${ends.join(', ')}`)
    if (ends.length === 0 && !suspended) fault(`deadline ${id} (${purpose}) never ended`)
    if (purpose !== 'final-answer' || !isSimple) continue
    const goneMs = Math.min(answeredMs ?? Infinity, endedMs ?? Infinity)
    for (const round of deadline.rounds) judgeWarning(round, deadline, goneMs, time, fault, verdict)
    if (missedMs !== null) judgeReminders(deadline.overdueOn, missedMs, goneMs, time, fault, verdict)
  }
}

/** One step of the life of the deadlines of a case. */
function follow(deadlines: Map<string, Deadline>, event: Told, { ticksMs }: Time, fault: (what: string) => void): void {
  const { type, data } = event
  const at = ms(event.metadata.recordedAt)
  const known = 'deadlineId' in data ? deadlines.get(data.deadlineId ?? '') : undefined
  const begin = (deadline: Deadline, due: string) => {
    deadline.rounds.push({ due, sinceMs: at, untilMs: Infinity, warnings: 0, suspended: false })
  }
  switch (type) {
    case 'DeadlineSet': {
      const { deadlineId: id, purpose, due, startedAt, deadline } = data
      const inHours = deadline?.within.unit === 'hours'
      const fresh = { id, purpose, due, sinceMs: at, suspended: false, ends: [], missedMs: null, inHours, startedAt }
      deadlines.set(id, { ...fresh, rounds: [], overdueOn: [] })
      begin(deadlines.get(id)!, due)
      return
    }
    case 'DeadlineExtended':
    case 'DeadlineRecomputed':
    case 'DeadlineResumed':
      if (known === undefined) return
      known.suspended = false
      if (known.due === data.due) return
      known.rounds.at(-1)!.untilMs = at
      Object.assign(known, { due: data.due, sinceMs: at })
      return begin(known, data.due)
    case 'DeadlineSuspended':
      if (known === undefined) return
      known.suspended = true
      known.rounds.at(-1)!.suspended = true
      return
    case 'DeadlineMet':
    case 'DeadlineLapsed':
    case 'DeadlineMissed': {
      if (known === undefined) return
      known.ends.push(type)
      known.rounds.at(-1)!.untilMs = at
      const byTime = 'policy' in event.metadata.actor && event.metadata.actor.policy === 'mark-missed'
      if (type === 'DeadlineMissed' && data.doneAt === null) known.missedMs = at
      if (!byTime) return
      const first = ticksMs.find((tick) => tick > ms(known.due) && tick >= known.sinceMs)
      if (first !== at) fault(`${type} of ${known.purpose} due ${known.due} written at ${event.metadata.recordedAt}`)
      return
    }
    case 'CaseReminded':
      if (known === undefined) return
      if (data.cause === 'overdue') known.overdueOn.push(data.day)
      if (data.cause !== 'before-due') return
      known.rounds.at(-1)!.warnings += 1
      if (at > ms(known.due)) fault(`warned at ${event.metadata.recordedAt} of what was due ${known.due}`)
      if (known.rounds.at(-1)!.warnings > 1) fault(`warned twice of ${known.purpose} due ${known.due}`)
  }
}

/** Counted in days, a due moment is warned of where time did its part between the last working morning before it and its end. */
function judgeWarning(
  round: Deadline['rounds'][number],
  { inHours, startedAt }: Deadline,
  goneMs: number,
  { ticksMs, calendar }: Time,
  fault: (what: string) => void,
  verdict: Verdict,
): void {
  // The notice of the next year moves what it moves in the last days of this one.
  if (inHours || round.suspended || round.due > '2026-12-15') return
  let day = before(dayAt(ms(round.due)))
  while (!dayOf(calendar, day).working) day = before(day)
  if (day <= dayAt(ms(startedAt))) return
  const fromMs = Math.max(startOf(day) + MORNING_MS, round.sinceMs)
  // The due moment itself is in time; what people did came before time did its part.
  const untilMs = Math.min(ms(round.due) + 1, round.untilMs, goneMs)
  const isSeen = ticksMs.some((tick) => tick >= fromMs && tick < untilMs)
  note(verdict, isSeen ? 'warned' : 'not warned')
  if (round.warnings !== (isSeen ? 1 : 0)) fault(`${round.warnings} warnings of what was due ${round.due}`)
}

function judgeReminders(
  days: readonly string[],
  missedMs: number,
  goneMs: number,
  { mornings }: Time,
  fault: (what: string) => void,
  verdict: Verdict,
): void {
  const wanted = [...mornings].flatMap(([day, ticks]) =>
    ticks.some((tick) => tick >= missedMs && tick < goneMs) ? [day] : [],
  )
  note(verdict, 'reminders', wanted.length)
  if (days.join() !== wanted.join())
    fault(`reminded on ${days.length} days, not on the ${wanted.length} it was overdue`)
}

function judgeCommitment(told: readonly RecordedEvent[], verdict: Verdict): void {
  const fault = (what: string) => verdict.faults.push(`${told[0]!.stream}: ${what}`)
  const events = told as unknown as RecordedCommitmentEvent[]
  const state = events.reduce<Commitment>(evolveCommitment, initialCommitment)
  if (state.status === 'none') return
  const byTime = events.filter(({ metadata }) => 'policy' in metadata.actor && TIME.test(metadata.actor.policy))
  if (state.origin === 'history') {
    note(verdict, 'history')
    for (const { type } of byTime) fault(`${type} of imported history`)
    return
  }
  once(events, fault)
  for (const { type, data, metadata } of events) {
    note(verdict, type)
    if (type === 'CommitmentOverdue' && data.due >= dayAt(ms(metadata.recordedAt)))
      fault(`overdue on ${data.due} itself`)
  }
  // Long after the last that anybody did, time has said of everything still open what there was to say.
  if (state.look !== null && !state.look.over) fault('a page still waits to be looked at')
  if (state.status !== 'open') return
  if (state.stalledSince !== state.lastMovementAt) fault('stands still, and nobody says so')
  const isDone =
    state.fulfilment.status === 'reported' ||
    (state.fulfilment.status === 'verified' && state.fulfilment.degree === 'complete')
  if (state.due.kind === 'date' && !isDone && state.overdue['due-date'] !== state.due.date)
    fault('overdue, and nobody says so')
}

/** What time says of a promise, it says once of each matter. */
function once(events: readonly RecordedCommitmentEvent[], fault: (what: string) => void): void {
  const said = new Set<string>()
  for (const { type, data } of events) {
    const matter = matterOf({ type, data } as CommitmentEvent)
    if (matter === null) continue
    if (said.has(matter)) fault(`twice: ${matter}`)
    said.add(matter)
  }
}

function matterOf({ type, data }: CommitmentEvent): string | null {
  switch (type) {
    case 'CommitmentOverdue':
      return `overdue ${data.matter} ${data.due}`
    case 'CommitmentStalled':
      return `stalled ${data.lastMovementAt}`
    case 'PublicationVerified':
    case 'PublicationRejected':
      return `report ${data.report} judged`
    case 'PageCheckDeferred':
      return `attempt ${data.attempt} ${JSON.stringify(data.look)}`
    case 'PageCheckLeft':
      return `left ${JSON.stringify(data.look)}`
    case 'PageSeenAgain':
    case 'RecheckFailed':
      return `recheck ${data.recheck}`
    default:
      return null
  }
}

/** A list for each department on each working morning on which time did its part, and a reminder for each such week. */
function judgeLists(events: readonly RecordedEvent[], { mornings, calendar }: Time, verdict: Verdict): void {
  const told = { WatchListDrawn: [] as string[], WeeklyReminderGiven: [] as string[] }
  for (const event of events.filter(({ stream }) => stream.startsWith('watch-'))) {
    const { type, data } = event as unknown as Recorded<WatchEvent>
    told[type].push(`${data.department} ${type === 'WatchListDrawn' ? data.date : data.from}`)
  }
  const days = [...mornings.keys()]
  const weeks = [...new Set(days.map((day) => firstWorkingOf(day, calendar)))]
  const expected = (days: readonly string[]) =>
    DEPARTMENTS.flatMap((department) => days.map((day) => `${department} ${day}`))
  const wanted = { WatchListDrawn: expected(days), WeeklyReminderGiven: expected(weeks) }
  for (const type of ['WatchListDrawn', 'WeeklyReminderGiven'] as const) {
    note(verdict, type, told[type].length)
    if (told[type].toSorted().join() === wanted[type].toSorted().join()) continue
    verdict.faults.push(`${type}: ${told[type].length} instead of ${wanted[type].length}`)
  }
}

function firstWorkingOf(day: string, calendar: Calendar): string {
  const weekday = (new Date(startOf(day) + SHANGHAI_MS).getUTCDay() + 6) % 7
  let first = dayAt(startOf(day) - weekday * DAY_MS)
  while (!dayOf(calendar, first).working) first = dayAt(startOf(first) + DAY_MS)
  return first
}

function morningsOf(ticksMs: readonly number[], calendar: Calendar): Map<string, number[]> {
  const mornings = new Map<string, number[]>()
  for (const tick of ticksMs) {
    const day = dayAt(tick)
    if (!dayOf(calendar, day).working || tick < startOf(day) + MORNING_MS) continue
    mornings.set(day, [...(mornings.get(day) ?? []), tick])
  }
  return mornings
}

function calendarOf(events: readonly RecordedEvent[]): Calendar {
  return buildCalendar(
    events
      .filter(({ type }) => type === 'HolidaysAnnounced')
      .map(({ data }) => data['notice'] as unknown as HolidayNotice),
  )
}

function isFinalAnswer({ type, data }: Told): boolean {
  return (
    (type === 'ResponsePublished' && data.content.kind === 'final') ||
    (type === 'AnsweredByLead' && data.kind === 'final')
  )
}

function firstMs(told: readonly Told[], is: (event: Told) => boolean): number | null {
  const found = told.find(is)
  return found === undefined ? null : ms(found.metadata.recordedAt)
}

function note({ seen }: Verdict, kind: string, count = 1): void {
  seen[kind] = (seen[kind] ?? 0) + count
}
