import { describe, expect, test } from 'vitest'
import { NOW } from '../support/context.ts'
import {
  augustDue,
  broken,
  byPolicy,
  coordinator,
  coordinatorStaff,
  dependentLeader,
  fulfilled,
  fulfilmentReported,
  fulfilmentVerified,
  given,
  leader,
  leaderStaff,
  made,
  madeDue,
  madeInHistory,
  officerStaff,
  settled,
  soon,
  stateAfter,
} from './support.ts'

const november = { kind: 'date', date: '2026-11-30', precision: 'month', words: null } as const
const revised = {
  type: 'DueDateRevised',
  data: {
    previous: augustDue,
    due: november,
    reason: '管线迁改未完成',
    requestedBy: officerStaff,
    approver: leaderStaff,
    occasion: 1,
  },
} as const

describe('revising the due date', () => {
  const command = { due: november, reason: '管线迁改未完成', requestedBy: officerStaff }

  test('keeps the earlier one, the reason and the approver', () => {
    given(made()).when('ReviseDueDate', command, leader()).thenEvents(revised)
    expect(stateAfter([made(), revised])).toMatchObject({ due: november, earlierDues: [augustDue] })
  })
  test('the date that holds already changes nothing', () => {
    given(made(), revised).when('ReviseDueDate', command, leader()).thenNothing()
    const sameAgain = {
      ...command,
      due: { words: null, precision: 'month', date: '2026-08-31', kind: 'date' },
    } as const
    given(made()).when('ReviseDueDate', sameAgain, leader()).thenNothing()
  })
  test('not into the past', () => {
    const past = { ...command, due: { ...november, date: '2026-03-01' } }
    given(made()).when('ReviseDueDate', past, leader()).thenRefused('DUE_DATE_PASSED')
  })
  test('the responsible department does not approve it', () => {
    given(made()).when('ReviseDueDate', command, dependentLeader()).thenRefused('APPROVER_NOT_INDEPENDENT')
  })
  test('who asked for it does not approve it', () => {
    const own = { ...command, requestedBy: leaderStaff }
    given(made()).when('ReviseDueDate', own, leader()).thenRefused('APPROVER_IS_REQUESTER')
  })
  test('a broken promise gets no other date', () => {
    given(made(), broken).when('ReviseDueDate', command, leader()).thenRefused('COMMITMENT_NOT_OPEN')
  })
})

describe('reviewing a promise without a date', () => {
  const command = { finding: '条件尚不具备', nextReviewOn: '2026-06-01' }
  const reviewed = {
    type: 'CommitmentReviewed',
    data: { ...command, previousReviewOn: '2026-04-01', by: coordinatorStaff },
  } as const

  test('says what was found and when to look again', () => {
    given(madeDue(soon)).when('ReviewCommitment', command, coordinator()).thenEvents(reviewed)
  })
  test('the same review again changes nothing', () => {
    given(madeDue(soon), reviewed).when('ReviewCommitment', command, coordinator()).thenNothing()
  })
  test('a promise with a date of its own needs none', () => {
    given(made()).when('ReviewCommitment', command, coordinator()).thenRefused('DUE_DATE_IS_FIXED')
  })
  test('the next look is not in the past', () => {
    const past = { ...command, nextReviewOn: '2026-03-01' }
    given(madeDue(soon)).when('ReviewCommitment', past, coordinator()).thenRefused('DUE_DATE_PASSED')
  })
  test('a broken promise is not reviewed', () => {
    given(madeDue(soon), broken).when('ReviewCommitment', command, coordinator()).thenRefused('COMMITMENT_NOT_OPEN')
  })
})

describe('marking a promise overdue', () => {
  const lastMoment = '2026-08-31T15:59:59.999Z'
  const nextDay = '2026-08-31T16:00:00.000Z' // midnight in Shanghai
  const overdue = (due: string, occasion: number) =>
    ({ type: 'CommitmentOverdue', data: { matter: 'due-date', due, occasion } }) as const

  test('on the day after the due date, and the askers have something to hear', () => {
    given(made()).when('MarkOverdue', { matter: 'due-date' }, byPolicy(nextDay)).thenEvents(overdue('2026-08-31', 1))
  })
  test('not on the due date itself', () => {
    given(made()).when('MarkOverdue', { matter: 'due-date' }, byPolicy(lastMoment)).thenRefused('NOT_OVERDUE')
  })
  test('once for each due date', () => {
    const marked = [made(), overdue('2026-08-31', 1)]
    given(...marked)
      .when('MarkOverdue', { matter: 'due-date' }, byPolicy(nextDay))
      .thenNothing()
    const later = '2026-12-01T06:00:00.000Z'
    given(...marked, revised)
      .when('MarkOverdue', { matter: 'due-date' }, byPolicy(later))
      .thenEvents(overdue('2026-11-30', 3))
  })
  test('not while what the department reported waits to be verified, nor once it is', () => {
    given(made(), fulfilmentReported())
      .when('MarkOverdue', { matter: 'due-date' }, byPolicy(nextDay))
      .thenRefused('NOT_OVERDUE')
    given(made(), ...fulfilled)
      .when('MarkOverdue', { matter: 'due-date' }, byPolicy(nextDay))
      .thenRefused('NOT_OVERDUE')
  })
  test('a passed review date is a matter of its own, and no news for the askers', () => {
    given(madeDue(soon))
      .when('MarkOverdue', { matter: 'review' }, byPolicy('2026-04-02T06:00:00.000Z'))
      .thenEvents({ type: 'CommitmentOverdue', data: { matter: 'review', due: '2026-04-01', occasion: null } })
    given(made()).when('MarkOverdue', { matter: 'review' }, byPolicy(nextDay)).thenRefused('NOT_OVERDUE')
  })
  test('so is a passed rectification date', () => {
    const ordered = {
      type: 'RectificationOrdered',
      data: {
        report: 1,
        requirement: '补建',
        dueOn: '2026-04-30',
        contentDigest: 'a'.repeat(64),
        by: coordinatorStaff,
      },
    } as const
    given(made(), fulfilmentReported(), fulfilmentVerified('partial'), ordered)
      .when('MarkOverdue', { matter: 'rectification' }, byPolicy('2026-05-01T06:00:00.000Z'))
      .thenEvents({ type: 'CommitmentOverdue', data: { matter: 'rectification', due: '2026-04-30', occasion: null } })
  })
  test('never for imported history', () => {
    given(madeInHistory)
      .when('MarkOverdue', { matter: 'due-date' }, byPolicy('2026-12-01T06:00:00.000Z'))
      .thenRefused('NOT_FOR_HISTORY')
  })
  test('not once it is settled', () => {
    given(...settled)
      .when('MarkOverdue', { matter: 'due-date' }, byPolicy(nextDay))
      .thenRefused('COMMITMENT_NOT_OPEN')
  })
})

describe('marking a promise stalled', () => {
  const stalled = { type: 'CommitmentStalled', data: { lastMovementAt: NOW, afterDays: 30 } } as const
  const dayBefore = '2026-03-31T06:00:00.000Z'
  const onTheDay = '2026-04-01T06:00:00.000Z'

  test('when nothing moved for the configured days', () => {
    given(made()).when('MarkStalled', {}, byPolicy(onTheDay)).thenEvents(stalled)
  })
  test('not earlier', () => {
    given(made()).when('MarkStalled', {}, byPolicy(dayBefore)).thenRefused('NOT_STALLED')
  })
  test('once for each standstill', () => {
    given(made(), stalled).when('MarkStalled', {}, byPolicy(onTheDay)).thenNothing()
  })
  test('never for imported history', () => {
    given(madeInHistory).when('MarkStalled', {}, byPolicy(onTheDay)).thenRefused('NOT_FOR_HISTORY')
  })
  test('not once it is broken', () => {
    given(made(), broken).when('MarkStalled', {}, byPolicy(onTheDay)).thenRefused('COMMITMENT_NOT_OPEN')
  })
})
