import type { ErrorTable } from '../kernel/errors.ts'

/** Why something asked of a promise is refused. */
export const commitmentRefusals = {
  COMMITMENT_NOT_OPEN: {
    status: 409,
    zh: '该承诺不在办理中（已销号、未兑现、已撤回或已被替代），不能进行此操作。',
    en: 'The promise is not open: it was settled, broken, withdrawn or superseded. Look at its present state first.',
  },
  COMMITMENT_NOT_SETTLED: {
    status: 409,
    zh: '该承诺尚未销号，不能安排或记录回头看。',
    en: 'The promise is not settled, so there is nothing to recheck. Settle it first.',
  },
  SOURCE_NOT_YOURS: {
    status: 403,
    zh: '已公开答复中的承诺由系统自动登记；其他来源的承诺由政务公开办登记。',
    en: 'Promises of published answers are recorded by the system; the coordinator records those of other sources.',
  },
  MILESTONE_TWICE: {
    status: 422,
    zh: '同一节点编号出现两次，请改为不同编号。',
    en: 'Two milestones carry the same id. Give each its own.',
  },
  UNKNOWN_MILESTONE: {
    status: 422,
    zh: '该承诺没有这个节点。',
    en: 'The promise has no such milestone. Name one of those it was made with.',
  },
  NOT_RESPONSIBLE_DEPARTMENT: {
    status: 403,
    zh: '只有责任单位可以报告该承诺的进展和落实情况。',
    en: 'Only the department that answers for the promise reports on it.',
  },
  VERIFIER_NOT_INDEPENDENT: {
    status: 403,
    zh: '责任单位、报告单位的人员和报告人本人不能核查，请由其他单位核查。',
    en: 'Nobody of the responsible or reporting department verifies this, nor who reported it. Ask another department.',
  },
  APPROVER_NOT_INDEPENDENT: {
    status: 403,
    zh: '责任单位不能批准自己的承诺变更，请由其他单位批准。',
    en: 'The responsible department cannot approve a change of its own promise. Ask an approver elsewhere.',
  },
  APPROVER_IS_REQUESTER: {
    status: 403,
    zh: '申请人不能批准自己的申请。',
    en: 'Nobody approves what they asked for themselves. Ask another approver.',
  },
  NOTHING_REPORTED: {
    status: 409,
    zh: '没有待核查的报告。',
    en: 'There is no report to judge. The department must report first.',
  },
  REPORT_CHANGED: {
    status: 409,
    zh: '报告已更新，请查看最新报告后再核查。',
    en: 'Another report has taken the place of the one you judged. Read the newest and judge that.',
  },
  FULFILMENT_ALREADY_VERIFIED: {
    status: 409,
    zh: '落实情况已核查为已落实，无需再报。',
    en: 'Fulfilment is verified as complete already; there is nothing more to report.',
  },
  PUBLICATION_ALREADY_DONE: {
    status: 409,
    zh: '公开情况已核查通过或已依法免予公开，无需再报。',
    en: 'Publication is verified or exempted already; there is nothing more to do on this side.',
  },
  WRONG_SITE: {
    status: 422,
    zh: '该网址不在本县公开平台名单内，请按“发布位置不符”退回。',
    en: 'The page is not on one of the county’s own sites. Reject the report with the fault `wrong-site`.',
  },
  NOTHING_TO_RECTIFY: {
    status: 409,
    zh: '只有核查为部分落实或未落实后才能责令整改。',
    en: 'Rectification is ordered only after a verification that found the promise kept in part or not at all.',
  },
  FULFILMENT_NOT_VERIFIED: {
    status: 409,
    zh: '落实情况尚未核查为已落实，不能销号。',
    en: 'Fulfilment is not verified as complete, so the promise cannot be settled.',
  },
  PUBLICATION_NOT_VERIFIED: {
    status: 409,
    zh: '公开情况尚未核查通过，也未依法免予公开，不能销号。',
    en: 'Publication is neither verified nor exempted, so the promise cannot be settled.',
  },
  DUE_DATE_PASSED: {
    status: 422,
    zh: '期限不能早于今天。',
    en: 'The date lies in the past. Name today or a later day.',
  },
  DUE_DATE_IS_FIXED: {
    status: 409,
    zh: '该承诺有明确期限，不需复核日期；如需变更请申请调整期限。',
    en: 'The promise has a date of its own and needs no review. Revise the due date instead.',
  },
  DATE_IN_FUTURE: {
    status: 422,
    zh: '日期不能晚于今天。',
    en: 'What is reported cannot have happened in the future. Correct the date.',
  },
  NOT_OVERDUE: {
    status: 409,
    zh: '该事项尚未逾期。',
    en: 'It is not overdue: its day has not passed, or it is done or reported.',
  },
  NOT_STALLED: {
    status: 409,
    zh: '该承诺近期有进展，不属于停滞。',
    en: 'It is not stalled: something moved within the configured time.',
  },
  NOT_FOR_HISTORY: {
    status: 409,
    zh: '历史导入的承诺不产生逾期、停滞和自动核查。',
    en: 'A promise from imported history is never marked or checked because time passed.',
  },
  SUPERSEDED_BY_ITSELF: {
    status: 422,
    zh: '承诺不能由其自身替代。',
    en: 'A promise cannot take its own place. Name the newer promise.',
  },
  NO_RECHECK_SCHEDULED: {
    status: 409,
    zh: '没有安排回头看。',
    en: 'No recheck is scheduled. Schedule one first.',
  },
  RECHECK_NOT_CURRENT: {
    status: 409,
    zh: '回头看序号不是当前这一次，请刷新后重试。',
    en: 'That is not the present recheck. Look at the promise again and name the number that is due.',
  },
  POLICY_SEES_ONLY_PAGES: {
    status: 403,
    zh: '自动检查只能判断网页是否公开，不能判断是否落实。',
    en: 'An automatic check sees pages only; whether a promise was kept is for a person to say.',
  },
  NO_PAGE_TO_CHECK: {
    status: 409,
    zh: '没有等待自动检查的网页，或检查对象已变更。',
    en: 'No page of that report or recheck waits to be looked at. Look at the present state of the promise.',
  },
  NOTHING_TO_TELL: {
    status: 409,
    zh: '没有这一次需要告知的事项。',
    en: 'There is no such occasion to tell the askers about.',
  },
} satisfies ErrorTable
