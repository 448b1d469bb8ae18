export { Application } from './application.ts'
export type { PolicyCheckpoints } from './application.ts'
export { ApplicationModule } from './application.module.ts'
export { catalog } from './catalog.ts'
export type { Change, ChangeKind } from './changes/change.ts'
export { ChangeFeed } from './changes/change-feed.ts'
export type { ShownChanges } from './changes/change-feed.ts'
export { instantAt, systemClock } from './clock.ts'
export type { Clock } from './clock.ts'
export type { CommandRow } from './commands/aggregate.ts'
export { sentSchemaOf } from './commands/sent.ts'
export { commandOf } from './commands/cqrs.ts'
export { commandTable } from './commands/table.ts'
export type { CommandOutcome, CommandRequest } from './commands/request.ts'
export { CITIZEN_FILE_BYTES_MAX, Files, ORPHAN_AGE_MS, STAFF_FILE_BYTES_MAX } from './files/files.ts'
export type { OpenFileOptions, StoreFileOptions } from './files/files.ts'
export type { Download } from './files/download.ts'
export { importRunId } from './imports/import-file.ts'
export type { ImportReport, ImportRequest } from './imports/import-file.ts'
export type { RetryReport } from './imports/retry.ts'
export type { FeedPoll, FeedPoller } from './intake/feeds/feed-poller.ts'
export type { FeedProgress, FeedState } from './intake/feeds/feed-state.ts'
export type { PageFetcher, PageReply } from './intake/page-fetcher.ts'
export type {
  DeliveredItem,
  Rejections,
  WebhookAnswer,
  WebhookIntake,
  WebhookRequest,
} from './intake/webhook-intake.ts'
export type { PolicyRetry } from './policies/policy-runner.ts'
export type { Ports } from './ports.ts'
export type { CaseDocument, CaseStatus } from './projections/casework/case-document.ts'
export type { CommitmentDocument, CommitmentStatus } from './projections/casework/commitment.ts'
export type { ItemDocument } from './projections/casework/item.ts'
export { NONE } from './projections/casework/tally.ts'
export type { WatchDocument } from './projections/watch.ts'
export type { FeedDocument, RefusedRowDocument, RunDocument } from './projections/intake.ts'
export { ProjectorHost } from './projector/projector-host.ts'
export type { Comparison } from './projector/messages.ts'
export { ExplainDeadline } from './queries/explain-deadline.ts'
export { GetWatchList } from './queries/get-watch-list.ts'
export type { WatchAnswer } from './queries/get-watch-list.ts'
export { GetCase } from './queries/get-case.ts'
export type { CaseAnswer } from './queries/get-case.ts'
export { GetImportRun } from './queries/get-import-run.ts'
export { GetSettings } from './queries/get-settings.ts'
export type { SettingsAnswer } from './queries/get-settings.ts'
export { queryHandlers } from './queries/index.ts'
export { ListCases } from './queries/list-cases.ts'
export {
  ListCommitments,
  ListFeeds,
  ListImportRuns,
  ListItems,
  ListRefusedRows,
  ListResponses,
  ListWatchLists,
  ListWorkloads,
} from './queries/lists.ts'
export { overdueDeadlines } from './queries/overdue-deadlines.ts'
export { asQueryRefused, countyRoles, QueryRefused } from './queries/reading.ts'
export type { Asker, ListPage } from './queries/reading.ts'
export type { PageChecker, PageOutcome, PageRequest } from './sentinel/page-checker.ts'
export type { PageLooks } from './sentinel/page-looks.ts'
export { Recurring } from './sentinel/recurring.ts'
export type { RecurringStatus } from './sentinel/recurring.ts'
export type { Failure, TickReport } from './sentinel/report.ts'
export { Sentinel } from './sentinel/sentinel.ts'
export { replayCase } from './queries/replay.ts'
export { ReportCommitments, ReportLedger, ReportReplies, reports } from './queries/reports/index.ts'
export { reportParameters } from './queries/reports/report.ts'
export type { Report, ReportParameters, ReportQuery, ReportRequest } from './queries/reports/report.ts'
export { commitmentWords, fulfilmentWords, publicationWords, responseKindWords } from './queries/reports/words.ts'
export { GetStatistics } from './queries/statistics.ts'
export type { Statistics } from './queries/statistics.ts'
