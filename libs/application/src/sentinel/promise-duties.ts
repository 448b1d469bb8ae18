import { dayAt, daysAfter } from '#domain'
import { endOfBusinessDay, startOfBusinessDay } from '../business-day.ts'
import type { Duty } from './duty.ts'

/** What time does about promises. Rechecks need no duty: settling a promise schedules its recheck in the same append. */

/** A date promised, a review or a rectification whose day has passed. */
export const markOverdue: Duty = {
  name: 'mark-overdue',
  next: ['mark-overdue'],
  due: ({ day }) => [{ lt: day }],
  command: (entry) =>
    entry.about === 'day'
      ? {
          command: 'MarkOverdue',
          target: entry.subject,
          payload: { matter: entry.matter },
          about: `${entry.matter} ${entry.due}`,
        }
      : null,
  // It was reported, revised or ended meanwhile.
  expectedRefusals: new Set(['NOT_OVERDUE', 'COMMITMENT_NOT_OPEN']),
  later: {
    after: ({ day }) => ({ gte: day }),
    when: ({ due }) => startOfBusinessDay(daysAfter(due, 1)),
  },
}

/** 停滞: nothing moved on either side for the days that the county has set. */
export const markStalled: Duty = {
  name: 'mark-stalled',
  next: ['mark-stalled'],
  due: (moment) => [{ lte: movedUntil(moment) }],
  command: ({ subject, due }) => ({ command: 'MarkStalled', target: subject, payload: {}, about: `stalled ${due}` }),
  expectedRefusals: new Set(['NOT_STALLED', 'COMMITMENT_NOT_OPEN']),
  later: {
    after: (moment) => ({ gt: movedUntil(moment) }),
    when: ({ due }, { settings }) => startOfBusinessDay(daysAfter(dayAt(due), settings.limits.stalledAfterDays)),
  },
}

/** What last moved by then has stood still for long enough. */
function movedUntil({ day, settings }: Parameters<Duty['due']>[0]): string {
  return endOfBusinessDay(daysAfter(day, -settings.limits.stalledAfterDays))
}
