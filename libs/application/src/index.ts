export { Application } from './application.ts'
export type { PolicyCheckpoints } from './application.ts'
export { ApplicationModule } from './application.module.ts'
export { catalog } from './catalog.ts'
export { instantAt, systemClock } from './clock.ts'
export type { Clock } from './clock.ts'
export { commandOf } from './commands/cqrs.ts'
export { commandTable } from './commands/table.ts'
export type { CommandOutcome, CommandRequest } from './commands/request.ts'
export { CITIZEN_FILE_BYTES_MAX, FileRefused, Files, ORPHAN_AGE_MS, STAFF_FILE_BYTES_MAX } from './files/files.ts'
export type { OpenFileOptions, StoreFileOptions } from './files/files.ts'
export type { Download } from './files/download.ts'
export type { ImportReport } from './imports/import-file.ts'
export type { RetryReport } from './imports/retry.ts'
export type { Ports } from './ports.ts'
export type { CaseDocument, CaseStatus } from './projections/casework/case-document.ts'
export type { CommitmentDocument, CommitmentStatus } from './projections/casework/commitment.ts'
export type { ItemDocument } from './projections/casework/item.ts'
export { NONE } from './projections/casework/tally.ts'
export type { RefusedRowDocument } from './projections/intake.ts'
export { ProjectorHost } from './projector/projector-host.ts'
export type { Comparison } from './projector/messages.ts'
export { ExplainDeadline } from './queries/explain-deadline.ts'
export { GetCase } from './queries/get-case.ts'
export type { CaseAnswer } from './queries/get-case.ts'
export { ListCases } from './queries/list-cases.ts'
export {
  ListCommitments,
  ListImportRuns,
  ListItems,
  ListRefusedRows,
  ListResponses,
  ListWorkloads,
} from './queries/lists.ts'
export { QueryRefused } from './queries/reading.ts'
export type { Asker, ListPage } from './queries/reading.ts'
export { replayCase } from './queries/replay.ts'
export { GetStatistics } from './queries/statistics.ts'
export type { Statistics } from './queries/statistics.ts'
