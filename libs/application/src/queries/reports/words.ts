import type { PromiseDue } from '#domain'

/** The county's words for what code names in English (DOMAIN §1), as reports and the terminal use them. */

export const caseKindWords: Record<string, string> = { message: '留言', opinion: '舆情' }

export const responseKindWords: Record<string, string> = {
  acknowledgement: '受理告知',
  forwarded: '转办告知',
  interim: '阶段性答复',
  final: '正式答复',
  supplementary: '补充答复',
}

export const meansWords: Record<string, string> = {
  website: '政府网站',
  'in-person': '当面',
  phone: '电话',
  'press-conference': '新闻发布会',
  'new-media': '政务新媒体',
  'private-message': '仅告知本人',
}

export const commitmentWords: Record<string, string> = {
  open: '进行中',
  settled: '已销号',
  broken: '未兑现',
  withdrawn: '已撤回',
  superseded: '已替代',
  routine: '转为常态化',
}

export const fulfilmentWords: Record<string, string> = {
  open: '未报告',
  reported: '待核查',
  complete: '已落实',
  partial: '部分落实',
  none: '未落实',
}

export const publicationWords: Record<string, string> = {
  open: '未公开',
  reported: '待核查',
  verified: '已公开',
  exempted: '依法不公开',
}

export const trackWords: Record<string, string> = { fulfilment: '落实', publication: '公开' }

export const verificationWords: Record<string, string> = {
  'site-visit': '现场核查',
  documents: '资料核查',
  'citizen-confirmation': '群众确认',
}

export const promiseSourceWords: Record<string, string> = {
  response: '答复',
  'press-conference': '新闻发布会',
  'site-visit': '现场走访',
  'livelihood-project': '民生实事',
}

/** 政府信息公开条例 (2019) 14–16. */
export const exemptionWords: Record<string, string> = {
  'state-secret': '国家秘密',
  'forbidden-by-law': '法律、行政法规禁止公开',
  'security-and-stability': '危及国家安全、公共安全、经济安全、社会稳定',
  'trade-secret': '商业秘密',
  'personal-privacy': '个人隐私',
  'internal-affairs': '内部事务信息',
  'enforcement-file': '行政执法案卷信息',
}

const precisionWords = {
  day: '日',
  'ten-days': '旬',
  month: '月',
  quarter: '季度',
  'half-year': '半年',
  year: '年',
} as const

const unitWords = { days: '日', 'working-days': '个工作日', months: '个月' } as const

/** When a promise is due, as exactly as it was said. */
export function dueWords(due: PromiseDue): string {
  switch (due.kind) {
    case 'date':
      return `${due.date}前（精确到${precisionWords[due.precision]}${due.words === null ? '' : `，原文“${due.words}”`}）`
    case 'after-event':
      return `“${due.event}”后${due.within.amount}${unitWords[due.within.unit]}内（${due.reviewOn}复查）`
    case 'condition':
      return `以“${due.condition}”为条件（${due.reviewOn}复查）`
    case 'ongoing':
      return `长期坚持，每${due.reviewEveryMonths}个月复查`
    case 'none':
      return `未定日期，原文“${due.words}”（${due.reviewOn}复查）`
  }
}
