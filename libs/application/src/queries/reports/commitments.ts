import type { Column, Row } from '#spreadsheet'
import type { Where } from '#read-store'
import { businessDay } from '../../business-day.ts'
import type { CommitmentDocument } from '../../projections/casework/commitment.ts'
import { masked } from './masked.ts'
import { pagesOf } from './pages.ts'
import { reportQuery } from './report.ts'
import type { ReportReading } from './report.ts'
import {
  commitmentWords,
  dueWords,
  exemptionWords,
  fulfilmentWords,
  promiseSourceWords,
  publicationWords,
  trackWords,
  verificationWords,
} from './words.ts'

const columns = [
  { key: 'number', heading: '受理编号', type: 'text', width: 14 },
  { key: 'source', heading: '承诺来源', type: 'text', width: 24 },
  { key: 'quote', heading: '承诺原话', type: 'text', width: 44 },
  { key: 'responsible', heading: '责任单位', type: 'text', width: 16 },
  { key: 'promisor', heading: '承诺主体', type: 'text', width: 16 },
  { key: 'madeAt', heading: '作出时间', type: 'time', width: 17 },
  { key: 'dueWords', heading: '期限', type: 'text', width: 26 },
  { key: 'due', heading: '当前期限', type: 'date', width: 12 },
  { key: 'earlierDues', heading: '曾定期限', type: 'text', width: 26 },
  { key: 'status', heading: '状态', type: 'text', width: 12 },
  { key: 'overdue', heading: '是否逾期', type: 'text', width: 10 },
  { key: 'fulfilment', heading: '落实情况', type: 'text', width: 10 },
  { key: 'verifiedBy', heading: '落实核查单位', type: 'text', width: 16 },
  { key: 'verifiedAt', heading: '落实核查时间', type: 'time', width: 17 },
  { key: 'verifiedHow', heading: '落实核查方式', type: 'text', width: 12 },
  { key: 'publication', heading: '公开情况', type: 'text', width: 12 },
  { key: 'address', heading: '公开地址', type: 'text', width: 30 },
  { key: 'seenBy', heading: '公开核查单位', type: 'text', width: 16 },
  { key: 'seenAt', heading: '公开核查时间', type: 'time', width: 17 },
  { key: 'exemption', heading: '不公开依据', type: 'text', width: 26 },
  { key: 'progressAt', heading: '最近进展时间', type: 'time', width: 17 },
  { key: 'progress', heading: '最近进展', type: 'text', width: 40 },
  { key: 'settledAt', heading: '销号时间', type: 'time', width: 17 },
  { key: 'rechecks', heading: '回头看', type: 'text', width: 30 },
  { key: 'reason', heading: '未兑现、撤回或替代说明', type: 'text', width: 30 },
  { key: 'origin', heading: '数据来源', type: 'text', width: 10 },
  { key: 'id', heading: '承诺标识', type: 'text', width: 38 },
] as const satisfies readonly Column[]

type CommitmentRow = Record<(typeof columns)[number]['key'], Row[string]>

/** 承诺台账: a line for each promise made in the period, in the order made. */
export const commitments = reportQuery({
  name: 'commitments',
  query: 'ReportCommitments',
  title: '承诺台账',
  period: '作出时间',
  notes: [],
  columns,
  rows: commitmentRows,
})

async function* commitmentRows(reading: ReportReading): AsyncGenerator<CommitmentRow> {
  const { ports, reader, from, until, parameters, names } = reading
  const { department, channel } = parameters
  const where: Where = {
    madeAt: { gte: from, lt: until },
    ...(department !== null && { responsible: { in: [...names.aliases(department)] } }),
    ...(channel !== null && { channel: { eq: channel } }),
  }
  const sort = { field: 'madeAt', direction: 'ascending' } as const
  for await (const page of pagesOf<CommitmentDocument>(ports.views, 'commitments', { where, sort, reader })) {
    for (const document of page) yield rowOf(document, reading)
  }
}

function rowOf(document: CommitmentDocument, { names, now }: ReportReading): CommitmentRow {
  const { dues, verified, seen, exempted } = document
  return {
    number: document.number,
    source: sourceOf(document, names.channel),
    // Public words: a promise is quoted from the text that the public may read.
    quote: document.quote,
    responsible: names.department(document.responsible),
    promisor: document.promisor,
    madeAt: document.madeAt,
    dueWords: dues.slice(-1).map(dueWords).join(''),
    due: document.due,
    earlierDues: dues.slice(0, -1).map(dueWords).join('\n') || null,
    status: commitmentWords[document.status] ?? document.status,
    overdue: overdueWord(document, businessDay(now)),
    fulfilment: fulfilmentWords[document.fulfilment] ?? document.fulfilment,
    verifiedBy: verified && names.department(verified.department),
    verifiedAt: verified?.at ?? null,
    verifiedHow: verified && (verificationWords[verified.method] ?? verified.method),
    publication: publicationWords[document.publication] ?? document.publication,
    address: document.publishedAt,
    seenBy: seen && (seen.department === null ? '系统自动核查' : names.department(seen.department)),
    seenAt: seen?.at ?? null,
    exemption: exempted && `${exemptionWords[exempted.ground] ?? exempted.ground}（${exempted.law}${exempted.clause}）`,
    progressAt: document.lastProgressAt,
    progress: document.lastProgress && masked(document.lastProgress),
    settledAt: document.settledAt,
    rechecks: rechecksOf(document),
    reason: document.reason && masked(document.reason),
    origin: document.origin === 'history' ? '历史导入' : '本系统',
    id: document.id,
  }
}

function sourceOf(
  { source, sourceWords, sourceDate, channel }: CommitmentDocument,
  nameOf: (id: string | null) => string,
) {
  const kind = promiseSourceWords[source] ?? source
  if (source === 'response') return `${kind}（${nameOf(channel)}）`
  return `${kind}：${masked(sourceWords ?? '')}（${sourceDate ?? ''}）`
}

/**
 * As the domain marks it (`commitment/decisions/due.ts`), whether anybody has marked it yet or not. What its department says
 * is done waits for whoever verifies it. History is never overdue, and what is over is not any more.
 */
function overdueWord(document: CommitmentDocument, today: string): string | null {
  const { status, origin, fulfilment, due, dueKind, rectificationDue } = document
  if (status !== 'open' || origin === 'history') return null
  if (rectificationDue !== null && rectificationDue < today) return '整改逾期'
  const isPassed = due < today
  if (dueKind !== 'date') return isPassed ? '复查逾期' : '否'
  return isPassed && fulfilment !== 'reported' && fulfilment !== 'complete' ? '逾期' : '否'
}

/** The latest ones, the last one last. */
function rechecksOf({ rechecks, recheckResults, recheckDue }: CommitmentDocument): string | null {
  const first = rechecks - recheckResults.length + 1
  const done = recheckResults.map(({ passed, tracks, at }, index) => {
    const result = passed ? '通过' : `未通过（${tracks.map((track) => trackWords[track]).join('、')}）`
    return `第${first + index}次 ${businessDay(at)} ${result}`
  })
  const next = recheckDue === null ? [] : [`下次 ${recheckDue}`]
  return [...done, ...next].join('\n') || null
}
