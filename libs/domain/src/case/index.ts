export { caseCommands } from './commands.ts'
export type { CaseCommandName } from './commands.ts'
export { contentOf } from './decisions/drafting.ts'
export { isOwed, owedBy } from './decisions/owed.ts'
export { FOLLOWERS_MAX, leadFactsOf } from './decisions/joining.ts'
export type { LeadFacts } from './decisions/joining.ts'
export { accusedOf, departmentsHolding, holderOf, PEOPLE_EVENTS_MAX } from './decisions/support.ts'
export { CASE_STREAM_PREFIX, caseEventFormats, caseStream } from './events.ts'
export type { CaseEvent } from './events.ts'
export { ANSWER_PURPOSES, purposesMetBy } from './purposes.ts'
export { caseRefusals } from './refusals.ts'
export { evolveCase, initialCase } from './state.ts'
export type { Case, CaseStatus, OpenedCase, Triage } from './state.ts'
export type { CaseDeadline } from './state/deadlines.ts'
export { followersOf } from './state/joining.ts'
export type { CaseResponse } from './state/responses.ts'
export type {
  Accused,
  CaseKind,
  CaseType,
  Grade,
  MessageType,
  Rating,
  ResponseContent,
  ResponseKind,
  ResponseMeans,
} from './values.ts'
export { messageType, messageTypeWords } from './values.ts'
export { onTheSpotAnswer } from './decisions/on-the-spot.ts'
