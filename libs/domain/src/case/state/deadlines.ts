import type { Deadline, DeadlinePurpose } from '#calendar'
import type { EventsOf } from '../../kernel/events.ts'
import type { deadlineEventFormats } from '../events/deadlines.ts'

export interface CaseDeadline {
  id: string
  purpose: DeadlinePurpose
  reference: string | null
  startedAt: string
  /** What holds: extended, recomputed, moved by suspensions. */
  due: string
  deadline: Deadline | null
  status: 'open' | 'suspended' | 'met' | 'missed' | 'lapsed'
  /** When it was met, or what it was for was done late; null while neither. */
  doneAt: string | null
  extensions: number
  suspendedAt: string | null
  suspendedForMs: number
  /** Whether somebody was warned of the due moment that holds. */
  warned: boolean
}

type DeadlineEvent = EventsOf<typeof deadlineEventFormats>

export function evolveDeadlines(deadlines: readonly CaseDeadline[], event: DeadlineEvent): readonly CaseDeadline[] {
  if (event.type === 'DeadlineSet') {
    const { deadlineId: id, purpose, reference, startedAt, due, deadline } = event.data
    return [
      ...deadlines,
      {
        id,
        purpose,
        reference,
        startedAt,
        due,
        deadline,
        status: 'open',
        doneAt: null,
        extensions: 0,
        suspendedAt: null,
        suspendedForMs: 0,
        warned: false,
      },
    ]
  }
  return deadlines.map((deadline) => (deadline.id === event.data.deadlineId ? changed(deadline, event) : deadline))
}

/** Who was reminded before it is due has been warned. */
export function warned(
  deadlines: readonly CaseDeadline[],
  { cause, deadlineId }: { cause: string; deadlineId: string | null },
): readonly CaseDeadline[] {
  if (cause !== 'before-due') return deadlines
  return deadlines.map((deadline) => (deadline.id === deadlineId ? { ...deadline, warned: true } : deadline))
}

/** A due moment that moved is one that nobody was warned of. */
function changed(state: CaseDeadline, event: Exclude<DeadlineEvent, { type: 'DeadlineSet' }>): CaseDeadline {
  const next = change(state, event)
  return next.due === state.due ? next : { ...next, warned: false }
}

function change(state: CaseDeadline, event: Exclude<DeadlineEvent, { type: 'DeadlineSet' }>): CaseDeadline {
  switch (event.type) {
    case 'DeadlineExtended':
      return { ...state, due: event.data.due, deadline: event.data.deadline, extensions: state.extensions + 1 }
    case 'DeadlineRecomputed':
      return { ...state, due: event.data.due, deadline: event.data.deadline }
    case 'DeadlineSuspended':
      return { ...state, status: 'suspended', suspendedAt: event.data.at }
    case 'DeadlineResumed':
      return {
        ...state,
        status: 'open',
        suspendedAt: null,
        due: event.data.due,
        suspendedForMs: event.data.suspendedForMs,
      }
    case 'DeadlineMet':
      return { ...state, status: 'met', doneAt: event.data.at }
    case 'DeadlineMissed':
      return { ...state, status: 'missed', doneAt: event.data.doneAt }
    case 'DeadlineLapsed':
      return { ...state, status: 'lapsed' }
  }
}
