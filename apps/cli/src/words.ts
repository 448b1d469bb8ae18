export { commitmentWords, fulfilmentWords, publicationWords, responseKindWords } from '#application'

/** The interface's Chinese words for what code names in English (DOMAIN §1). */
export const statusWords: Record<string, string> = {
  new: '待研判',
  triaged: '待分办',
  routed: '待签收',
  signed: '办理中',
  'handing-back': '申请退回',
  answered: '已答复',
  completed: '已办结',
  'not-accepted': '不予受理',
  transferred: '已移送',
}

const deadlineWords: Record<string, string> = {
  open: '未到期',
  met: '按时',
  missed: '逾期',
  suspended: '暂停',
  lapsed: '已终止',
}

/** How a deadline stands at a moment: nobody may have written down yet that it has passed. */
export function deadlineWord(state: string, due: string, moment: string): string {
  return state === 'open' && due < moment ? '已过期' : (deadlineWords[state] ?? state)
}

export const dayReasons: Record<string, string> = {
  start: '收件当日，不计',
  'working-day': '工作日',
  'make-up-working-day': '调休补班',
  weekend: '周末',
  holiday: '节假日',
  'calendar-day': '自然日',
  'rolled-over': '顺延',
  hours: '按小时计',
}

export const purposeWords: Record<string, string> = {
  'final-answer': '正式答复',
  'answer-again': '再次答复',
  acknowledge: '受理告知',
  'sign-for': '签收',
  'hand-back': '申请退回',
  supplement: '补充材料',
  'authoritative-information': '发布权威信息',
  'press-conference': '新闻发布会',
  'assist-reply': '协办反馈',
  instruction: '领导批示办结',
  supervision: '督办反馈',
}

export const responseStateWords: Record<string, string> = {
  draft: '拟稿',
  submitted: '审核中',
  returned: '退回修改',
  approved: '待公开',
  published: '已公开',
  corrected: '已更正',
  'answered-by-lead': '并案答复',
  past: '历史答复，未经本系统审核',
  'answered-on-the-spot': '当场答复，未经审核，依即时办结规定',
}

export const differenceWords = { missing: '缺少', surplus: '多余', different: '不同' } as const
