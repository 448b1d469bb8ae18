import type { RecordedCaseEvent } from '../../recorded.ts'
import type { CaseDocument } from './case-document.ts'

/** What a case owes by when, as lists and counts need it. */
export function foldDeadlines(document: CaseDocument, event: RecordedCaseEvent): CaseDocument {
  const { type, data } = event
  switch (type) {
    case 'DeadlineSet': {
      const open = { id: data.deadlineId, purpose: data.purpose, due: data.due }
      const next = { ...document, openDeadlines: [...document.openDeadlines, open] }
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
      const openDeadlines = document.openDeadlines.map((open) =>
        open.id === data.deadlineId ? { ...open, due: data.due } : open,
      )
      if (document.final?.id !== data.deadlineId) return { ...document, openDeadlines }
      const recomputed =
        type === 'DeadlineRecomputed' ? { norm: data.deadline.norm.id, provisional: data.deadline.provisional } : {}
      return { ...document, openDeadlines, final: { ...document.final, ...recomputed, due: data.due } }
    }
    case 'DeadlineMet':
    case 'DeadlineMissed':
    case 'DeadlineLapsed': {
      const openDeadlines = document.openDeadlines.filter(({ id }) => id !== data.deadlineId)
      if (document.final?.id !== data.deadlineId || type === 'DeadlineLapsed') return { ...document, openDeadlines }
      return {
        ...document,
        openDeadlines,
        final: { ...document.final, state: type === 'DeadlineMet' ? 'met' : 'missed' },
      }
    }
    default:
      return document
  }
}
