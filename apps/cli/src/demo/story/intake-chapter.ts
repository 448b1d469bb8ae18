import { writeFile } from 'node:fs/promises'
import type { ExplainedDay } from '#calendar'
import { ExplainDeadline, GetStatistics, ListCases } from '#application'
import type { CaseDocument, CaseStatus, ImportReport } from '#application'
import { clip, progressBar, table } from '../../output.ts'
import { instantOf, local } from '../../times.ts'
import { dayReasons, statusWords } from '../../words.ts'
import { people } from './county.ts'
import { inventedMessages } from '../invented-county.ts'
import type { InventedMessage } from '../invented-county.ts'
import type { Narrator } from '../narrator.ts'
import { DemoFault } from '../fault.ts'
import type { StoryStage } from './story-stage.ts'

export const CHANNEL = 'leaders-mailbox'
const FROM = '2025-04-01'
const TO = '2025-06-30'
const IMPORTED_AT = '2025-07-01 09:00'
const REPEATED_AT = '2025-07-01 15:00'
/** Of the three years that the invented county writes messages, three months hold some 300. */
const MESSAGES_OF_ALL_YEARS = 3_600
const SEED = 7
const CASES_SHOWN = 3
const SEARCHED = '高铁站'

/** What is wrong with a row, and the row. */
const badRows: readonly string[] = [
  JSON.stringify({ user: '网友甲', subject: '没有编号', time: '2025-05-06 10:00:00', body: '这一行没有编号。' }),
  JSON.stringify({ id: 'x-2', user: '网友乙', subject: '日子不存在', time: '2025-02-30', body: '二月没有三十日。' }),
  '{"id": "x-3", "user": "网友丙", "subject": "这一行没有写完',
  JSON.stringify({
    id: 'x-4',
    user: '网友丁',
    subject: '先答后问',
    time: '2025-05-08 09:00:00',
    body: '答复早于来件。',
    reply: '已答复。',
    reply_time: '2025-05-07 09:00:00',
  }),
]

/** Three months of messages are imported, twice; lists, a deadline and counts come of it. */
export async function tellIntake(stage: StoryStage, narrator: Narrator, file: string): Promise<void> {
  narrator.chapter('一、收件：三个月的留言，一次导入')
  const messages = [...threeMonths()]
  await writeRows(file, messages)
  const answered = messages.filter(({ reply }) => reply !== undefined).length
  narrator.step(
    instantOf(IMPORTED_AT),
    people.monitor.called,
    `导入 ${FROM.slice(5)} 至 ${TO.slice(5)} 的留言 ${messages.length} 件，其中 ${answered} 件早已答复；另有 ${badRows.length} 行故意写坏`,
  )
  const first = await importRows(stage, file, IMPORTED_AT)
  narrator.consequence(countsOf(first))
  for (const { row, code, message } of first.refusals) {
    narrator.detail(`第 ${row} 行`, `${message.split('；')[0]!}（${code}）`)
  }

  const [edited, ...rest] = messages.toReversed()
  await writeRows(file, [...rest.toReversed(), { ...edited!, body: `${edited!.body}补充：今天又下雨了。` }])
  narrator.step(instantOf(REPEATED_AT), people.monitor.called, '同一文件再导入一次，其中一位留言人改过内容')
  const second = await importRows(stage, file, REPEATED_AT)
  narrator.consequence(countsOf(second))
  expectCounts(first, { taken: messages.length, unchanged: 0, revised: 0 })
  expectCounts(second, { taken: 0, unchanged: messages.length - 1, revised: 1 })

  await tellCases(stage, narrator)
  await tellDeadline(stage, narrator)
  await tellCounts(stage, narrator)
}

function* threeMonths(): Generator<InventedMessage> {
  for (const message of inventedMessages(MESSAGES_OF_ALL_YEARS, SEED)) {
    const day = message.time.slice(0, 10)
    if (day > TO) return
    if (day < FROM) continue
    const { reply, reply_time: replied, ...asked } = message
    // What was answered after the export is not in it.
    yield replied !== undefined && replied.slice(0, 10) <= TO ? { ...asked, reply, reply_time: replied } : asked
  }
}

/** The bad rows stand among the good ones. */
async function writeRows(file: string, messages: readonly InventedMessage[]): Promise<void> {
  const rows = messages.map((message) => JSON.stringify(message))
  for (const [at, bad] of badRows.entries()) rows.splice(50 * (at + 1), 0, bad)
  await writeFile(file, `${rows.join('\n')}\n`)
}

async function importRows(stage: StoryStage, file: string, at: string): Promise<ImportReport> {
  stage.at(at)
  const bar = progressBar('导入')
  try {
    const report = await stage.huiying.application.importFile({
      path: file,
      channelId: CHANNEL,
      kind: 'message',
      dryRun: false,
      onProgress: bar.update,
    })
    await stage.huiying.settled()
    return report
  } finally {
    bar.end()
  }
}

function countsOf({ rows, taken, unchanged, revised, refused }: ImportReport): string {
  return `共 ${rows} 行：新收 ${taken}，未变 ${unchanged}，更新 ${revised}，拒收 ${refused}`
}

function expectCounts(report: ImportReport, expected: { taken: number; unchanged: number; revised: number }): void {
  for (const [name, count] of Object.entries({ ...expected, refused: badRows.length })) {
    const found = report[name as 'taken' | 'unchanged' | 'revised' | 'refused']
    if (found !== count) throw new DemoFault(`导入结果不对：${name} 应为 ${count}，实为 ${found}`)
  }
}

async function tellCases(stage: StoryStage, narrator: Narrator): Promise<void> {
  const list = (request: { state?: CaseStatus; search?: string }) =>
    stage.huiying.query(new ListCases({ asker: people.monitor.actor, limit: CASES_SHOWN, ...request }))
  const waiting = await list({ state: 'new' })
  const answered = await list({ state: 'answered' })
  const found = await list({ search: SEARCHED })
  narrator.blank()
  narrator.say(
    `办件：待研判 ${waiting.total} 件，已答复 ${answered.total} 件，各列最新几件；搜索“${SEARCHED}”得 ${found.total} 件。`,
  )
  const now = instantOf(REPEATED_AT)
  const rows = [...waiting.documents, ...answered.documents].map((document) => [
    document.number,
    local(document.receivedAt).slice(5, 10),
    statusWords[document.status] ?? document.status,
    answerDue(document, now),
    clip(document.title, 36),
  ])
  narrator.lines(table(['受理编号', '收件', '状态', '答复时限', '标题'], rows))
}

function answerDue({ final }: CaseDocument, now: string): string {
  if (final === null) return ''
  const day = local(final.due).slice(5, 10)
  if (final.state === 'open') return `${day} ${final.due < now ? '已过' : '未到'}`
  return `${day} ${final.state === 'met' ? '按时' : '逾期'}`
}

async function tellDeadline(stage: StoryStage, narrator: Narrator): Promise<void> {
  const received = '2025-09-29 16:40'
  const deadline = await stage.huiying.query(new ExplainDeadline(CHANNEL, instantOf(received), null))
  if (!deadline) throw new DemoFault('没有适用的时限规则')
  narrator.blank()
  narrator.say(`时限怎么数：国庆前 ${received.slice(5)} 收到的留言，依据“${deadline.norm.title}”：`)
  narrator.lines(table(['日期', '计数', '缘由'], dayRows(deadline.days)))
  narrator.say(`应于 ${local(deadline.due).slice(5)} 前答复：收件当日不计，放假不计，调休补班照计。`)
}

/** A row for each day; days off that follow each other for one reason share one. */
function dayRows(days: readonly ExplainedDay[]): string[][] {
  const rows: { first: string; last: string; counting: string; why: string }[] = []
  let count = 0
  for (const { date, counted, reason, name } of days) {
    const day = date.slice(5)
    const why = `${dayReasons[reason] ?? reason}${name === null ? '' : `（${name}）`}`
    const before = rows.at(-1)
    if (!counted && before?.why === why) before.last = day
    else rows.push({ first: day, last: day, counting: counted ? `第 ${++count} 日` : '不计', why })
  }
  return rows.map(({ first, last, counting, why }) => [first === last ? first : `${first} 至 ${last}`, counting, why])
}

async function tellCounts(stage: StoryStage, narrator: Narrator): Promise<void> {
  const { received, answered, answeredInTime } = await stage.huiying.query(
    new GetStatistics({ asker: people.coordinator.actor, from: FROM, to: TO }),
  )
  const share = ((100 * answeredInTime) / received).toFixed(1)
  narrator.blank()
  narrator.say(`统计：收到 ${received} 件，答复 ${answered} 件，按时 ${answeredInTime} 件，及时率 ${share} %。`)
}
