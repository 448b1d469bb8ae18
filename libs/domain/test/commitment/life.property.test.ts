import {
  commitmentCommands,
  commitmentEventFormats,
  evolveCommitment,
  fulfilmentDegree,
  initialCommitment,
  isReadyToSettle,
  publicationFault,
} from '#domain'
import type { Actor, Commitment, CommitmentEvent, MadeCommitment } from '#domain'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { contextOf, county, digestOf, person, policy, uuidOf } from '../support/context.ts'
import { runSequence, steps } from '../support/sequence.ts'
import type { Attempt, Draw } from '../support/sequence.ts'
import { augustDue, conference, ongoingDue, responseSource, soon, terms } from './support.ts'

const RUNS = 400
const aggregate = {
  initial: initialCommitment,
  evolve: evolveCommitment,
  formats: commitmentEventFormats,
  commands: commitmentCommands,
}
const RESPONSIBLE = terms.responsible
const departments = [RESPONSIBLE, 'inspection-office', 'open-government-office', 'county-government']
const settings = { ...county(...departments), publicationHosts: ['example.gov.cn'] }
const START = Date.parse('2026-03-02T06:00:00.000Z')
const DAY_MS = 86_400_000

/** The next command: mostly one that the state asks for, sometimes any other, sometimes by the wrong person. */
function next(state: Commitment, draw: Draw, step: number): Attempt {
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
const coordinator = person('coordinator', 'open-government-office')

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
    [
      'InformAskers',
      { occasion: 1 + draw.below(4), means: 'message', statement: '告知' },
      draw.pick([policy, coordinator, reporter(draw)]),
    ],
  ])
}

function laterThan(now: string, draw: Draw): string {
  return new Date(Date.parse(now) + (draw.below(90) - 10) * DAY_MS).toISOString().slice(0, 10)
}

/** Told from the events alone, not by the state that decides: what was last said of each side. */
function bothSidesDone(events: readonly CommitmentEvent[]): boolean {
  const fulfilment = events.findLast(
    ({ type, data }) =>
      type.startsWith('Fulfilment') || (type === 'RecheckFailed' && data.tracks.includes('fulfilment')),
  )
  const publication = events.findLast(
    ({ type, data }) =>
      type.startsWith('Publication') || (type === 'RecheckFailed' && data.tracks.includes('publication')),
  )
  return (
    fulfilment?.type === 'FulfilmentVerified' &&
    fulfilment.data.degree === 'complete' &&
    (publication?.type === 'PublicationVerified' || publication?.type === 'PublicationExempted')
  )
}

/** Whoever judged, and whoever approved, is of another department than the one that owes the promise. */
function judgesOf(event: CommitmentEvent): string[] {
  switch (event.type) {
    case 'FulfilmentVerified':
    case 'FulfilmentRejected':
    case 'RectificationOrdered':
    case 'RecheckPassed':
      return [event.data.by.department]
    case 'PublicationVerified':
    case 'PublicationRejected':
    case 'RecheckFailed':
      return event.data.by === null ? [] : [event.data.by.department]
    case 'PublicationExempted':
    case 'DueDateRevised':
    case 'CommitmentSuperseded':
    case 'CommitmentWithdrawn':
      return [event.data.approver.department]
    default:
      return []
  }
}

test('no sequence of commands settles a promise with a side open, or has it judged by the department that owes it', () => {
  const reached = { settled: 0, settledAgain: 0, routine: 0, broken: 0, judged: 0 }
  const accepted = new Set<string>()
  fc.assert(
    fc.property(steps(25, 60), (seeds) => {
      const events: CommitmentEvent[] = []
      const run = runSequence(aggregate, seeds, next, (_before, happened) => {
        for (const event of happened) {
          if (event.type === 'CommitmentSettled') expect(bothSidesDone(events)).toBe(true)
          const judges = judgesOf(event)
          expect(judges).not.toContain(RESPONSIBLE)
          reached.judged += judges.length
          events.push(event)
        }
      })
      if (run.state.status === 'settled' || run.state.status === 'routine') {
        expect(bothSidesDone(run.events)).toBe(true)
        expect(isReadyToSettle(run.state)).toBe(true)
      }
      const count = (type: CommitmentEvent['type']) => run.events.filter((event) => event.type === type).length
      expect(count('CommitmentMade')).toBeLessThanOrEqual(1)
      if (count('CommitmentSettled') > 0) reached.settled++
      if (count('CommitmentSettled') > 1) reached.settledAgain++
      if (count('CommitmentMadeRoutine') > 0) reached.routine++
      if (count('CommitmentBroken') > 0) reached.broken++
      for (const name of run.accepted.keys()) accepted.add(name)
    }),
    { numRuns: RUNS },
  )
  // The generator reaches far, or the properties above say little.
  expect(reached.settled).toBeGreaterThanOrEqual(RUNS * 0.3)
  expect(reached.settledAgain).toBeGreaterThanOrEqual(RUNS * 0.1)
  expect(reached.broken).toBeGreaterThan(0)
  expect(reached.judged).toBeGreaterThan(RUNS)
  expect([...accepted].toSorted()).toEqual(Object.keys(commitmentCommands).toSorted())
})

test('nothing that time does happens to a promise of imported history', () => {
  const timeDoes = ['CommitmentOverdue', 'CommitmentStalled']
  fc.assert(
    fc.property(steps(25, 40), (seeds) => {
      const { events } = runSequence(aggregate, seeds, (state, draw, step) => {
        const attempt = next(state, draw, step)
        const history = { source: responseSource, origin: 'history', madeAt: '2019-05-01T00:00:00.000Z', terms }
        return state.status === 'none'
          ? { name: 'MakeCommitment', body: history, context: { ...attempt.context, actor: coordinator } }
          : attempt
      })
      expect(events.filter(({ type }) => timeDoes.includes(type))).toEqual([])
      const automatic = ['PublicationVerified', 'PublicationRejected', 'RecheckFailed', 'AskersInformed']
      const byNobody = events.filter(({ data }) => 'by' in data && data.by === null)
      expect(byNobody.filter(({ type }) => automatic.includes(type))).toEqual([])
    }),
    { numRuns: RUNS / 4 },
  )
})

test('an event in any order leaves a state, never an error', () => {
  const { events } = runSequence(
    aggregate,
    Array.from({ length: 300 }, (_, at) => at * 7919),
    next,
  )
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...events), { maxLength: 40, size: 'max' }), (shuffled) => {
      expect(shuffled.reduce(evolveCommitment, initialCommitment)).toHaveProperty('status')
    }),
    { numRuns: 200 },
  )
})
