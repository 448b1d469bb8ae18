import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ReportCommitments, ReportLedger, ReportReplies } from '#application'
import type { Asker, Report } from '#application'
import type { Actor } from '#domain'
import { writeTable } from '#spreadsheet'
import type { Row, TableFormat } from '#spreadsheet'
import { ADDRESS, approve, draft, publish, takeInHand, told } from '../support/answering.ts'
import { endOf, instantOf } from '../support/clock.ts'
import { answer, byHand, complaint, County, promise, staff } from '../support/county.ts'
import { fileIn, jsonLines, row } from '../support/files.ts'
import { readWorkbook } from '../support/read-workbook.ts'

const PROMISE = '确保9月底前完成修复'
const ANSWER = '您好，经现场查看，滨河路因冬季冻融破损。'
const NOTICE = '您好！您的留言已收悉，您反映的问题已转县住建局调查处理。感谢您的留言。'
const signer: Actor = { person: 'signer-1', department: 'office', role: 'signer' }

let county: County
beforeAll(async () => {
  county = await County.open('2026-03-02 09:00')
})
afterAll(() => county.close())

const march = { from: '2026-03-01', to: '2026-03-31', department: null, channel: null }

async function rowsOf(report: Report): Promise<Row[]> {
  const rows: Row[] = []
  for await (const each of report.rows) rows.push(each)
  return rows
}

type Kind = typeof ReportLedger
type Asked = Partial<ConstructorParameters<Kind>[0]>
const report = (query: Kind, asked: Asked = {}) =>
  county.huiying.query(new query({ asker: 'operator', ...march, ...asked }))
const ledger = async (asked?: Asked) => await rowsOf(await report(ReportLedger, asked))
const replies = async (asked?: Asked) => await rowsOf(await report(ReportReplies, asked))

describe('a county in March, with every kind of answer', () => {
  const id: Record<string, string> = {}
  const about = async (name: string, title = `${name}的路面破损`, channel?: string) => {
    id[name] = (await county.message(name, title, '路面破损，请修复。', channel)).case
  }
  const give = (command: string, name: string, payload: unknown, actor: Actor) =>
    county.give(command, id[name]!, payload, actor)
  const triage = (name: string) => give('TriageCase', name, complaint, staff.monitor)
  const join = (name: string, lead: string) =>
    give('JoinCase', name, { lead: id[lead], relation: 'similar', reason: '同一路段' }, staff.monitor)

  beforeAll(async () => {
    for (const name of ['有承诺', '并案答复', '等待', '并案等待', '超期', '转办', '暂停', '不予受理', '移送', '重办']) {
      await about(
        name,
        name === '等待' ? '张三13812345678反映路灯不亮' : undefined,
        name === '转办' ? 'leaders-mailbox' : undefined,
      )
    }
    for (const name of ['有承诺', '超期', '转办', '暂停', '重办']) await takeInHand(county, id[name]!)
    for (const name of ['并案答复', '等待', '并案等待']) await triage(name)
    await give('RouteCase', '等待', { lead: 'housing', assisting: [], basis: byHand }, staff.coordinator)
    await join('并案答复', '有承诺')
    await join('并案等待', '等待')
    await give(
      'DoNotAcceptCase',
      '不予受理',
      {
        ground: 'litigation',
        basis: '已进入诉讼',
        notice: '请待法院判决。',
        rightRoute: null,
        proposedBy: 'monitor-1',
      },
      staff.coordinator,
    )
    await give(
      'TransferCase',
      '移送',
      { to: '市交通局', basis: '市管道路', receipt: null, notice: '已移送市交通局。' },
      staff.coordinator,
    )
    const opening = { discoveredAt: instantOf('2026-03-02 12:00'), channel: 'monitoring', items: [], subject: null }
    for (const [name, title] of [
      ['舆情', '滨河路塌陷视频'],
      ['未回应舆情', '网传停水'],
    ]) {
      id[name!] = (await county.give('OpenOpinionCase', null, { ...opening, title }, staff.opinionOffice)).id
    }

    county.clock.moveTo('2026-03-03 09:00')
    await give('TriageCase', '舆情', { ...complaint, type: 'opinion' }, staff.monitor)
    await give('RouteCase', '舆情', { lead: 'transport', assisting: [], basis: byHand }, staff.coordinator)
    await give('SignForCase', '舆情', {}, staff.transportOfficer)
    const statement = await draft(county, id['舆情']!, {
      ...answer('经查，系管线施工，已回填。'),
      means: 'press-conference',
    })
    await give('SubmitResponse', '舆情', statement, staff.transportOfficer)
    for (const [index, actor] of [staff.transportReviewer, staff.opinionOffice, signer].entries()) {
      await give('ApproveResponse', '舆情', { ...statement, level: index + 1 }, actor)
    }
    await give('PublishResponse', '舆情', { ...statement, address: null, publishedAt: null }, staff.transportOfficer)

    county.clock.moveTo('2026-03-04 09:00')
    await publish(county, id['有承诺']!, answer(`${ANSWER}${PROMISE}。`, PROMISE))
    await publish(county, id['转办']!, answer(NOTICE))
    const inPrivate = await draft(county, id['重办']!, {
      ...answer(ANSWER),
      publicText: null as never,
      means: 'private-message',
    })
    await approve(county, id['重办']!, inPrivate)
    await give('PublishResponse', '重办', { ...inPrivate, address: null, publishedAt: null }, staff.transportOfficer)
    const notice = await draft(county, id['暂停']!, { ...answer(NOTICE), kind: 'forwarded' })
    await give('SubmitResponse', '暂停', notice, staff.transportOfficer)
    await give('ApproveResponse', '暂停', { ...notice, level: 1 }, staff.transportReviewer)
    await give('PublishResponse', '暂停', { ...notice, address: ADDRESS, publishedAt: null }, staff.transportOfficer)
    const set = (await county.events(`case-${id['暂停']}`)).find(
      ({ type, data }) => type === 'DeadlineSet' && data['purpose'] === 'final-answer',
    )!
    const suspension = { deadlineId: set.data['deadlineId'], ground: '待司法鉴定', basis: '鉴定期间不计' }
    await give('SuspendDeadline', '暂停', suspension, staff.coordinator)

    county.clock.moveTo('2026-03-12 09:00')
    const late = await publish(county, id['超期']!, answer(ANSWER))
    const corrected = { responseId: late.responseId, content: answer(`${ANSWER}已安排修补。`), reason: '补充安排' }
    const correction = told((await give('CorrectResponse', '超期', corrected, staff.transportOfficer)).events[0]!.data)
    county.clock.moveTo('2026-03-16 09:00')
    await approve(county, id['超期']!, correction)
    await give(
      'PublishResponse',
      '超期',
      { ...correction, address: ADDRESS, publishedAt: null },
      staff.transportOfficer,
    )
    const stars = (count: number) => ({ rating: { scale: 'stars', stars: count }, comment: null })
    await give('RateSatisfaction', '有承诺', stars(5), staff.channel)
    await give('RateSatisfaction', '超期', stars(1), staff.channel)
    // The asker thought better of it: the latest rating counts, once.
    await give('RateSatisfaction', '超期', stars(3), staff.channel)
    const words = { rating: { scale: 'words', words: 'dissatisfied' }, comment: null }
    await give('RateSatisfaction', '并案答复', words, staff.channel)
    await give('ReopenCase', '重办', { cause: 'dissatisfied', reason: '未修复' }, staff.coordinator)

    county.clock.moveTo('2026-03-18 09:00')
    await about('阶段性')
    await takeInHand(county, id['阶段性']!)
    await publish(county, id['阶段性']!, { ...answer(ANSWER), kind: 'interim' })
    const past = row('旧件', { time: '2026-03-02T10:00:00+08:00', department: '交通局', reply: `${ANSWER}已修好。` })
    const older = row('2019', {
      time: '2019-03-04T10:00:00+08:00',
      reply: NOTICE,
      reply_time: '2019-03-05T09:00:00+08:00',
    })
    const path = await fileIn(
      county.folder,
      'past.jsonl',
      jsonLines([{ ...past, reply_time: '2026-03-04T10:00:00+08:00' }, older]),
    )
    const imported = { path, channelId: 'governor-suggestions', kind: 'message' as const, dryRun: false }
    expect(await county.huiying.application.importFile(imported)).toMatchObject({ taken: 2, refused: 0 })
    await county.huiying.settled()
    county.clock.moveTo('2026-03-20 10:00')
  }, 60_000)

  describe('舆情回应台账', () => {
    const lineOf = async (title: string, asked?: Asked) =>
      (await ledger(asked)).filter((each) => String(each['title']).startsWith(title))

    test('has a line for every answer and every case of the period, in the order received', async () => {
      const lines = await ledger()
      expect(lines).toHaveLength(17)
      expect(new Set(lines.map(({ number }) => number)).size).toBe(14)
      const received = lines.map(({ receivedAt }) => String(receivedAt))
      expect(received).toEqual(received.toSorted())
    })

    test('an answer: who, when, how, where, in time, with its promises and how they stand', async () => {
      expect(await lineOf('有承诺')).toEqual([
        {
          number: '2026-000001',
          title: '有承诺的路面破损',
          kind: '留言',
          channel: '我向省长建言',
          receivedAt: expect.stringMatching(/^2026-03-02T01/) as string,
          due: endOf('2026-03-09'),
          department: '交通局',
          answeredAt: expect.stringMatching(/^2026-03-04T01/) as string,
          nature: '正式答复',
          substantive: true,
          means: '政府网站',
          address: ADDRESS,
          inTime: true,
          retrospective: false,
          promiseCount: 1,
          promises: `1. “${PROMISE}”（期限2026-09-30；落实：未报告；公开：未公开；状态：进行中）`,
          correctedAt: null,
          source: '本系统审核公开',
        },
      ])
    })

    test('what the lead answered answers who follows, and names the case that holds the promise', async () => {
      expect(await lineOf('并案答复')).toMatchObject([
        { nature: '正式答复', inTime: true, promiseCount: 0, source: '并案答复（主办件2026-000001）' },
      ])
    })

    test('late, corrected, only passed on, told to the asker alone, imported', async () => {
      expect(await lineOf('超期')).toMatchObject([
        { inTime: false, due: endOf('2026-03-09'), correctedAt: expect.stringMatching(/^2026-03-16/) as string },
      ])
      expect(await lineOf('转办')).toMatchObject([
        { nature: '正式答复', substantive: false, inTime: true, channel: '领导信箱' },
      ])
      expect((await lineOf('重办'))[0]).toMatchObject({ means: '仅告知本人', address: null, inTime: true })
      expect(await lineOf('路灯不亮 旧件')).toMatchObject([
        { department: '交通局', inTime: true, retrospective: false, source: '历史导入，未经本系统审核' },
      ])
      expect(await lineOf('路灯不亮 2019', { from: '2019-01-01' })).toMatchObject([
        { inTime: true, retrospective: true, substantive: false, department: '未明确单位' },
      ])
    })

    test('what is still owed stands there open, late or not yet, and whose it is', async () => {
      expect(await lineOf('张三')).toMatchObject([
        { nature: '待答复', inTime: false, department: '住建局', answeredAt: null },
      ])
      expect(await lineOf('并案等待')).toMatchObject([{ nature: '待答复', inTime: false, department: '住建局' }])
      expect(await lineOf('网传停水')).toMatchObject([
        { kind: '舆情', nature: '待答复', inTime: false, due: instantOf('2026-03-04 12:00'), department: '未明确单位' },
      ])
      expect(await lineOf('阶段性')).toMatchObject([
        { nature: '阶段性答复', substantive: null, inTime: null, due: null },
        { nature: '待答复', inTime: null, due: endOf('2026-03-25') },
      ])
      expect(await lineOf('暂停')).toMatchObject([
        { nature: '转办告知', inTime: null },
        { nature: '待答复（时限暂停）', inTime: null },
      ])
    })

    test('a case reopened is owed an answer again, by a deadline of its own', async () => {
      expect(await lineOf('重办')).toMatchObject([
        { nature: '正式答复', inTime: true },
        { nature: '待再次答复', inTime: null, due: endOf('2026-03-23') },
      ])
    })

    test('a case ended without an answer says how', async () => {
      expect(await lineOf('不予受理')).toMatchObject([
        { nature: '不予受理', inTime: null, due: null, answeredAt: null },
      ])
      expect(await lineOf('移送')).toMatchObject([{ nature: '已移送', inTime: null, due: null }])
    })

    test('an opinion case says with what the county answered', async () => {
      expect(await lineOf('滨河路塌陷视频')).toMatchObject([
        {
          kind: '舆情',
          channel: '舆情监测',
          means: '新闻发布会',
          nature: '正式答复',
          inTime: true,
          department: '交通局',
        },
      ])
    })

    test('no number by which somebody could be found is in it', async () => {
      expect((await lineOf('张三'))[0]).toMatchObject({ title: '张三〔电话〕反映路灯不亮' })
    })

    test('of a department, by its id or its name, and of a channel', async () => {
      const housing = await ledger({ department: 'housing' })
      expect(housing.map(({ title }) => title)).toEqual(['张三〔电话〕反映路灯不亮', '并案等待的路面破损'])
      expect(await ledger({ department: '住建局' })).toEqual(housing)
      expect((await ledger({ channel: 'leaders-mailbox' })).map(({ title }) => title)).toEqual(['转办的路面破损'])
      await expect(report(ReportLedger, { channel: 'fax' })).rejects.toMatchObject({ code: 'UNKNOWN_CHANNEL' })
    })

    test('days are Shanghai days, both inclusive', async () => {
      expect((await ledger({ from: '2026-03-18', to: '2026-03-18' })).map(({ title }) => title)).toEqual([
        '阶段性的路面破损',
        '阶段性的路面破损',
      ])
      expect(await ledger({ from: '2026-03-03', to: '2026-03-17' })).toEqual([])
    })

    test('a department sees what it may see, and who sees no case sees none', async () => {
      const of = async (asker: Asker) => (await ledger({ asker })).map(({ number }) => number)
      expect(await of(staff.auditor)).toHaveLength(17)
      const housing = await ledger({ asker: staff.housingOfficer })
      expect(housing.map(({ nature }) => nature)).toEqual(['待答复', '待答复'])
      expect(await of(staff.administrator)).toEqual([])
    })

    test('its head says of when it is; the state of the read models and the moment of asking', async () => {
      const { head, asOf, generatedAt, facts } = await report(ReportLedger, { department: 'transport' })
      expect(head).toEqual([
        '舆情回应台账',
        expect.stringMatching(
          /^收到时间：2026-03-01 至 2026-03-31　单位：交通局　数据截至：2026-03-18 09:\d\d　生成时间：2026-03-20 10:00$/,
        ),
      ])
      expect(generatedAt).toBe(instantOf('2026-03-20 10:00'))
      expect(facts).toEqual({
        report: 'ledger',
        title: '舆情回应台账',
        head,
        ...march,
        department: 'transport',
        asOf,
        generatedAt,
      })
    })
  })

  describe('留言办理统计', () => {
    const total = {
      by: '合计',
      name: '全部留言',
      received: 12,
      notAccepted: 1,
      transferred: 1,
      owed: 10,
      answered: 6,
      answeredShare: 6 / 10,
      // Three in time here, one by its lead, one imported; one late; two waiting after their day. Not yet due: one; suspended: one.
      judged: 8,
      inTime: 5,
      inTimeShare: 5 / 8,
      substantive: 5,
      substantiveShare: 5 / 10,
      rated: 3,
      satisfied: 1,
      basicallySatisfied: 1,
      satisfiedShare: 2 / 3,
      history: 1,
      retrospective: 0,
    }

    test('counts every message once, joined or not, and opinion cases not at all', async () => {
      expect((await replies())[0]).toEqual(total)
    })

    test('by department: who answered or, until then, works on it, be it on the case that is followed', async () => {
      const rows = (await replies()).filter(({ by }) => by === '按单位')
      expect(
        rows.map(({ name, received, answered, judged, inTime }) => [name, received, answered, judged, inTime]),
      ).toEqual([
        ['交通局', 8, 6, 6, 5],
        ['住建局', 2, 0, 2, 0],
        ['未明确单位', 2, 0, 0, 0],
      ])
      // Of nothing there is no share.
      expect(rows[2]).toMatchObject({ owed: 0, answeredShare: null, inTimeShare: null, satisfiedShare: null })
      expect(rows[1]).toMatchObject({ answeredShare: 0, inTimeShare: 0, substantiveShare: 0, satisfiedShare: null })
    })

    test('by channel; each way of parting them comes to the whole', async () => {
      const rows = await replies()
      expect(rows.filter(({ by }) => by === '按渠道').map(({ name, received }) => [name, received])).toEqual([
        ['我向省长建言', 11],
        ['领导信箱', 1],
      ])
      for (const by of ['按单位', '按渠道']) {
        for (const figure of [
          'received',
          'owed',
          'answered',
          'judged',
          'inTime',
          'substantive',
          'rated',
          'satisfied',
        ] as const) {
          const parts = rows.filter((each) => each['by'] === by).map((each) => Number(each[figure]))
          expect(
            parts.reduce((sum, part) => sum + part, 0),
            `${figure} ${by}`,
          ).toBe(total[figure])
        }
      }
    })

    test('the figures are those of the ledger, line by line', async () => {
      const lines = (await ledger()).filter(({ kind }) => kind === '留言')
      const numbers = (fits: (line: Row) => boolean) => new Set(lines.filter(fits).map(({ number }) => number)).size
      expect(numbers(() => true)).toBe(total.received)
      expect(numbers(({ nature }) => nature === '正式答复')).toBe(total.answered)
      expect(numbers(({ nature, inTime }) => nature === '正式答复' && inTime === true)).toBe(total.inTime)
      expect(numbers(({ inTime }) => inTime !== null)).toBe(total.judged)
      expect(numbers(({ substantive }) => substantive === true)).toBe(total.substantive)
    })

    test('what has not passed yet today is late tomorrow, though nobody wrote it down', async () => {
      county.clock.moveTo('2026-03-26 00:00')
      const [later] = await replies()
      expect(later).toMatchObject({ judged: 9, inTime: 5 })
    })

    test('history judged by a norm that did not hold then is counted, and marked', async () => {
      expect((await replies({ from: '2019-01-01', to: '2019-12-31' }))[0]).toMatchObject({
        received: 1,
        answered: 1,
        inTime: 1,
        substantive: 0,
        history: 1,
        retrospective: 1,
      })
    })

    test('a department that a source calls by a very long name is counted under it', async () => {
      const name = '某县人民政府办公室'.repeat(25).slice(0, 200)
      const past = { time: '2018-03-05T10:00:00+08:00', reply_time: '2018-03-06T10:00:00+08:00', department: name }
      const path = await fileIn(county.folder, 'long.jsonl', jsonLines([row('长名', { ...past, reply: ANSWER })]))
      const file = { path, channelId: 'governor-suggestions', kind: 'message' as const, dryRun: false }
      expect(await county.huiying.application.importFile(file)).toMatchObject({ taken: 1 })
      await county.huiying.settled()
      const rows = await replies({ from: '2018-01-01', to: '2018-12-31' })
      expect(rows.map((each) => [each['name'], each['received']])).toContainEqual([name, 1])
    })

    test('of a department, of a channel, of both, of nothing', async () => {
      const names = async (asked: Asked) => (await replies(asked)).map(({ by, name, received }) => [by, name, received])
      expect(await names({ department: '交通局', channel: 'leaders-mailbox' })).toEqual([
        ['合计', '全部留言', 1],
        ['按单位', '交通局', 1],
        ['按渠道', '领导信箱', 1],
      ])
      expect(await names({ department: 'audit' })).toEqual([['合计', '全部留言', 0]])
    })

    test('a department sees its own figures, who sees no case sees none', async () => {
      expect((await replies({ asker: staff.transportOfficer })).map(({ name, received }) => [name, received])).toEqual([
        ['全部留言', 7],
        ['交通局', 7],
        ['我向省长建言', 6],
        ['领导信箱', 1],
      ])
      expect((await replies({ asker: staff.administrator }))[0]).toMatchObject({ received: 0 })
    })
  })

  test.each(['xlsx', 'csv', 'json'] as TableFormat[])('all reports can be written as %s', async (format) => {
    for (const query of [ReportLedger, ReportReplies, ReportCommitments]) {
      const asked = await report(query)
      const rows = await rowsOf(asked)
      const chunks: Buffer[] = []
      for await (const chunk of writeTable(await report(query), format, { at: 0 })) chunks.push(chunk as Buffer)
      const file = Buffer.concat(chunks)
      if (format === 'json') expect(JSON.parse(file.toString())).toMatchObject({ rows, count: rows.length })
      if (format === 'csv') expect(file.toString().split('\r\n').length).toBeGreaterThan(rows.length)
      if (format !== 'xlsx') continue
      const [sheet] = await readWorkbook(file)
      expect(sheet).toMatchObject({ name: asked.name, formulas: 0 })
      expect(sheet!.rows.slice(0, asked.head.length).map(({ A }) => A)).toEqual(asked.head)
      expect(sheet!.rows).toHaveLength(asked.head.length + 1 + rows.length)
      expect(Object.values(sheet!.rows[asked.head.length]!)).toEqual(asked.columns.map(({ heading }) => heading))
    }
  })
})

describe('承诺台账', () => {
  const year = { from: '2026-04-01', to: '2026-12-31' }
  const commitments = async (asked: Asked = {}) => await rowsOf(await report(ReportCommitments, { ...year, ...asked }))
  const at = (title: string) => ({ kind: 'press-conference', heldOn: '2026-04-02', title })
  const made: Record<string, string> = {}
  const make = async (quote: string, source: object, terms: object = {}) => {
    const payload = { source, origin: 'live', madeAt: county.clock.instant, terms: { ...promise(quote), ...terms } }
    made[quote] = (await county.give('MakeCommitment', null, payload, staff.coordinator)).id
  }
  const give = (command: string, quote: string, payload: unknown, actor: Actor) =>
    county.give(command, made[quote]!, payload, actor)
  const done = { statement: '已完成修复，联系人手机13900001111', evidence: [] }
  const verified = { report: 1, method: 'site-visit', statement: '已看过现场', evidence: [] }
  const page = { address: 'https://www.county.example/promise/1.html' }
  const seen = { report: 1, pageDigest: 'a'.repeat(64), wordsFound: ['已完成'] }

  beforeAll(async () => {
    county.clock.moveTo('2026-04-02 09:00')
    const lead = await county.message('K-1', '滨江路破损', '请修复。')
    await takeInHand(county, lead.case)
    await publish(county, lead.case, answer(`${ANSWER}${PROMISE}。`, PROMISE))
    const [first] = await commitments()
    made[PROMISE] = String(first!['id'])
    await make('年内修通', at('春季发布会'), {
      due: { kind: 'date', date: '2026-12-31', precision: 'year', words: null },
    })
    await make('春节前完工', at('春季发布会'), {
      responsible: 'housing',
      due: { kind: 'date', date: '2026-05-31', precision: 'day', words: '春节前' },
    })
    await make(
      '资金到位后两个月内开工',
      { kind: 'site-visit', visitedOn: '2026-04-01', place: '滨河路' },
      {
        due: { kind: 'after-event', event: '资金到位', within: { amount: 2, unit: 'months' }, reviewOn: '2026-06-30' },
      },
    )
    await make(
      '新建两所幼儿园',
      { kind: 'livelihood-project', year: 2026, number: '3', document: '民生实事清单' },
      {
        promisor: { kind: 'enterprise', name: '某建设公司' },
        due: { kind: 'none', words: '尽快', reviewOn: '2026-12-30' },
      },
    )
    await make('长期保持路面完好', at('春季发布会'), {
      due: { kind: 'ongoing', reviewEveryMonths: 3, firstReviewOn: '2026-12-31' },
    })

    county.clock.moveTo('2026-05-10 09:00')
    const later = { kind: 'date', date: '2026-10-31', precision: 'month', words: null }
    const revision = { due: later, reason: '汛期停工', requestedBy: null }
    await give('ReviseDueDate', PROMISE, revision, staff.coordinator)
    await give('ReportProgress', '年内修通', done, staff.transportOfficer)
    await give('BreakCommitment', '新建两所幼儿园', { reason: '用地未获批，经办人电话13800000000' }, staff.coordinator)
    await give('ReportFulfilment', PROMISE, done, staff.transportOfficer)
    await give('VerifyFulfilment', PROMISE, { ...verified, degree: 'complete' }, staff.verifier)
    await give('ReportPublication', PROMISE, page, staff.transportOfficer)
    await give('VerifyPublication', PROMISE, seen, staff.verifier)
    await give('ReportFulfilment', '年内修通', done, staff.transportOfficer)
    await give('VerifyFulfilment', '年内修通', { ...verified, degree: 'partial' }, staff.verifier)
    const order = { requirement: '补齐南段', dueOn: '2026-07-31' }
    await give('OrderRectification', '年内修通', order, staff.verifier)
    const exemption = {
      ground: 'trade-secret',
      law: '《政府信息公开条例》',
      clause: '第十五条',
      reason: '含报价',
      askerTold: { means: 'phone', toldAt: county.clock.instant, statement: '已告知' },
      requestedBy: null,
    }
    await give('ExemptPublication', '长期保持路面完好', exemption, staff.coordinator)

    county.clock.moveTo('2026-09-01 09:00')
    await give('PassRecheck', PROMISE, { recheck: 1, statement: '完好', evidence: [] }, staff.verifier)
    await give('ScheduleRecheck', PROMISE, { dueOn: '2026-10-01' }, staff.verifier)
    county.clock.moveTo('2026-10-08 09:00')
    const failure = { recheck: 2, tracks: ['publication'], reason: '页面已删除', evidence: [] }
    await give('FailRecheck', PROMISE, failure, staff.verifier)
    county.clock.moveTo('2026-11-23 09:00')
  }, 60_000)

  const lineOf = async (quote: string) => (await commitments()).find((each) => each['quote'] === quote)

  test('a promise of an answer: its words, dates, both tracks, what looking again found', async () => {
    const at = (day: string) => expect.stringMatching(new RegExp(`^${day}`, 'u')) as string
    expect(await lineOf(PROMISE)).toEqual({
      number: '2026-000015',
      source: '答复（我向省长建言）',
      quote: PROMISE,
      responsible: '交通局',
      promisor: '交通局',
      madeAt: at('2026-04-02'),
      dueWords: '2026-10-31前（精确到月）',
      due: '2026-10-31',
      earlierDues: '2026-09-30前（精确到月）',
      status: '进行中',
      overdue: '否',
      fulfilment: '已落实',
      verifiedBy: '督查室',
      verifiedAt: at('2026-05-10'),
      verifiedHow: '现场核查',
      publication: '未公开',
      address: page.address,
      seenBy: null,
      seenAt: null,
      exemption: null,
      progressAt: at('2026-05-10'),
      progress: '已完成修复，联系人手机〔电话〕',
      settledAt: null,
      rechecks: '第1次 2026-09-01 通过\n第2次 2026-10-08 未通过（公开）',
      reason: null,
      origin: '本系统',
      id: made[PROMISE],
    })
  })

  test('kept in part and to be put right by a day that has passed', async () => {
    expect(await lineOf('年内修通')).toMatchObject({
      source: '新闻发布会：春季发布会（2026-04-02）',
      fulfilment: '部分落实',
      verifiedBy: '督查室',
      overdue: '整改逾期',
      dueWords: '2026-12-31前（精确到年）',
    })
  })

  test('overdue, though nobody has marked it; with the words of another calendar', async () => {
    expect(await lineOf('春节前完工')).toMatchObject({
      responsible: '住建局',
      overdue: '逾期',
      dueWords: '2026-05-31前（精确到日，原文“春节前”）',
    })
  })

  test('after an event, broken by an enterprise, exempted from publication', async () => {
    expect(await lineOf('资金到位后两个月内开工')).toMatchObject({
      source: '现场走访：滨河路（2026-04-01）',
      dueWords: '“资金到位”后2个月内（2026-06-30复查）',
      overdue: '复查逾期',
    })
    expect(await lineOf('新建两所幼儿园')).toMatchObject({
      source: '民生实事：民生实事清单（3）（2026）',
      promisor: '某建设公司',
      status: '未兑现',
      overdue: null,
      reason: '用地未获批，经办人电话〔电话〕',
      dueWords: '未定日期，原文“尽快”（2026-12-30复查）',
    })
    expect(await lineOf('长期保持路面完好')).toMatchObject({
      publication: '依法不公开',
      exemption: '商业秘密（《政府信息公开条例》第十五条）',
      dueWords: '长期坚持，每3个月复查',
      overdue: '否',
    })
  })

  test('of the days made, of a department, of a channel; who sees what', async () => {
    const quotes = async (asked: Asked) => (await commitments(asked)).map(({ quote }) => quote)
    expect(await quotes({})).toHaveLength(6)
    expect(await quotes({ from: '2026-04-03' })).toEqual([])
    expect(await quotes({ department: '住建局' })).toEqual(['春节前完工'])
    expect(await quotes({ channel: 'governor-suggestions' })).toEqual([PROMISE])
    expect(await quotes({ asker: staff.housingOfficer })).toEqual(['春节前完工'])
    expect(await quotes({ asker: staff.administrator })).toEqual([])
  })
})
