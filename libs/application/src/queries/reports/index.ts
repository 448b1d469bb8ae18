import { commitments } from './commitments.ts'
import { ledger } from './ledger.ts'
import { replies } from './replies.ts'
import type { ReportQuery } from './report.ts'

/** Every report there is, by the name under which the terminal and HTTP offer it. */
export const reports: ReadonlyMap<string, ReportQuery> = new Map(
  [ledger, replies, commitments].map((report) => [report.name, report]),
)

export const ReportLedger = ledger.query
export const ReportReplies = replies.query
export const ReportCommitments = commitments.query

export const reportHandlers = [ledger, replies, commitments].map(({ handler }) => handler)
