import { hourlyWarningsUntil, warningsUntil, warnsAt } from './moment.ts'
import type { Moment } from './moment.ts'
import type { Consequence } from '../policies/policy.ts'
import { RUNNING } from '../projections/casework/agenda.ts'
import type { AgendaDocument, AgendaStep } from '../projections/casework/agenda.ts'
import type { OpenDeadline } from '../projections/casework/case-document.ts'
import type { Duty } from './duty.ts'

/** What time does about the deadlines of cases. */

/** A notice has come: what was counted by another calendar, and may be moved by a notice at all, is counted anew. */
export const recountDeadlines: Duty = {
  name: 'recount-deadlines',
  next: ['recount'],
  due: ({ settings }) => [{ lt: settings.calendar.version }, { gt: settings.calendar.version }],
  command: ({ subject }, { settings }) => ({
    command: 'RecomputeDeadlines',
    target: subject,
    payload: {},
    about: settings.calendar.version,
  }),
  expectedRefusals: new Set(),
  later: null,
}

/** 逾期: written once it has passed; the time to hand back only lapses. */
export const markMissed: Duty = {
  name: 'mark-missed',
  next: RUNNING,
  due: ({ now }) => [{ lt: now }],
  command: (entry) =>
    onDeadline(entry, ({ id: deadlineId }) => ({
      command: 'MarkDeadlineMissed',
      target: entry.subject,
      payload: { deadlineId },
    })),
  // It was extended meanwhile.
  expectedRefusals: new Set(['DEADLINE_NOT_PASSED']),
  later: {
    after: ({ now }) => ({ gte: now }),
    // The due moment itself is still in time.
    when: ({ due }) => new Date(Date.parse(due) + 1).toISOString(),
  },
}

/** 逾期预警: once for each due moment, and only before it. */
export const warn: Duty = warning('warn', warningsUntil)
export const warnByHour: Duty = warning('warn-by-hour', hourlyWarningsUntil)

function warning(next: AgendaStep, until: (moment: Moment) => string): Duty {
  return {
    name: 'warn-before-due',
    next: [next],
    due: (moment) => [{ gte: moment.now, lte: until(moment) }],
    command: (entry, { now, settings }) =>
      onDeadline(entry, (deadline) => {
        if (warnsAt(deadline, settings) > now) return null
        return reminder(entry, deadline.id, 'before-due', deadline.due)
      }),
    expectedRefusals: new Set(['CASE_CLOSED']),
    later: {
      after: ({ now }) => ({ gte: now }),
      when: (entry, { settings }) => (entry.about === 'deadline' ? warnsAt(entry.deadline, settings) : entry.due),
    },
  }
}

/** 催办 of what is overdue and still to be done, once a working day. */
export const remindOverdue: Duty = {
  name: 'remind-overdue',
  next: ['remind'],
  due: ({ watchDay }) => (watchDay === null ? [] : [{ lt: watchDay }]),
  command: (entry, { day }) => onDeadline(entry, ({ id }) => reminder(entry, id, 'overdue', day)),
  expectedRefusals: new Set(['CASE_CLOSED']),
  later: null,
}

function onDeadline(
  entry: AgendaDocument,
  command: (deadline: OpenDeadline) => Consequence | null,
): Consequence | null {
  return entry.about === 'deadline' ? command(entry.deadline) : null
}

function reminder(
  { subject }: AgendaDocument,
  deadlineId: string,
  cause: 'before-due' | 'overdue',
  of: string,
): Consequence {
  return {
    command: 'RemindCase',
    target: subject,
    payload: { cause, deadlineId, note: null },
    about: `${cause} ${deadlineId} ${of}`,
  }
}
