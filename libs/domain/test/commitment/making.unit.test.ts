import { describe, test } from 'vitest'
import { uuidOf } from '../support/context.ts'
import {
  broken,
  byPolicy,
  conference,
  coordinator,
  coordinatorStaff,
  dependentLeader,
  given,
  leader,
  leaderStaff,
  made,
  officerStaff,
  responseSource,
  settled,
  terms,
} from './support.ts'
import { NOW } from '../support/context.ts'

const fromAnswer = { source: responseSource, origin: 'live', madeAt: NOW, terms } as const
const fromConference = { ...fromAnswer, source: conference }

describe('making a promise', () => {
  test('a published answer records its promise', () => {
    given().when('MakeCommitment', fromAnswer, byPolicy()).thenEvents(made())
  })
  test('the same promise is recorded once, whatever is delivered again', () => {
    given(made()).when('MakeCommitment', fromAnswer, byPolicy()).thenNothing()
  })
  test('what was published is recorded even where its department is unknown by now', () => {
    const elsewhere = { ...terms, responsible: 'closed-bureau' }
    given()
      .when('MakeCommitment', { ...fromAnswer, terms: elsewhere }, byPolicy())
      .thenEvents(made({ terms: elsewhere }))
  })
  test('the coordinator records a promise of a press conference', () => {
    given()
      .when('MakeCommitment', fromConference, coordinator())
      .thenEvents(made({ source: conference }))
  })
  test('the coordinator confirms a promise found in an imported answer', () => {
    const history = { ...fromAnswer, origin: 'history' } as const
    given()
      .when('MakeCommitment', history, coordinator())
      .thenEvents(made({ origin: 'history' }))
  })
  test('nobody records a live answer’s promise by hand', () => {
    given().when('MakeCommitment', fromAnswer, coordinator()).thenRefused('SOURCE_NOT_YOURS')
  })
  test('a policy records nothing but what answers promised', () => {
    given().when('MakeCommitment', fromConference, byPolicy()).thenRefused('SOURCE_NOT_YOURS')
  })
  test('an unknown department can be made responsible by nobody', () => {
    const elsewhere = { ...fromConference, terms: { ...terms, responsible: 'nowhere' } }
    given().when('MakeCommitment', elsewhere, coordinator()).thenRefused('UNKNOWN_DEPARTMENT')
  })
  test('two milestones cannot share an id', () => {
    const [milestone] = terms.milestones
    const doubled = { ...fromConference, terms: { ...terms, milestones: [milestone!, milestone!] } }
    given().when('MakeCommitment', doubled, coordinator()).thenRefused('MILESTONE_TWICE')
  })
  test('a promise cannot have been made in the future', () => {
    const tomorrow = { ...fromConference, madeAt: '2026-03-03T06:00:00.000Z' }
    given().when('MakeCommitment', tomorrow, coordinator()).thenRefused('DATE_IN_FUTURE')
  })
})

describe('affirming a promise', () => {
  const later = { source: conference, quote: '城东路8月底通车' }
  const affirmed = { type: 'CommitmentAffirmed', data: { ...later, affirmedAt: NOW } } as const

  test('a later answer affirms it', () => {
    given(made()).when('AffirmCommitment', later, byPolicy()).thenEvents(affirmed)
  })
  test('the same answer affirms it once', () => {
    given(made(), affirmed).when('AffirmCommitment', later, byPolicy()).thenNothing()
  })
  test('its own answer affirms nothing', () => {
    given(made())
      .when('AffirmCommitment', { ...later, source: responseSource }, byPolicy())
      .thenNothing()
  })
  test('nor does a correction of its own answer', () => {
    const corrected = { ...responseSource, responseDigest: 'c'.repeat(64) }
    given(made())
      .when('AffirmCommitment', { ...later, source: corrected }, byPolicy())
      .thenNothing()
  })
  test('a broken promise is not affirmed', () => {
    given(made(), broken).when('AffirmCommitment', later, byPolicy()).thenRefused('COMMITMENT_NOT_OPEN')
  })
  test('what was never promised is not affirmed', () => {
    given().when('AffirmCommitment', later, byPolicy()).thenRefused('COMMITMENT_NOT_OPEN')
  })
})

describe('superseding a promise', () => {
  const successor = { commitmentId: uuidOf('newer'), source: conference, quote: '9月底前完工' }
  const command = { successor, reason: '两路合并施工', requestedBy: officerStaff }
  const superseded = {
    type: 'CommitmentSuperseded',
    data: { ...command, previousQuote: terms.quote, approver: leaderStaff },
  } as const

  test('keeps the words of both', () => {
    given(made()).when('SupersedeCommitment', command, leader()).thenEvents(superseded)
  })
  test('the same successor again changes nothing', () => {
    given(made(), superseded).when('SupersedeCommitment', command, leader()).thenNothing()
  })
  test('a promise does not supersede itself', () => {
    const itself = { ...command, successor: { ...successor, source: responseSource } }
    given(made()).when('SupersedeCommitment', itself, leader()).thenRefused('SUPERSEDED_BY_ITSELF')
  })
  test('the responsible department does not approve it', () => {
    given(made()).when('SupersedeCommitment', command, dependentLeader()).thenRefused('APPROVER_NOT_INDEPENDENT')
  })
  test('who asked for it does not approve it', () => {
    const own = { ...command, requestedBy: leaderStaff }
    given(made()).when('SupersedeCommitment', own, leader()).thenRefused('APPROVER_IS_REQUESTER')
  })
  test('a settled promise is not superseded', () => {
    given(...settled)
      .when('SupersedeCommitment', command, leader())
      .thenRefused('COMMITMENT_NOT_OPEN')
  })
})

describe('breaking a promise', () => {
  const command = { reason: '项目取消' }

  test('the coordinator says that it will not be kept', () => {
    given(made())
      .when('BreakCommitment', command, coordinator())
      .thenEvents({ type: 'CommitmentBroken', data: { ...command, by: coordinatorStaff, occasion: 1 } })
  })
  test('a broken promise stays broken', () => {
    given(made(), broken).when('BreakCommitment', command, coordinator()).thenNothing()
  })
  test('a settled promise is not broken; a recheck must fail first', () => {
    given(...settled)
      .when('BreakCommitment', command, coordinator())
      .thenRefused('COMMITMENT_NOT_OPEN')
  })
})

describe('withdrawing a promise', () => {
  const command = { reason: '规划调整', requestedBy: null }
  const withdrawn = { type: 'CommitmentWithdrawn', data: { ...command, approver: leaderStaff, occasion: 1 } } as const

  test('keeps reason and approver', () => {
    given(made()).when('WithdrawCommitment', command, leader()).thenEvents(withdrawn)
  })
  test('a withdrawn promise stays withdrawn', () => {
    given(made(), withdrawn).when('WithdrawCommitment', command, leader()).thenNothing()
  })
  test('the responsible department does not approve it', () => {
    given(made()).when('WithdrawCommitment', command, dependentLeader()).thenRefused('APPROVER_NOT_INDEPENDENT')
  })
  test('who asked for it does not approve it', () => {
    const own = { ...command, requestedBy: leaderStaff }
    given(made()).when('WithdrawCommitment', own, leader()).thenRefused('APPROVER_IS_REQUESTER')
  })
  test('a settled promise is not withdrawn', () => {
    given(...settled)
      .when('WithdrawCommitment', command, leader())
      .thenRefused('COMMITMENT_NOT_OPEN')
  })
})
