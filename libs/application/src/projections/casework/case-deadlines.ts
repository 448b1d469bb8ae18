import type { RecordedCaseEvent } from '../../recorded.ts'
import type { CaseDocument, OpenDeadline } from './case-document.ts'
import { isTakenOverBy } from './case-duties.ts'
import { causeOf } from './cause.ts'

/** What a case owes by when, as lists, counts and the clock need it. */
export function foldDeadlines(document: CaseDocument, event: RecordedCaseEvent): CaseDocument {
  const { type, data } = event
  switch (type) {
    case 'DeadlineSet': {
      const missedDeadlines = document.missedDeadlines.filter((missed) => !isTakenOverBy(data.purpose, missed))
      const openDeadlines = [...document.openDeadlines, opened(event)]
      const next = { ...document, openDeadlines, missedDeadlines }
      // The first answer that was owed is what the counts are about; later rounds have deadlines of their own.
      if (data.purpose !== 'final-answer' || document.final?.state === 'met' || document.final?.state === 'missed') {
        return next
      }
      const norm = data.deadline?.norm.id ?? null
      const provisional = data.deadline?.provisional ?? false
      return { ...next, final: { id: data.deadlineId, norm, due: data.due, state: 'open', provisional } }
    }
    case 'DeadlineExtended':
    case 'DeadlineResumed':
    case 'DeadlineRecomputed': {
      const counted = type === 'DeadlineResumed' ? {} : countedAs(data.deadline)
      const cause = causeOf(event)
      const next = changed(document, data.deadlineId, (open) => ({
        ...open,
        ...counted,
        due: data.due,
        // Of the new due moment nobody was warned.
        warned: open.warned && open.due === data.due,
        suspended: type === 'DeadlineResumed' ? false : open.suspended,
        cause,
      }))
      if (document.final?.id !== data.deadlineId) return next
      const recomputed =
        type === 'DeadlineRecomputed' ? { norm: data.deadline.norm.id, provisional: data.deadline.provisional } : {}
      return { ...next, final: { ...document.final, ...recomputed, due: data.due } }
    }
    case 'DeadlineSuspended':
      return changed(document, data.deadlineId, (open) => ({ ...open, suspended: true }))
    case 'CaseReminded': {
      const { cause, deadlineId, day } = data
      if (cause === 'before-due') return changed(document, deadlineId, (open) => ({ ...open, warned: true }))
      return cause === 'overdue' ? changed(document, deadlineId, (open) => ({ ...open, remindedOn: day })) : document
    }
    case 'DeadlineMet':
    case 'DeadlineMissed':
    case 'DeadlineLapsed': {
      const missed = document.openDeadlines.find(({ id }) => id === data.deadlineId)
      const isLeft = type === 'DeadlineMissed' && data.doneAt === null && missed !== undefined
      const next = {
        ...document,
        openDeadlines: document.openDeadlines.filter(({ id }) => id !== data.deadlineId),
        missedDeadlines: isLeft
          ? [...document.missedDeadlines, { ...missed, countedBy: null, cause: causeOf(event) }]
          : document.missedDeadlines,
      }
      if (document.final?.id !== data.deadlineId || type === 'DeadlineLapsed') return next
      return { ...next, final: { ...document.final, state: type === 'DeadlineMet' ? 'met' : 'missed' } }
    }
    default:
      return document
  }
}

type Set = Extract<RecordedCaseEvent, { type: 'DeadlineSet' }>

function opened(event: Set): OpenDeadline {
  const { deadlineId: id, purpose, reference, startedAt, due, deadline } = event.data
  return {
    id,
    purpose,
    reference,
    startedAt,
    due,
    ...countedAs(deadline),
    suspended: false,
    warned: false,
    remindedOn: '',
    cause: causeOf(event),
  }
}

/** A deadline that a person set was counted by no calendar. */
function countedAs(deadline: Set['data']['deadline']): Pick<OpenDeadline, 'inHours' | 'countedBy'> {
  return {
    inHours: deadline?.within.unit === 'hours',
    countedBy: deadline?.provisional === true ? deadline.calendarVersion : null,
  }
}

/** Changes a deadline wherever it stands. */
function changed(
  document: CaseDocument,
  deadlineId: string | null,
  change: (deadline: OpenDeadline) => OpenDeadline,
): CaseDocument {
  const each = (deadline: OpenDeadline) => (deadline.id === deadlineId ? change(deadline) : deadline)
  return {
    ...document,
    openDeadlines: document.openDeadlines.map(each),
    missedDeadlines: document.missedDeadlines.map(each),
  }
}
