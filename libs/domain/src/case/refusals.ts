import type { ErrorTable } from '../kernel/errors.ts'

/** Why something asked of a case is refused, and what to do instead. */
export const caseRefusals = {
  // ── What stands in the way of anything ──
  ACTOR_IS_ACCUSED: {
    status: 403,
    zh: '该举报涉及您或您的单位，您不能办理。',
    en: 'The report accuses you or your department. Others deal with it.',
  },
  CASE_FOLLOWS_ANOTHER: {
    status: 409,
    zh: '该办件已并入另一办件，请在牵头办件上办理，或先解除并案。',
    en: 'The case follows another. Work on that one, or separate this case first.',
  },
  CASE_CLOSED: {
    status: 409,
    zh: '该办件已结束，请先重新办理。',
    en: 'The case is closed. Reopen it first.',
  },
  CASE_ANSWERED: {
    status: 409,
    zh: '该办件已正式答复，如需继续办理请先重新办理。',
    en: 'The case has been answered. Reopen it to work on it again.',
  },
  CASE_NOT_CLOSED: {
    status: 409,
    zh: '该办件仍在办理中，无需重新办理。',
    en: 'The case is still being worked on; there is nothing to reopen.',
  },
  NOT_YOUR_CASE: {
    status: 403,
    zh: '该事项不由您的单位办理。',
    en: 'This is in the hands of another department. Ask it, or ask the coordinator to route the case to you.',
  },
  NOT_INDEPENDENT: {
    status: 403,
    zh: '不能对本单位的事项作出决定，请由其他单位的人员办理。',
    en: 'Nobody decides on what their own department asked or did. Ask another department.',
  },
  APPROVER_IS_PROPOSER: {
    status: 403,
    zh: '提出人不能审批自己提出的事项。',
    en: 'Nobody approves what they proposed themselves. Ask another approver.',
  },
  WRONG_APPROVAL_ROLE: {
    status: 403,
    zh: '此事项应由其他岗位的人员审批。',
    en: 'Another role approves this; the detail names it.',
  },
  DUE_IN_PAST: {
    status: 422,
    zh: '要求的时限已过，请另定时限。',
    en: 'The due time has already passed. Name a later one.',
  },

  // ── Triage and routing ──
  TYPE_NOT_OF_KIND: {
    status: 422,
    zh: '舆情类型只用于舆情事件，留言请选择其他类型。',
    en: 'The type opinion belongs to opinion cases, every other type to messages. Choose another.',
  },
  ACCUSED_ONLY_IN_REPORT: {
    status: 422,
    zh: '只有举报件可以登记被举报人或被举报单位。',
    en: 'Only a case of type report accuses anyone. Choose that type, or leave the accused out.',
  },
  NOT_TRIAGED: {
    status: 409,
    zh: '该办件尚未研判，请先研判。',
    en: 'The case has not been triaged. Triage it first.',
  },
  ROUTE_TO_ACCUSED: {
    status: 422,
    zh: '举报不得交由被举报的单位或人员办理。',
    en: 'A report never reaches those whom it accuses. Choose another department or person.',
  },
  JURISDICTION_REQUIRED: {
    status: 409,
    zh: '该办件多次被退回，须经裁定后方可分办。',
    en: 'The case was handed back too often. Only a jurisdiction decision routes it now.',
  },
  JURISDICTION_BINDS: {
    status: 409,
    zh: '主办单位已经裁定，不得退回或改派，除非另行裁定。',
    en: 'A jurisdiction decision named the lead and binds. Only another such decision changes it.',
  },
  NOT_ROUTED: {
    status: 409,
    zh: '该办件尚未分办。',
    en: 'The case has not been routed to anybody. Route it first.',
  },
  NOT_SIGNED_FOR: {
    status: 409,
    zh: '该办件尚未签收，请先签收。',
    en: 'Nobody has signed for the case. Sign for it first.',
  },
  HAND_BACK_TOO_LATE: {
    status: 409,
    zh: '退回时限已过，请继续办理；确需改派的，请商政务公开办裁定。',
    en: 'The time for handing back has passed. Work on the case, or ask the coordinator for a jurisdiction decision.',
  },
  HAND_BACK_ALREADY_REFUSED: {
    status: 409,
    zh: '本次分办的退回申请已被驳回，请继续办理。',
    en: 'Handing this case back was refused. Work on it.',
  },
  NO_HAND_BACK_OPEN: {
    status: 409,
    zh: '没有这项待处理的退回申请，请刷新后再试。',
    en: 'No such request to hand back is waiting. Look at the present state of the case.',
  },
  ASSIST_FROM_HOLDER: {
    status: 422,
    zh: '不能请承办单位协助自己。',
    en: 'The department that works on the case cannot assist itself. Choose another.',
  },
  ASSIST_UNKNOWN: {
    status: 404,
    zh: '没有这项协办请求。',
    en: 'The case has no such request for assistance.',
  },
  SUPPLEMENT_UNKNOWN: {
    status: 404,
    zh: '没有这项补充材料的请求。',
    en: 'The case has no such request for more material. Name one it has, or none.',
  },

  // ── Joining ──
  JOIN_KINDS_DIFFER: {
    status: 422,
    zh: '留言只能并入留言，舆情事件只能并入舆情事件。',
    en: 'A message joins a message, an opinion case an opinion case. Choose a lead of the same kind.',
  },
  JOIN_ONLY_TO_OLDER: {
    status: 422,
    zh: '只能并入更早的办件，请改为由较晚的一件并入本件。',
    en: 'Cases join an older one. Join the other case to this one instead.',
  },
  LEAD_CLOSED: {
    status: 409,
    zh: '牵头办件已结束，不能并入。',
    en: 'The lead case is closed and will answer nobody. Choose another, or reopen it first.',
  },
  LEAD_FULL: {
    status: 409,
    zh: '牵头办件的并案数已达上限，请另选牵头办件。',
    en: 'As many cases follow the lead as may. Choose another lead.',
  },
  TOO_MANY_ACCUSED: {
    status: 422,
    zh: '该办件及其并案涉及的被举报人过多，不能并入其他办件。',
    en: 'The case and its followers accuse more than a lead can be kept from. Leave it as it is.',
  },
  NOT_FOLLOWING: {
    status: 409,
    zh: '该办件并未并入所述办件。',
    en: 'The case does not follow the case named. Join it first.',
  },
  NOT_AN_OPINION_CASE: {
    status: 422,
    zh: '只有舆情事件归集舆情信息。',
    en: 'Only opinion cases gather items; a message has a case of its own.',
  },

  // ── Responses ──
  RESPONSE_UNKNOWN: {
    status: 404,
    zh: '该办件没有这份答复。',
    en: 'The case has no such response.',
  },
  RESPONSE_KIND_FIXED: {
    status: 422,
    zh: '答复的类别不能更改，请另拟一份。',
    en: 'The kind of a response never changes. Draft another response.',
  },
  RESPONSE_PUBLISHED: {
    status: 409,
    zh: '该答复已公开，如需改动请走更正程序。',
    en: 'The response is published. Correct it instead.',
  },
  RESPONSE_OF_FORMER_HOLDER: {
    status: 409,
    zh: '该答复由原承办单位拟写，现承办单位须另行拟稿。',
    en: 'Another department has the case now. It must draft a response of its own.',
  },
  RESPONSE_TOO_LONG: {
    status: 422,
    zh: '答复连同承诺标记过长，请精简引文，或分为两份答复。',
    en: 'The response with its promise marks is too long. Shorten the quotes, or write two responses.',
  },
  MARK_TWICE: {
    status: 422,
    zh: '两处承诺标记使用了同一编号。',
    en: 'Two promise marks carry the same id. Give each its own.',
  },
  MARK_NOT_IN_TEXT: {
    status: 422,
    zh: '承诺标记引用的原话不在公开文本中，请核对引文。',
    en: 'The words quoted by a promise mark do not occur in the public text. Quote them exactly.',
  },
  PUBLIC_TEXT_MISSING: {
    status: 422,
    zh: '公开发布的答复须有公开文本。',
    en: 'What is made public needs a public text. Write it, with personal data taken out.',
  },
  NO_APPROVAL_POLICY: {
    status: 409,
    zh: '没有适用的审核流程，请管理员先行设置。',
    en: 'No approval policy applies. Ask the administrator to define one.',
  },
  NOT_SUBMITTED: {
    status: 409,
    zh: '该答复尚未送审。',
    en: 'The response has not been submitted. Submit it first.',
  },
  DIGEST_DIFFERS: {
    status: 409,
    zh: '答复内容与您所见的不一致，请重新阅读后再操作。',
    en: 'The text is not the one you read. Read it as it is now, then decide.',
  },
  WRONG_APPROVAL_LEVEL: {
    status: 409,
    zh: '现在不是这一级审批，请刷新后再试。',
    en: 'Another level is next; the detail names it.',
  },
  APPROVER_IS_DRAFTER: {
    status: 403,
    zh: '拟稿人不能审批自己拟写的答复。',
    en: 'Nobody approves what they wrote. Ask another approver.',
  },
  APPROVER_TWICE: {
    status: 403,
    zh: '同一人不能审批两级。',
    en: 'Nobody approves at two levels. Ask another approver.',
  },
  NOT_APPROVED: {
    status: 409,
    zh: '该答复尚未签发，不能公开。',
    en: 'The response has not been approved in exactly this text. Have it approved first.',
  },
  ADDRESS_MISSING: {
    status: 422,
    zh: '请填写公开的网址。',
    en: 'Say at which address it was published.',
  },
  PUBLISHED_IN_FUTURE: {
    status: 422,
    zh: '公开时间不能晚于现在。',
    en: 'The time of publication has not come yet. Publish first, then record it.',
  },
  PUBLISHED_BEFORE_APPROVAL: {
    status: 422,
    zh: '公开时间不能早于签发时间。',
    en: 'The time of publication lies before the approval. Correct the time.',
  },
  NOT_PUBLISHED: {
    status: 409,
    zh: '该答复尚未公开。',
    en: 'The response has not been published.',
  },
  NOT_HISTORY: {
    status: 422,
    zh: '以往答复只能记入导入的历史办件，其余答复须经审核公开。',
    en: 'Past answers belong to imported history. Every other answer is drafted, approved and published here.',
  },
  FEATURE_ONLY_FINAL: {
    status: 422,
    zh: '只有正式答复可以选登。',
    en: 'Only a final answer is featured.',
  },
  FEATURE_REPORT: {
    status: 422,
    zh: '举报件不得选登。',
    en: 'A report is never featured.',
  },
  FEATURE_AGAINST_WISH: {
    status: 422,
    zh: '留言人不希望公开，不得选登。',
    en: 'The asker wished to stay private; the reply is not featured.',
  },

  ON_THE_SPOT_ONLY_CONSULTATION: {
    status: 422,
    zh: '只有不涉及敏感事项的简单咨询可以即时办结，其余须按流程办理。',
    en: 'Only a simple question that touches nothing sensitive is completed on the spot. Have the answer approved.',
  },
  ON_THE_SPOT_NOT_ALLOWED: {
    status: 403,
    zh: '按本县规定，您的岗位或这种方式不能即时办结。',
    en: 'The county’s rule does not let this role, or this means, complete a case on the spot; the detail names it.',
  },
  ON_THE_SPOT_HAS_FOLLOWERS: {
    status: 409,
    zh: '有其他办件并入本件，须以公开答复一并回应。',
    en: 'Other cases follow this one and wait for its published answer. Draft one.',
  },

  // ── Deadlines ──
  DEADLINE_UNKNOWN: {
    status: 404,
    zh: '该办件没有这项时限。',
    en: 'The case has no such deadline.',
  },
  DEADLINE_NOT_OPEN: {
    status: 409,
    zh: '该时限已不在计算中。',
    en: 'The deadline is not running; the detail says what it is.',
  },
  DEADLINE_PASSED: {
    status: 409,
    zh: '该时限已过，不能再延期或暂停。',
    en: 'The deadline has passed and can be neither extended nor suspended.',
  },
  DEADLINE_NOT_PASSED: {
    status: 409,
    zh: '该时限尚未到期。',
    en: 'The deadline has not passed yet.',
  },
  DEADLINE_NOT_EXTENDABLE: {
    status: 409,
    zh: '该时限不得延期。',
    en: 'The norm of this deadline allows no extension.',
  },
  EXTENSION_USED_UP: {
    status: 409,
    zh: '该时限的延期次数已用完。',
    en: 'The deadline was extended as often as its norm allows.',
  },
  EXTENSION_LIMITED: {
    status: 409,
    zh: '另有规定不允许延期至更晚。',
    en: 'Another norm that applies leaves no room for an extension.',
  },
  EXTENSION_NORM_UNKNOWN: {
    status: 409,
    zh: '该时限所依据的规则已不在设置中，不能延期。',
    en: 'The norm that the deadline rests on is not among the settings. Restore it before extending.',
  },

  // ── Completion, supervision ──
  NOT_ANSWERED: {
    status: 409,
    zh: '该办件尚未正式答复。',
    en: 'The case has not been answered by a final response.',
  },
  NO_COMPLETION_OPEN: {
    status: 409,
    zh: '没有这项待审批的办结申请，请刷新后再试。',
    en: 'No such completion is waiting. Look at the present state of the case.',
  },
  INSTRUCTION_UNKNOWN: {
    status: 404,
    zh: '该办件没有这项批示。',
    en: 'The case has no such instruction.',
  },
  SUPERVISION_UNKNOWN: {
    status: 404,
    zh: '该办件没有这项督办。',
    en: 'The case has no such supervision.',
  },
  SUPERVISION_NUMBER_TAKEN: {
    status: 409,
    zh: '该督办单号已使用。',
    en: 'The number of this supervision has been used. Take another.',
  },
  SUPERVISION_NOT_ANSWERED: {
    status: 409,
    zh: '被督办单位尚未回复，不能办结督办。',
    en: 'The department has not answered the supervision yet.',
  },
} satisfies ErrorTable
