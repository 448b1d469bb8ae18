import { commitmentIdOf } from '../../libs/application/src/identity/ids.ts'
import type { Chance } from '../crash/chance.ts'
import { byHand, complaint, staff } from '../support/county.ts'
import { DOWN } from './invented-web.ts'
import type { Year } from './year.ts'

/** What may become of a message, an opinion, a promise: told as things that people do so long after it began. */

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
export const HOST = 'www.county.example'

const leader = { person: 'leader-1', department: 'office', role: 'leader' } as const
const signer = { person: 'signer-1', department: 'office', role: 'signer' } as const
const CHANNELS = ['governor-suggestions', 'site-corrections', 'leaders-mailbox', 'interaction-platform']

/** A message comes; what is done about it follows from chance alone. */
export function tellMessage(year: Year, chance: Chance, number: number): void {
  const channelId = chance.of(CHANNELS)
  const plot = chance.of([
    'prompt',
    'prompt',
    'prompt',
    'prompt',
    'late',
    'late',
    'odd',
    'odd',
    'odd',
    'odd',
    'forgotten',
    'unsigned',
  ])
  const [triaged, routed, signed] = [chance.between(1, 20), chance.between(21, 30), chance.between(31, 70)]
  const answered = plot === 'prompt' ? chance.between(72, 110) : chance.between(170, 800)
  const promise = chance.below(10) < 6 ? promiseOf(chance, number) : null
  const oddity = chance.of([...ODDITIES.keys()])
  const when = chance.between(80, 160)
  const completed = chance.below(2) === 0 ? chance.between(24, 400) : null

  year.plan(0, async () => {
    const id = await year.receive(number, channelId)
    const after = (hours: number, act: () => Promise<unknown>) => year.plan(hours * HOUR_MS, act)
    if (plot === 'forgotten' && chance.below(2) === 0) return
    after(triaged, () => year.give('TriageCase', id, complaint, staff.monitor))
    after(routed, () =>
      year.give('RouteCase', id, { lead: 'transport', assisting: [], basis: byHand }, staff.coordinator),
    )
    if (plot === 'unsigned') return
    after(signed, () => year.give('SignForCase', id, {}, staff.transportOfficer))
    if (plot === 'forgotten') return
    if (plot === 'odd') after(when, () => ODDITIES.get(oddity)!(year, chance, id))
    after(answered, async () => {
      const responseId = await year.answer(id, promise === null ? null : promise.terms(year))
      if (responseId === null) return
      if (promise !== null) tellPromise(year, chance, commitmentIdOf(id, responseId, 'promise-1'), promise)
      if (completed !== null) after(completed, () => complete(year, id))
    })
  })
}

async function complete(year: Year, id: string): Promise<void> {
  const submitted = await year.give(
    'SubmitCompletion',
    id,
    { finding: 'substantiated', outcome: '已办结' },
    staff.transportOfficer,
  )
  const completionId = submitted?.[0]?.data['completionId']
  if (completionId !== undefined) await year.give('ApproveCompletion', id, { completionId }, staff.coordinator)
}

type Oddity = (year: Year, chance: Chance, id: string) => Promise<void>

const ODDITIES = new Map<string, Oddity>([
  [
    'handed back',
    async (year, chance, id) => {
      const asked = await year.give(
        'RequestHandBack',
        id,
        { reason: '不属本单位职责', basis: '三定方案', suggestedLead: 'housing' },
        staff.transportOfficer,
      )
      const handBackId = asked?.[0]?.data['handBackId']
      if (handBackId === undefined) return
      const granted = chance.below(2) === 0
      const decision = { handBackId, reason: '理由' }
      await year.give(granted ? 'GrantHandBack' : 'RefuseHandBack', id, decision, staff.coordinator)
      if (granted)
        await year.give('RouteCase', id, { lead: 'housing', assisting: [], basis: byHand }, staff.coordinator)
    },
  ],
  [
    'extended',
    async (year, _chance, id) => {
      const deadlineId = await year.deadlineOf(id, 'final-answer')
      await year.give(
        'ExtendDeadline',
        id,
        { deadlineId, requestedBy: 'transport-1', reason: '需勘查' },
        staff.coordinator,
      )
      await year.give('ExtendDeadline', id, { deadlineId, requestedBy: 'transport-1', reason: '需勘查' }, signer)
    },
  ],
  [
    'suspended',
    async (year, chance, id) => {
      const deadlineId = await year.deadlineOf(id, 'final-answer')
      await year.give('SuspendDeadline', id, { deadlineId, ground: '鉴定', basis: '条例' }, leader)
      if (chance.below(3) > 0) {
        year.plan(chance.between(1, 60) * DAY_MS, () => year.give('ResumeDeadline', id, { deadlineId }, leader))
      }
    },
  ],
  [
    'assisted',
    async (year, chance, id) => {
      const due = year.laterBy(chance.between(20, 120) * HOUR_MS)
      const asked = await year.give(
        'RequestAssist',
        id,
        { department: 'housing', question: '是否施工', due },
        staff.transportOfficer,
      )
      const assistId = asked?.[0]?.data['assistId']
      if (assistId === undefined || chance.below(3) === 0) return
      year.plan(chance.between(10, 300) * HOUR_MS, () =>
        year.give('ReplyAssist', id, { assistId, text: '是', attachments: [] }, staff.housingOfficer),
      )
    },
  ],
  [
    'supervised',
    async (year, chance, id) => {
      const order = { number: `督${year.nowMs}`, to: 'transport', demand: '限期办结', due: year.laterBy(5 * DAY_MS) }
      const issued = await year.give('IssueSupervision', id, order, leader)
      const supervisionId = issued?.[0]?.data['supervisionId']
      if (supervisionId === undefined || chance.below(2) === 0) return
      year.plan(chance.between(2, 12) * DAY_MS, () =>
        year.give('AnswerSupervision', id, { supervisionId, text: '已办', attachments: [] }, staff.transportOfficer),
      )
    },
  ],
  [
    'instructed',
    async (year, _chance, id) => {
      const given = await year.give(
        'ReceiveInstruction',
        id,
        { leader: '张县长', text: '速办', due: year.laterBy(3 * DAY_MS) },
        leader,
      )
      const instructionId = given?.[0]?.data['instructionId']
      if (instructionId !== undefined) {
        year.plan(6 * DAY_MS, () =>
          year.give('AnswerInstruction', id, { instructionId, text: '已办' }, staff.transportOfficer),
        )
      }
    },
  ],
  [
    'not accepted',
    async (year, _chance, id) => {
      const refusal = { ground: 'not-ours', basis: '职责', notice: '不属本级', rightRoute: null, proposedBy: 'zhao' }
      await year.give('DoNotAcceptCase', id, refusal, leader)
    },
  ],
  [
    'reopened',
    async (year, chance, id) => {
      year.plan(chance.between(10, 60) * DAY_MS, () =>
        year.give('ReopenCase', id, { cause: 'dissatisfied', reason: '未解决' }, leader),
      )
    },
  ],
  ['joined', (year, _chance, id) => year.join(id)],
])

/** An opinion: hours count, day and night. */
export function tellOpinion(year: Year, chance: Chance, number: number): void {
  const answered = chance.of([10, 40, 60, null])
  year.plan(0, async () => {
    const opening = {
      discoveredAt: year.now,
      channel: 'monitoring',
      items: [],
      title: `网传水质异常之${number}`,
      subject: null,
    }
    const opened = await year.give('OpenOpinionCase', null, opening, staff.opinionOffice)
    const id = opened?.[0]?.metadata.caseId
    if (id == null || answered === null) return
    await year.give('TriageCase', id, { ...complaint, type: 'opinion' }, staff.monitor)
    await year.give('RouteCase', id, { lead: 'transport', assisting: [], basis: byHand }, staff.coordinator)
    await year.give('SignForCase', id, {}, staff.transportOfficer)
    year.plan(answered * HOUR_MS, () => year.answer(id, null))
  })
}

interface Promised {
  plot: string
  /** Days until it is due. */
  days: number
  action: string
  address: string
  terms: (year: Year) => object
}

function promiseOf(chance: Chance, number: number): Promised {
  const place = `第${number}号路`
  const plot = chance.of(['kept', 'kept', 'kept', 'kept', 'late', 'partial', 'forgotten', 'broken', 'revised', 'vague'])
  const quote = `确保尽快修复${place}`
  const days = chance.between(5, 90)
  const action = `完成${place}路面修复`
  return {
    plot,
    days,
    action,
    address: `https://${HOST}/result/${number}.html`,
    terms: (year) => ({
      quote,
      action,
      class: 'act',
      strength: 'firm',
      promisor: { kind: 'department', name: '交通局' },
      responsible: 'transport',
      due:
        plot === 'vague'
          ? { kind: 'none', words: '尽快', reviewOn: year.dayIn(15) }
          : { kind: 'date', date: year.dayIn(days), precision: 'day', words: null },
      milestones: [],
      target: null,
      publishAt: null,
    }),
  }
}

function tellPromise(year: Year, chance: Chance, id: string, { plot, days, action, address }: Promised): void {
  const officer = staff.transportOfficer
  const after = (day: number, act: () => Promise<unknown>) => year.plan(day * DAY_MS, act)
  const kept = plot === 'late' ? days + chance.between(2, 20) : Math.max(1, days - chance.between(1, 5))
  const report = (text: string) => year.give('ReportFulfilment', id, { statement: text, evidence: [] }, officer)
  const verify = (number: number, degree: string) =>
    year.give(
      'VerifyFulfilment',
      id,
      { report: number, degree, method: 'site-visit', statement: '现场核查', evidence: [] },
      staff.verifier,
    )
  if (plot === 'forgotten' || plot === 'vague') {
    if (plot === 'vague')
      after(20, () =>
        year.give('ReviewCommitment', id, { finding: '未成', nextReviewOn: year.dayIn(30) }, staff.verifier),
      )
    return
  }
  if (plot === 'broken')
    return after(kept, () => year.give('BreakCommitment', id, { reason: '项目取消' }, staff.coordinator))
  if (plot === 'revised') {
    after(Math.max(1, days - 2), () => {
      const due = { kind: 'date', date: year.dayIn(40), precision: 'day', words: null }
      return year.give('ReviseDueDate', id, { due, reason: '雨季', requestedBy: null }, staff.coordinator)
    })
    return
  }
  after(kept, () => report('已完工'))
  if (plot === 'partial') {
    const rectified = chance.below(2) === 0
    after(kept + 2, () => verify(1, 'partial'))
    after(kept + 2, () =>
      year.give('OrderRectification', id, { requirement: '补齐', dueOn: year.dayIn(10) }, staff.verifier),
    )
    if (!rectified) return
    after(kept + 8, () => report('已补齐'))
    after(kept + 9, () => verify(2, 'complete'))
  } else after(kept + 2, () => verify(1, 'complete'))

  const done = `${action}，已完工。`
  const page = chance.of(['good', 'good', 'good', 'silent', 'vague', 'down', 'goes', 'dead'])
  after(kept + 3, async () => {
    const at = (day: number) => year.nowMs + day * DAY_MS
    const texts = {
      good: [{ fromMs: 0, text: done }],
      silent: [{ fromMs: 0, text: '县情概况' }],
      vague: [{ fromMs: 0, text: `${action}正在进行` }],
      down: [
        { fromMs: 0, text: DOWN },
        { fromMs: at(1), text: done },
      ],
      goes: [
        { fromMs: 0, text: done },
        { fromMs: at(20), text: null },
      ],
      dead: [{ fromMs: 0, text: DOWN }],
    }
    year.web.publish(address, ...texts[page as keyof typeof texts])
    await year.give('ReportPublication', id, { address }, officer)
  })
  if (page === 'silent' || page === 'vague') {
    after(kept + 6, async () => {
      await year.give('ReportPublication', id, { address }, officer)
    })
    after(kept + 8, () => year.judgePage(id))
  }
}
