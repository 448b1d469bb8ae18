import type { Column, Row } from '#spreadsheet'
import type { CaseDocument } from '../../projections/casework/case-document.ts'
import { responseDocumentId } from '../../projections/casework/response.ts'
import type { ResponseDocument } from '../../projections/casework/response.ts'
import { holderOf } from './holders.ts'
import { masked } from './masked.ts'
import { documentsOf, pagesOf } from './pages.ts'
import { reportQuery } from './report.ts'
import type { ReportReading } from './report.ts'
import {
  caseKindWords,
  commitmentWords,
  fulfilmentWords,
  meansWords,
  publicationWords,
  responseKindWords,
} from './words.ts'

const columns = [
  { key: 'number', heading: '受理编号', type: 'text', width: 14 },
  { key: 'title', heading: '标题', type: 'text', width: 40 },
  { key: 'kind', heading: '类型', type: 'text', width: 6 },
  { key: 'channel', heading: '渠道', type: 'text', width: 16 },
  { key: 'receivedAt', heading: '收到时间', type: 'time', width: 17 },
  { key: 'due', heading: '答复时限', type: 'time', width: 17 },
  { key: 'department', heading: '答复单位', type: 'text', width: 18 },
  { key: 'answeredAt', heading: '答复时间', type: 'time', width: 17 },
  { key: 'nature', heading: '答复性质', type: 'text', width: 14 },
  { key: 'substantive', heading: '是否实质性答复', type: 'yes-no', width: 10 },
  { key: 'means', heading: '公开方式', type: 'text', width: 12 },
  { key: 'address', heading: '公开地址', type: 'text', width: 30 },
  { key: 'inTime', heading: '是否按时', type: 'yes-no', width: 8 },
  { key: 'retrospective', heading: '是否追溯判定', type: 'yes-no', width: 8 },
  { key: 'promiseCount', heading: '承诺数', type: 'number', width: 8 },
  { key: 'promises', heading: '承诺落实及公开情况', type: 'text', width: 60 },
  { key: 'correctedAt', heading: '更正时间', type: 'time', width: 17 },
  { key: 'source', heading: '来源', type: 'text', width: 24 },
] as const satisfies readonly Column[]

type LedgerRow = Record<(typeof columns)[number]['key'], Row[string]>

/**
 * 舆情回应台账: every case of the period in the order received, a line for each answer it was given, and one that says what
 * is still owed or why nothing is. No case is without a line.
 */
export const ledger = reportQuery({
  name: 'ledger',
  query: 'ReportLedger',
  title: '舆情回应台账',
  period: '收到时间',
  notes: [],
  columns,
  rows: ledgerRows,
})

async function* ledgerRows(reading: ReportReading): AsyncGenerator<LedgerRow> {
  const { ports, reader, from, until, parameters } = reading
  const { department, channel } = parameters
  const asked = department === null ? null : reading.names.aliases(department)
  const isAsked = (of: string | null) => asked === null || (of !== null && asked.has(of))
  const pages = pagesOf<CaseDocument>(ports.views, 'cases', {
    where: { receivedAt: { gte: from, lt: until }, ...(channel !== null && { channel: { eq: channel } }) },
    sort: { field: 'receivedAt', direction: 'ascending' },
    reader,
  })
  for await (const cases of pages) {
    for (const of of cases) {
      const ids = of.responses.map((responseId) => responseDocumentId(of.id, responseId))
      for await (const answer of documentsOf<ResponseDocument>(ports.views, 'responses', ids, reader)) {
        if (isAsked(answer.department)) yield answered(answer, reading)
      }
      const nature = unanswered(of)
      if (nature === null) continue
      const holder = await holderOf(ports.views, of, reader)
      if (isAsked(holder)) yield open(of, nature, holder, reading)
    }
  }
}

function answered(answer: ResponseDocument, { names }: ReportReading): LedgerRow {
  const { kind, commitments } = answer
  return {
    number: answer.number,
    title: masked(answer.title),
    kind: caseKindWords[answer.caseKind] ?? answer.caseKind,
    channel: names.channel(answer.channel),
    receivedAt: answer.receivedAt,
    due: answer.due,
    department: names.department(answer.department),
    answeredAt: answer.publishedAt,
    nature: responseKindWords[kind] ?? kind,
    substantive: kind === 'final' || kind === 'supplementary' ? answer.substantive : null,
    means: meansWords[answer.means] ?? answer.means,
    address: answer.address,
    inTime: answer.inTime,
    retrospective: answer.retrospective,
    promiseCount: commitments.length,
    promises: commitments.map(promiseLine).join('\n') || null,
    correctedAt: answer.correctedAt,
    source: sourceOf(answer),
  }
}

function sourceOf({ source, leadNumber }: ResponseDocument): string {
  switch (source) {
    case 'ours':
      return '本系统审核公开'
    case 'lead':
      return `并案答复（主办件${leadNumber ?? ''}）`
    case 'past':
      return '历史导入，未经本系统审核'
    case 'on-the-spot':
      return '当场答复，依即时办结规定，未经审核'
  }
}

function promiseLine(
  { quote, due, status, fulfilment, publication }: ResponseDocument['commitments'][number],
  index: number,
) {
  const states = [
    `期限${due}`,
    `落实：${fulfilmentWords[fulfilment] ?? fulfilment}`,
    `公开：${publicationWords[publication] ?? publication}`,
    `状态：${commitmentWords[status] ?? status}`,
  ]
  return `${index + 1}. “${quote}”（${states.join('；')}）`
}

/** What stands where a case waits for an answer, or was ended without one; null where it was answered. */
function unanswered({ ending, isAnswered, answeredAt, owed }: CaseDocument): string | null {
  if (ending === null && !isAnswered) {
    const nature = answeredAt === null ? '待答复' : '待再次答复'
    return owed?.state === 'suspended' ? `${nature}（时限暂停）` : nature
  }
  if (answeredAt !== null) return null
  if (ending === 'not-accepted') return '不予受理'
  return ending === 'transferred' ? '已移送' : null
}

function open(of: CaseDocument, nature: string, holder: string | null, { names, now }: ReportReading): LedgerRow {
  const { owed } = of
  const due = owed === null || owed.state === 'lapsed' || owed.state === 'met' ? null : owed.due
  const isLate = owed?.state === 'missed' || (owed?.state === 'open' && owed.due < now)
  return {
    number: of.number,
    title: masked(of.title),
    kind: caseKindWords[of.kind] ?? of.kind,
    channel: names.channel(of.channel),
    receivedAt: of.receivedAt,
    due,
    department: names.department(holder),
    answeredAt: null,
    nature,
    substantive: null,
    means: null,
    address: null,
    inTime: isLate ? false : null,
    retrospective: due === null ? null : (owed?.retrospective ?? null),
    promiseCount: null,
    promises: null,
    correctedAt: null,
    source: null,
  }
}
