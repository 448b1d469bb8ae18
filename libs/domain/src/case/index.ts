export { caseEventFormats, caseStream, CASE_STREAM_PREFIX } from './events.ts'
export type { CaseEvent } from './events.ts'
export { evolveCase, initialCase } from './state.ts'
export type { Case, CaseStatus, OpenedCase, Triage } from './state.ts'
export type {
  Accused,
  CaseKind,
  CaseType,
  Grade,
  Rating,
  ResponseContent,
  ResponseKind,
  ResponseMeans,
} from './values.ts'
