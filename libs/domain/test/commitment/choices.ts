import {
  commitmentCommands,
  commitmentEventFormats,
  evolveCommitment,
  fulfilmentDegree,
  initialCommitment,
  isReadyToSettle,
  publicationFault,
} from '#domain'
import type { Actor, Commitment, MadeCommitment } from '#domain'
import { contextOf, county, digestOf, person, policy, uuidOf } from '../support/context.ts'
import type { Attempt, Draw } from '../support/sequence.ts'
import { augustDue, conference, ongoingDue, responseSource, soon, terms } from './support.ts'

/** What may be asked next of a promise, likely things more often than unlikely ones, some of them wrong. */

export const aggregate = {
  initial: initialCommitment,
  evolve: evolveCommitment,
  formats: commitmentEventFormats,
  commands: commitmentCommands,
}
export const RESPONSIBLE = terms.responsible
const departments = [RESPONSIBLE, 'inspection-office', 'open-government-office', 'county-government']
export const settings = { ...county(...departments), publicationHosts: ['example.gov.cn'] }
const START = Date.parse('2026-03-02T06:00:00.000Z')
const DAY_MS = 86_400_000

/** The next command: mostly one that the state asks for, sometimes any other, sometimes by the wrong person. */
export function next(state: Commitment, draw: Draw, step: number): Attempt {
  // Nine days from step to step and, at every eighth, two months in which nothing happened.
  const now = new Date(START + (step * 9 + Math.floor(step / 8) * 60) * DAY_MS).toISOString()
  const [name, body, actor] =
    state.status === 'none'
      ? making(draw, now)
      : draw.chance(80)
        ? wanted(state, draw, now)
        : anything(state, draw, now)
  return { name, body, context: contextOf({ actor, now, settings, commandId: `command-${step}` }) }
}

type Proposal = [name: string, body: unknown, actor: Actor]

const statement = (draw: Draw) => ({ statement: `情况${draw.below(50)}`, evidence: [] })
const reporter = (draw: Draw) => person('officer', draw.chance(90) ? RESPONSIBLE : draw.pick(departments))
const verifier = (draw: Draw) => person('verifier', draw.chance(80) ? 'inspection-office' : draw.pick(departments))
const approver = (draw: Draw) => person('leader', draw.pick(departments))
export const coordinator = person('coordinator', 'open-government-office')

function making(draw: Draw, now: string): Proposal {
  const made = { origin: 'live', madeAt: now, terms: { ...terms, due: draw.pick([augustDue, ongoingDue, soon]) } }
  if (draw.chance(70)) return ['MakeCommitment', { ...made, source: responseSource }, policy]
  if (draw.chance(30)) return ['MakeCommitment', { ...made, source: responseSource, origin: 'history' }, coordinator]
  return ['MakeCommitment', { ...made, source: conference }, coordinator]
}

/** What brings the promise on. */
function wanted(state: MadeCommitment, draw: Draw, now: string): Proposal {
  if (state.status === 'settled' || state.status === 'routine') return rechecking(state, draw, now)
  if (isReadyToSettle(state)) return ['SettleCommitment', {}, policy]
  if (draw.chance(5)) return ['MarkStalled', {}, policy]
  const { fulfilment, publication } = state
  const onFulfilment = publication.status === 'verified' || publication.status === 'exempted' || draw.chance(50)
  if (onFulfilment && fulfilment.status === 'reported') {
    const { report } = fulfilment
    if (draw.chance(20)) return ['RejectFulfilment', { report, reason: '证据不足' }, verifier(draw)]
    const degree = draw.chance(75) ? 'complete' : draw.pick(fulfilmentDegree.options)
    return ['VerifyFulfilment', { report, degree, method: 'site-visit', ...statement(draw) }, verifier(draw)]
  }
  if (onFulfilment && !(fulfilment.status === 'verified' && fulfilment.degree === 'complete')) {
    const isOwed = fulfilment.status === 'verified' && fulfilment.rectification === null
    if (isOwed && draw.chance(50)) {
      return ['OrderRectification', { requirement: '限期整改', dueOn: laterThan(now, draw) }, coordinator]
    }
    return ['ReportFulfilment', statement(draw), reporter(draw)]
  }
  if (publication.status === 'reported') {
    const { report } = publication
    const judge = draw.chance(50) ? policy : verifier(draw)
    if (draw.chance(20))
      return ['RejectPublication', { report, fault: draw.pick(publicationFault.options), note: null }, judge]
    return ['VerifyPublication', { report, pageDigest: digestOf('page'), wordsFound: ['完工'] }, judge]
  }
  const host = draw.chance(90) ? 'www.example.gov.cn' : 'elsewhere.cn'
  return ['ReportPublication', { address: `https://${host}/${draw.below(9)}.html` }, reporter(draw)]
}

function rechecking(state: MadeCommitment, draw: Draw, now: string): Proposal {
  const recheck = state.rechecksDone + 1
  if (draw.chance(20)) return looking(state, draw)
  if (state.recheck === null && draw.chance(60))
    return ['ScheduleRecheck', { dueOn: laterThan(now, draw) }, verifier(draw)]
  if (draw.chance(50)) return ['PassRecheck', { recheck, ...statement(draw) }, verifier(draw)]
  const tracks = draw.pick([['fulfilment'], ['publication'], ['fulfilment', 'publication']])
  return [
    'FailRecheck',
    { recheck, tracks, reason: '不再有效', evidence: [] },
    draw.chance(80) ? verifier(draw) : policy,
  ]
}

/** Any command, whether or not it makes sense now. */
function anything(state: MadeCommitment, draw: Draw, now: string): Proposal {
  const day = laterThan(now, draw)
  const requestedBy = draw.chance(50) ? null : { person: 'leader@county-government', department: 'county-government' }
  const successor = { commitmentId: uuidOf('newer'), source: draw.pick([conference, responseSource]), quote: '新承诺' }
  const ends: Proposal[] = [
    ['BreakCommitment', { reason: '项目取消' }, coordinator],
    ['WithdrawCommitment', { reason: '规划调整', requestedBy }, approver(draw)],
    ['SupersedeCommitment', { successor, reason: '合并', requestedBy }, approver(draw)],
  ]
  if (draw.chance(8)) return draw.pick(ends)
  const report = 1 + draw.below(3)
  const due = draw.pick([{ kind: 'date', date: day, precision: 'month', words: null }, soon, ongoingDue])
  const askerTold = { means: 'phone', toldAt: now, statement: '已告知' }
  return draw.pick<Proposal>([
    making(draw, now),
    ['AffirmCommitment', { source: draw.pick([conference, responseSource]), quote: '重申' }, policy],
    ['ReviseDueDate', { due, reason: '进度调整', requestedBy }, approver(draw)],
    ['ReviewCommitment', { finding: '条件未成', nextReviewOn: day }, verifier(draw)],
    ['MarkOverdue', { matter: draw.pick(['due-date', 'review', 'rectification']) }, policy],
    ['MarkStalled', {}, policy],
    ['ReportProgress', statement(draw), reporter(draw)],
    [
      'ReachMilestone',
      { milestoneId: draw.pick(['subgrade', 'roof']), reachedOn: now.slice(0, 10), ...statement(draw) },
      reporter(draw),
    ],
    ['ReportFulfilment', statement(draw), reporter(draw)],
    [
      'VerifyFulfilment',
      { report, degree: draw.pick(fulfilmentDegree.options), method: 'documents', ...statement(draw) },
      verifier(draw),
    ],
    ['RejectFulfilment', { report, reason: '不符' }, verifier(draw)],
    ['OrderRectification', { requirement: `整改${draw.below(3)}`, dueOn: day }, coordinator],
    ['VerifyPublication', { report, pageDigest: digestOf('page'), wordsFound: ['完工'] }, verifier(draw)],
    ['RejectPublication', { report, fault: 'wrong-site', note: '不是本县网站' }, verifier(draw)],
    [
      'ExemptPublication',
      { ground: 'trade-secret', law: '条例', clause: '第十五条', reason: '报价', askerTold, requestedBy },
      approver(draw),
    ],
    ['SettleCommitment', {}, draw.pick([policy, coordinator])],
    rechecking(state, draw, now),
    looking(state, draw),
    looking(state, draw),
    [
      'InformAskers',
      { occasion: 1 + draw.below(4), means: 'message', statement: '告知' },
      draw.pick([policy, coordinator, reporter(draw)]),
    ],
  ])
}

/** What a machine tells that looks at pages, of the look that is wanted or another. */
function looking(state: MadeCommitment, draw: Draw): Proposal {
  const number = 1 + draw.below(3)
  const other = draw.pick([
    { about: 'report', report: number },
    { about: 'recheck', recheck: number },
  ])
  const look = state.look !== null && draw.chance(80) ? state.look.at : other
  const recheck = 'recheck' in look ? look.recheck : number
  const attempt = (state.look?.attempts ?? 0) + (draw.chance(90) ? 1 : 2)
  return draw.pick<Proposal>([
    ['DeferPageCheck', { look, attempt, fault: 'too-slow', detail: '30 s' }, policy],
    ['LeavePageCheck', { look, because: 'front-page', pageDigest: null, wordsFound: [], detail: null }, policy],
    ['SeePageAgain', { recheck, pageDigest: digestOf('page'), wordsFound: ['完工'] }, policy],
  ])
}

function laterThan(now: string, draw: Draw): string {
  return new Date(Date.parse(now) + (draw.below(90) - 10) * DAY_MS).toISOString().slice(0, 10)
}
