import type { Deadline } from '#calendar'
import type { RecordedCaseEvent } from '../../recorded.ts'
import type { AnswerDeadline, CaseDocument, OpenDeadline } from './case-document.ts'
import { isTakenOverBy } from './case-duties.ts'
import { causeOf } from './cause.ts'

/** What a case owes by when, as lists, counts and the clock need it. */
export function foldDeadlines(document: CaseDocument, event: RecordedCaseEvent): CaseDocument {
  const { type, data } = event
  switch (type) {
    case 'DeadlineSet': {
      const { deadlineId: id, purpose, due, deadline } = data
      const missedDeadlines = document.missedDeadlines.filter((missed) => !isTakenOverBy(purpose, missed))
      const next = { ...document, openDeadlines: [...document.openDeadlines, opened(event)], missedDeadlines }
      if (purpose !== 'final-answer' && purpose !== 'answer-again') return next
      const owed: AnswerDeadline = {
        id,
        due,
        state: 'open',
        ...(deadline ? explained(deadline) : { norm: null, provisional: false, retrospective: false }),
      }
      // The first answer that was owed is what the counts are about; later rounds have deadlines of their own.
      const isLater = document.final?.state === 'met' || document.final?.state === 'missed'
      return { ...next, owed, final: purpose === 'final-answer' && !isLater ? owed : document.final }
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
      return onAnswer(next, data.deadlineId, (deadline) => ({
        ...deadline,
        due: data.due,
        ...(type === 'DeadlineResumed' && { state: 'open' }),
        ...(type === 'DeadlineRecomputed' && explained(data.deadline)),
      }))
    }
    case 'DeadlineSuspended': {
      const next = changed(document, data.deadlineId, (open) => ({ ...open, suspended: true }))
      return onAnswer(next, data.deadlineId, (deadline) => ({ ...deadline, state: 'suspended' }))
    }
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
      return onAnswer(next, data.deadlineId, (deadline) => ({ ...deadline, state: endings[type] }))
    }
    default:
      return document
  }
}

const endings = { DeadlineMet: 'met', DeadlineMissed: 'missed', DeadlineLapsed: 'lapsed' } as const

function explained({ norm, provisional, retrospective }: Deadline) {
  return { norm: norm.id, provisional, retrospective }
}

function onAnswer(
  document: CaseDocument,
  id: string,
  change: (deadline: AnswerDeadline) => AnswerDeadline,
): CaseDocument {
  const changed = (deadline: AnswerDeadline | null) => (deadline?.id === id ? change(deadline) : deadline)
  return { ...document, final: changed(document.final), owed: changed(document.owed) }
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
