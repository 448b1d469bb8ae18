import { markOverdue, markStalled, reviewCommitment, reviseDueDate } from './decisions/due.ts'
import {
  orderRectification,
  reachMilestone,
  rejectFulfilment,
  reportFulfilment,
  reportProgress,
  verifyFulfilment,
} from './decisions/fulfilment.ts'
import {
  affirmCommitment,
  breakCommitment,
  makeCommitment,
  supersedeCommitment,
  withdrawCommitment,
} from './decisions/making.ts'
import { deferPageCheck, leavePageCheck, seePageAgain } from './decisions/page-checks.ts'
import { exemptPublication, rejectPublication, reportPublication, verifyPublication } from './decisions/publication.ts'
import { failRecheck, informAskers, passRecheck, scheduleRecheck, settleCommitment } from './decisions/settling.ts'

/** Everything that can be asked of a promise. */
export const commitmentCommands = {
  MakeCommitment: makeCommitment,
  AffirmCommitment: affirmCommitment,
  SupersedeCommitment: supersedeCommitment,
  BreakCommitment: breakCommitment,
  WithdrawCommitment: withdrawCommitment,
  ReviseDueDate: reviseDueDate,
  ReviewCommitment: reviewCommitment,
  MarkOverdue: markOverdue,
  MarkStalled: markStalled,
  ReportProgress: reportProgress,
  ReachMilestone: reachMilestone,
  ReportFulfilment: reportFulfilment,
  VerifyFulfilment: verifyFulfilment,
  RejectFulfilment: rejectFulfilment,
  OrderRectification: orderRectification,
  ReportPublication: reportPublication,
  VerifyPublication: verifyPublication,
  RejectPublication: rejectPublication,
  ExemptPublication: exemptPublication,
  DeferPageCheck: deferPageCheck,
  LeavePageCheck: leavePageCheck,
  SeePageAgain: seePageAgain,
  SettleCommitment: settleCommitment,
  ScheduleRecheck: scheduleRecheck,
  PassRecheck: passRecheck,
  FailRecheck: failRecheck,
  InformAskers: informAskers,
}
