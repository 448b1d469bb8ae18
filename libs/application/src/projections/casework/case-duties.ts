import { ANSWER_PURPOSES, purposesMetBy } from '#domain'
import type { RecordedCaseEvent } from '../../recorded.ts'
import type { Asked, CaseDocument, OpenDeadline } from './case-document.ts'

/** What has been asked and served on a case: by this it is known whether what a missed deadline was for is still to be done. */
export function foldDuties(document: CaseDocument, event: RecordedCaseEvent): CaseDocument {
  const { type, data } = event
  switch (type) {
    case 'AssistRequested':
      return asked(document, { id: data.assistId, kind: 'assist', department: data.department })
    case 'SupervisionIssued':
      return asked(document, { id: data.supervisionId, kind: 'supervision', department: data.to })
    case 'InstructionReceived':
      return asked(document, { id: data.instructionId, kind: 'instruction', department: null })
    case 'SupplementRequested':
      return asked(document, { id: data.supplementId, kind: 'supplement', department: null })
    case 'AssistReplied':
      return done(document, ({ id }) => id === data.assistId)
    case 'SupervisionAnswered':
      return done(document, ({ id }) => id === data.supervisionId)
    case 'InstructionAnswered':
      return done(document, ({ id }) => id === data.instructionId)
    case 'SupplementReceived':
      return done(document, ({ id }) => id === data.request)
    case 'RoutingWithdrawn':
      return done(
        document,
        ({ kind, department }) => kind === 'assist' && department !== null && data.departments.includes(department),
      )
    case 'ResponsePublished':
      return served(document, purposesMetBy(data.content.kind, data.content.means))
    case 'AnsweredByLead':
    case 'PastResponseRecorded':
      return served(document, purposesMetBy(data.kind, data.means))
    case 'AnsweredOnTheSpot':
      return served(document, purposesMetBy('final', data.means))
    case 'CaseReopened':
      return { ...document, served: document.served.filter((purpose) => !isAnswer(purpose)) }
    default:
      return document
  }
}

/** As the domain's `isOwed` says it of the case's own stream. */
export function isStillOwed(document: CaseDocument, { purpose, reference }: OpenDeadline): boolean {
  switch (purpose) {
    case 'hand-back':
      return false
    case 'sign-for':
      return document.hands === 'routed' && !document.isAnswered
    case 'final-answer':
    case 'answer-again':
      return !document.isAnswered
    case 'acknowledge':
    case 'authoritative-information':
    case 'press-conference':
      return !document.served.includes(purpose)
    default:
      return document.asked.some(({ id }) => id === reference)
  }
}

/** A later round takes over from the missed one before it. */
export function isTakenOverBy(purpose: string, missed: OpenDeadline): boolean {
  return isAnswer(purpose) ? isAnswer(missed.purpose) : purpose === 'sign-for' && missed.purpose === 'sign-for'
}

/**
 * The departments on whose list a deadline stands; nobody's, where it is no obligation. What a case owes that follows
 * another, the other's department does.
 */
export function owingDepartments(document: CaseDocument, deadline: OpenDeadline): string[] {
  if (deadline.purpose === 'hand-back') return []
  const { lead, asked, accused, sharedHolder } = document
  const owing: (string | null)[] = []
  if (deadline.purpose === 'sign-for') owing.push(lead)
  else {
    const request = asked.find(({ id }) => id === deadline.reference)
    owing.push(request?.department ?? holderOf(document))
    if (isAnswer(deadline.purpose)) owing.push(sharedHolder)
  }
  const departments = owing.filter((department) => department !== null && !accused.includes(department))
  return [...new Set(departments as string[])].sort()
}

/** Who works on a case: who signed, or who coordinates until somebody has, or who has to sign. */
export function holderOf({ hands, lead, coordinating }: CaseDocument): string | null {
  return hands === 'signed' ? lead : (coordinating ?? lead)
}

function isAnswer(purpose: string): boolean {
  return ANSWER_PURPOSES.some((answer) => answer === purpose)
}

function asked(document: CaseDocument, request: Asked): CaseDocument {
  return { ...document, asked: [...document.asked, request] }
}

function done(document: CaseDocument, isDone: (request: Asked) => boolean): CaseDocument {
  const left = document.asked.filter((request) => !isDone(request))
  return left.length === document.asked.length ? document : { ...document, asked: left }
}

function served(document: CaseDocument, purposes: readonly string[]): CaseDocument {
  return { ...document, served: [...new Set([...document.served, ...purposes])] }
}
