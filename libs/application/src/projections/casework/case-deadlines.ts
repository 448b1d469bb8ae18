import type { Deadline } from '#calendar'
import type { RecordedCaseEvent } from '../../recorded.ts'
import type { AnswerDeadline, CaseDocument } from './case-document.ts'

/** What a case owes by when, as lists and counts need it. */
export function foldDeadlines(document: CaseDocument, event: RecordedCaseEvent): CaseDocument {
  const { type, data } = event
  switch (type) {
    case 'DeadlineSet': {
      const { deadlineId: id, purpose, due, deadline } = data
      const next = { ...document, openDeadlines: [...document.openDeadlines, { id, purpose, due }] }
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
      const openDeadlines = document.openDeadlines.map((open) =>
        open.id === data.deadlineId ? { ...open, due: data.due } : open,
      )
      return onAnswer({ ...document, openDeadlines }, data.deadlineId, (deadline) => ({
        ...deadline,
        due: data.due,
        ...(type === 'DeadlineResumed' && { state: 'open' }),
        ...(type === 'DeadlineRecomputed' && explained(data.deadline)),
      }))
    }
    case 'DeadlineSuspended':
      return onAnswer(document, data.deadlineId, (deadline) => ({ ...deadline, state: 'suspended' }))
    case 'DeadlineMet':
    case 'DeadlineMissed':
    case 'DeadlineLapsed': {
      const openDeadlines = document.openDeadlines.filter(({ id }) => id !== data.deadlineId)
      return onAnswer({ ...document, openDeadlines }, data.deadlineId, (deadline) => ({
        ...deadline,
        state: endings[type],
      }))
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
