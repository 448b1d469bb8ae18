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

export const deadlineWords: Record<string, string> = { open: '未到期', met: '按时', missed: '逾期' }

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
