import { setImmediate } from 'node:timers/promises'
import type { Column, Row } from '#spreadsheet'
import { OPEN_UNTIL } from '../../projections/casework/tally.ts'
import type { TallyDocument } from '../../projections/casework/tally.ts'
import { holderOfFollowed } from './holders.ts'
import { pagesOf } from './pages.ts'
import { reportQuery } from './report.ts'
import type { ReportReading } from './report.ts'

const columns = [
  { key: 'by', heading: '统计口径', type: 'text', width: 10 },
  { key: 'name', heading: '名称', type: 'text', width: 24 },
  { key: 'received', heading: '留言数', type: 'number', width: 9 },
  { key: 'notAccepted', heading: '不予受理数', type: 'number', width: 9 },
  { key: 'transferred', heading: '移送数', type: 'number', width: 9 },
  { key: 'owed', heading: '应答复数', type: 'number', width: 9 },
  { key: 'answered', heading: '答复数', type: 'number', width: 9 },
  { key: 'answeredShare', heading: '答复率', type: 'percent', width: 9 },
  { key: 'judged', heading: '到期应答复数', type: 'number', width: 9 },
  { key: 'inTime', heading: '按时答复数', type: 'number', width: 9 },
  { key: 'inTimeShare', heading: '及时率', type: 'percent', width: 9 },
  { key: 'substantive', heading: '实质性答复数', type: 'number', width: 9 },
  { key: 'substantiveShare', heading: '实质性答复率', type: 'percent', width: 9 },
  { key: 'rated', heading: '评价数', type: 'number', width: 9 },
  { key: 'satisfied', heading: '满意数', type: 'number', width: 9 },
  { key: 'basicallySatisfied', heading: '基本满意数', type: 'number', width: 9 },
  { key: 'satisfiedShare', heading: '满意率', type: 'percent', width: 9 },
  { key: 'history', heading: '其中历史导入数', type: 'number', width: 10 },
  { key: 'retrospective', heading: '其中追溯判定数', type: 'number', width: 10 },
] as const satisfies readonly Column[]

type RepliesRow = Record<(typeof columns)[number]['key'], Row[string]>

/** 留言办理统计 of messages by department and by channel. docs/reports.md says what each figure is and why. */
export const replies = reportQuery({
  name: 'replies',
  query: 'ReportReplies',
  title: '留言办理统计',
  period: '收到时间',
  notes: [
    '应答复数＝留言数－不予受理数－移送数；答复率＝答复数÷应答复数；及时率＝按时答复数÷到期应答复数（时限已届满或届满前已答复）；实质性答复率＝实质性答复数÷应答复数；满意率＝（满意数＋基本满意数）÷评价数。分母为零的不计算。',
  ],
  columns,
  rows: repliesRows,
})

const counted = [
  'received',
  'notAccepted',
  'transferred',
  'answered',
  'answeredInTime',
  'missed',
  'substantive',
  'rated',
  'satisfied',
  'basicallySatisfied',
  'history',
  'retrospective',
] as const
type Sums = Record<(typeof counted)[number] | 'passed', number>

interface Groups {
  total: Sums
  /** By the name that is shown: what an import calls by a department's name is that department. */
  departments: Map<string, Sums>
  channels: Map<string, Sums>
}

async function* repliesRows(reading: ReportReading): AsyncGenerator<RepliesRow> {
  const { total, departments, channels } = await readGroups(reading)
  yield rowOf('合计', '全部留言', total)
  for (const [name, sums] of sorted(departments)) yield rowOf('按单位', name, sums)
  for (const [id, sums] of sorted(channels)) yield rowOf('按渠道', reading.names.channel(id), sums)
}

const READINGS_MAX = 5

/**
 * Sums of one state of the read models: where facts were recorded while the tallies were read, so that a case may have moved
 * from one to another, they are read again. Facts that never stop coming are not waited for.
 */
async function readGroups(reading: ReportReading): Promise<Groups> {
  const { views } = reading.ports
  for (let readings = 1; ; readings += 1) {
    const before = await views.progress('casework')
    const groups = await sumUp(reading)
    const after = await views.progress('casework')
    if (before.position === after.position || readings === READINGS_MAX) return groups
    await setImmediate()
  }
}

async function sumUp({ ports, reader, parameters, names, now }: ReportReading): Promise<Groups> {
  const { from, to, department, channel } = parameters
  const asked = department === null ? null : names.aliases(department)
  const groups: Groups = { total: none(), departments: new Map(), channels: new Map() }
  const pages = pagesOf<TallyDocument>(ports.views, 'tallies', {
    where: { about: { eq: 'cases' }, date: { gte: from, lte: to } },
    sort: { field: 'date', direction: 'ascending' },
    reader,
  })
  for await (const tallies of pages) {
    for (const tally of tallies) {
      if (tally.kind !== 'message' || (channel !== null && channel !== tally.channel)) continue
      const { following } = tally
      const holder = following === null ? tally.department : await holderOfFollowed(ports.views, following, reader)
      if (asked !== null && (holder === null || !asked.has(holder))) continue
      add(groups.total, tally, now)
      add(sumsOf(groups.departments, names.department(holder)), tally, now)
      add(sumsOf(groups.channels, tally.channel), tally, now)
    }
  }
  return groups
}

function none(): Sums {
  return Object.fromEntries([...counted, 'passed'].map((name) => [name, 0])) as Sums
}

function sumsOf(groups: Map<string, Sums>, name: string): Sums {
  const sums = groups.get(name) ?? none()
  groups.set(name, sums)
  return sums
}

function add(sums: Sums, { counts }: TallyDocument, now: string): void {
  for (const name of counted) sums[name] += counts[name] ?? 0
  for (const [name, count] of Object.entries(counts)) {
    // Whether anybody has written it down or not: what is due has passed unanswered.
    if (name.startsWith(OPEN_UNTIL) && name.slice(OPEN_UNTIL.length) < now) sums.passed += count
  }
}

function rowOf(by: string, name: string, sums: Sums): RepliesRow {
  const { received, notAccepted, transferred, answered, answeredInTime, substantive, rated } = sums
  const owed = received - notAccepted - transferred
  const judged = answeredInTime + sums.missed + sums.passed
  return {
    by,
    name,
    received,
    notAccepted,
    transferred,
    owed,
    answered,
    answeredShare: share(answered, owed),
    judged,
    inTime: answeredInTime,
    inTimeShare: share(answeredInTime, judged),
    substantive,
    substantiveShare: share(substantive, owed),
    rated,
    satisfied: sums.satisfied,
    basicallySatisfied: sums.basicallySatisfied,
    satisfiedShare: share(sums.satisfied + sums.basicallySatisfied, rated),
    history: sums.history,
    retrospective: sums.retrospective,
  }
}

/** Of nothing there is no share. */
function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}

function sorted(groups: ReadonlyMap<string, Sums>): [string, Sums][] {
  return [...groups].sort(([a, { received: ofA }], [b, { received: ofB }]) => ofB - ofA || (a < b ? -1 : 1))
}
