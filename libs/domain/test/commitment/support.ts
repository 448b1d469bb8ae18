import { commitmentCommands, commitmentEventFormats, evolveCommitment, initialCommitment } from '#domain'
import type { CommandContext, CommitmentEvent, PromiseDue, PromiseSource, PromiseTerms, Settings } from '#domain'
import { contextOf, county, digestOf, NOW, person, policy, uuidOf } from '../support/context.ts'
import { specification } from '../support/spec.ts'

/** A promise of the housing bureau, watched by the inspection office, as the specifications tell it. */

export const { given, stateAfter, decide } = specification({
  initial: initialCommitment,
  evolve: evolveCommitment,
  formats: commitmentEventFormats,
  commands: commitmentCommands,
})

export const settings: Settings = county(
  'housing-bureau',
  'inspection-office',
  'open-government-office',
  'county-government',
)

/** Who gives a command, and when: at `NOW` unless said. */
const as =
  (actor: CommandContext['actor']) =>
  (now: string = NOW) =>
    contextOf({ actor, settings, now })
export const officer = as(person('officer', 'housing-bureau'))
export const otherOfficer = as(person('officer', 'inspection-office'))
export const verifier = as(person('verifier', 'inspection-office'))
export const dependentVerifier = as(person('verifier', 'housing-bureau'))
export const coordinator = as(person('coordinator', 'open-government-office'))
export const leader = as(person('leader', 'county-government'))
export const dependentLeader = as(person('leader', 'housing-bureau'))
export const byPolicy = as(policy)

export const staffOf = (role: string, department: string) => ({ person: `${role}@${department}`, department })
export const officerStaff = staffOf('officer', 'housing-bureau')
export const verifierStaff = staffOf('verifier', 'inspection-office')
export const coordinatorStaff = staffOf('coordinator', 'open-government-office')
export const leaderStaff = staffOf('leader', 'county-government')

export const responseSource: PromiseSource = {
  kind: 'response',
  caseId: uuidOf('case'),
  responseId: uuidOf('response'),
  markId: 'road',
  responseDigest: digestOf('response'),
}
export const conference: PromiseSource = { kind: 'press-conference', heldOn: '2026-03-01', title: '重点项目发布会' }

export const augustDue: PromiseDue = { kind: 'date', date: '2026-08-31', precision: 'month', words: null }
export const ongoingDue: PromiseDue = { kind: 'ongoing', reviewEveryMonths: 6, firstReviewOn: '2026-09-01' }
export const soon: PromiseDue = { kind: 'none', words: '尽快', reviewOn: '2026-04-01' }

export const terms: PromiseTerms = {
  quote: '预计今年8月底将完工通车',
  action: '城东路完工通车',
  class: 'act',
  strength: 'planned',
  promisor: { kind: 'department', name: '县住建局' },
  responsible: 'housing-bureau',
  due: augustDue,
  milestones: [{ id: 'subgrade', title: '路基完成', due: '2026-05-31' }],
  target: null,
  publishAt: null,
}

type DataOf<Type extends CommitmentEvent['type']> = Extract<CommitmentEvent, { type: Type }>['data']

export function made(changes: Partial<DataOf<'CommitmentMade'>> = {}): CommitmentEvent {
  return { type: 'CommitmentMade', data: { source: responseSource, origin: 'live', madeAt: NOW, terms, ...changes } }
}
export const madeDue = (due: PromiseDue) => made({ terms: { ...terms, due } })
export const madeInHistory = made({ origin: 'history', madeAt: '2019-05-01T00:00:00.000Z' })

const statement = '已完工'
export const fulfilmentReport = { statement, evidence: [] }
export const ADDRESS = 'https://www.example.gov.cn/road.html'

export const fulfilmentReported = (report = 1): CommitmentEvent => ({
  type: 'FulfilmentReported',
  data: { report, ...fulfilmentReport, contentDigest: digestOf(fulfilmentReport), reportedAt: NOW, by: officerStaff },
})
export const fulfilmentVerified = (
  degree: 'complete' | 'partial' | 'none' = 'complete',
  report = 1,
): CommitmentEvent => ({
  type: 'FulfilmentVerified',
  data: { report, degree, method: 'site-visit', statement, evidence: [], verifiedAt: NOW, by: verifierStaff },
})
export const publicationReported = (report = 1, by = officerStaff): CommitmentEvent => ({
  type: 'PublicationReported',
  data: { report, address: ADDRESS, reportedAt: NOW, by },
})
export const pageDigest = digestOf('page')
export const publicationVerified: CommitmentEvent = {
  type: 'PublicationVerified',
  data: { report: 1, method: 'manual', pageDigest, wordsFound: ['完工'], verifiedAt: NOW, by: verifierStaff },
}
export const fulfilled = [fulfilmentReported(), fulfilmentVerified()]
export const published = [publicationReported(), publicationVerified]
export const settledOnly: CommitmentEvent = {
  type: 'CommitmentSettled',
  data: { settledAt: NOW, fulfilmentReport: 1, publicationReport: 1, occasion: 1 },
}
export const recheckScheduled = (recheck = 1, dueOn = '2026-05-31'): CommitmentEvent => ({
  type: 'RecheckScheduled',
  data: { recheck, dueOn },
})
export const settled = [made(), ...fulfilled, ...published, settledOnly, recheckScheduled()]
export const recheckPassed = (recheck = 1, passes = 1): CommitmentEvent => ({
  type: 'RecheckPassed',
  data: { recheck, statement, evidence: [], passes, recheckedAt: NOW, by: verifierStaff },
})
export const recheckFailed: CommitmentEvent = {
  type: 'RecheckFailed',
  data: { recheck: 1, tracks: ['fulfilment'], reason: '路面塌陷', evidence: [], recheckedAt: NOW, by: verifierStaff },
}
export const broken: CommitmentEvent = {
  type: 'CommitmentBroken',
  data: { reason: '项目取消', by: coordinatorStaff, occasion: 1 },
}
