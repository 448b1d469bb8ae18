import { commitmentCommands } from '#domain'
import { describe, expect, test } from 'vitest'
import { digestOf, NOW, person } from '../support/context.ts'
import {
  broken,
  byPolicy,
  coordinator,
  coordinatorStaff,
  dependentVerifier,
  fulfilled,
  fulfilmentReport,
  fulfilmentReported,
  fulfilmentVerified,
  given,
  made,
  officer,
  officerStaff,
  otherOfficer,
  settings,
  stateAfter,
  verifier,
  verifierStaff,
} from './support.ts'

describe('reporting progress', () => {
  const command = { statement: '路基已完成八成', evidence: [] }
  const reported = {
    type: 'ProgressReported',
    data: { ...command, contentDigest: digestOf(command), reportedAt: NOW, by: officerStaff },
  } as const

  test('the responsible department tells how far it is', () => {
    given(made()).when('ReportProgress', command, officer()).thenEvents(reported)
  })
  test('the same words again are no progress', () => {
    given(made(), reported).when('ReportProgress', command, officer()).thenNothing()
  })
  test('no other department tells it', () => {
    given(made()).when('ReportProgress', command, otherOfficer()).thenRefused('NOT_RESPONSIBLE_DEPARTMENT')
  })
  test('not on a broken promise', () => {
    given(made(), broken).when('ReportProgress', command, officer()).thenRefused('COMMITMENT_NOT_OPEN')
  })
})

describe('reaching a milestone', () => {
  const command = { milestoneId: 'subgrade', reachedOn: '2026-03-02', statement: '路基完成', evidence: [] }
  const reached = { type: 'MilestoneReached', data: { ...command, reportedAt: NOW, by: officerStaff } } as const

  test('is reported with its day', () => {
    given(made()).when('ReachMilestone', command, officer()).thenEvents(reached)
  })
  test('happens once', () => {
    given(made(), reached).when('ReachMilestone', command, officer()).thenNothing()
  })
  test('the promise must have it', () => {
    given(made())
      .when('ReachMilestone', { ...command, milestoneId: 'roof' }, officer())
      .thenRefused('UNKNOWN_MILESTONE')
  })
  test('not in the future', () => {
    given(made())
      .when('ReachMilestone', { ...command, reachedOn: '2026-03-03' }, officer())
      .thenRefused('DATE_IN_FUTURE')
  })
  test('no other department reports it', () => {
    given(made()).when('ReachMilestone', command, otherOfficer()).thenRefused('NOT_RESPONSIBLE_DEPARTMENT')
  })
  test('not on a broken promise', () => {
    given(made(), broken).when('ReachMilestone', command, officer()).thenRefused('COMMITMENT_NOT_OPEN')
  })
})

describe('reporting fulfilment', () => {
  test('the responsible department says that it is done', () => {
    given(made()).when('ReportFulfilment', fulfilmentReport, officer()).thenEvents(fulfilmentReported())
  })
  test('the same report again changes nothing', () => {
    given(made(), fulfilmentReported()).when('ReportFulfilment', fulfilmentReport, officer()).thenNothing()
    given(made(), ...fulfilled)
      .when('ReportFulfilment', fulfilmentReport, officer())
      .thenNothing()
  })
  test('a newer report takes the place of one not yet judged, under the next number', () => {
    const newer = { statement: '已完工并清场', evidence: [] }
    given(made(), fulfilmentReported())
      .when('ReportFulfilment', newer, officer())
      .thenEvents({
        type: 'FulfilmentReported',
        data: { report: 2, ...newer, contentDigest: digestOf(newer), reportedAt: NOW, by: officerStaff },
      })
  })
  test('nothing is reported once it is verified as complete', () => {
    given(made(), ...fulfilled)
      .when('ReportFulfilment', { statement: '再次完工', evidence: [] }, officer())
      .thenRefused('FULFILMENT_ALREADY_VERIFIED')
  })
  test('no other department reports it', () => {
    given(made()).when('ReportFulfilment', fulfilmentReport, otherOfficer()).thenRefused('NOT_RESPONSIBLE_DEPARTMENT')
  })
  test('not on a broken promise', () => {
    given(made(), broken).when('ReportFulfilment', fulfilmentReport, officer()).thenRefused('COMMITMENT_NOT_OPEN')
  })
})

describe('verifying fulfilment', () => {
  const command = {
    report: 1,
    degree: 'complete' as const,
    method: 'site-visit' as const,
    statement: '已完工',
    evidence: [],
  }

  test('somebody of another department verifies the report', () => {
    given(made(), fulfilmentReported()).when('VerifyFulfilment', command, verifier()).thenEvents(fulfilmentVerified())
  })
  test('the same verification again changes nothing', () => {
    given(made(), ...fulfilled)
      .when('VerifyFulfilment', command, verifier())
      .thenNothing()
  })
  test('the responsible department does not verify its own promise', () => {
    given(made(), fulfilmentReported())
      .when('VerifyFulfilment', command, dependentVerifier())
      .thenRefused('VERIFIER_NOT_INDEPENDENT')
  })
  test('who reported it does not verify it after moving to another department', () => {
    const moved = person('verifier', 'inspection-office', officerStaff.person)
    given(made(), fulfilmentReported())
      .when('VerifyFulfilment', command, { actor: moved, settings })
      .thenRefused('VERIFIER_NOT_INDEPENDENT')
  })
  test('there must be a report', () => {
    given(made()).when('VerifyFulfilment', command, verifier()).thenRefused('NOTHING_REPORTED')
  })
  test('a report that was replaced meanwhile is not verified unread', () => {
    given(made(), fulfilmentReported(), fulfilmentReported(2))
      .when('VerifyFulfilment', command, verifier())
      .thenRefused('REPORT_CHANGED')
  })
  test('not on a broken promise', () => {
    given(made(), fulfilmentReported(), broken)
      .when('VerifyFulfilment', command, verifier())
      .thenRefused('COMMITMENT_NOT_OPEN')
  })
})

describe('rejecting a report of fulfilment', () => {
  const command = { report: 1, reason: '照片不是该路段' }
  const rejected = { type: 'FulfilmentRejected', data: { ...command, by: verifierStaff } } as const

  test('opens the track again', () => {
    given(made(), fulfilmentReported()).when('RejectFulfilment', command, verifier()).thenEvents(rejected)
    given(made(), fulfilmentReported(), rejected)
      .when('ReportFulfilment', fulfilmentReport, officer())
      .thenEvents(fulfilmentReported(2))
  })
  test('the same rejection again changes nothing', () => {
    given(made(), fulfilmentReported(), rejected).when('RejectFulfilment', command, verifier()).thenNothing()
  })
  test('the responsible department does not judge its own report', () => {
    given(made(), fulfilmentReported())
      .when('RejectFulfilment', command, dependentVerifier())
      .thenRefused('VERIFIER_NOT_INDEPENDENT')
  })
  test('there must be a report', () => {
    given(made()).when('RejectFulfilment', command, verifier()).thenRefused('NOTHING_REPORTED')
  })
  test('a report that was replaced meanwhile is not rejected unread', () => {
    given(made(), fulfilmentReported(), fulfilmentReported(2))
      .when('RejectFulfilment', command, verifier())
      .thenRefused('REPORT_CHANGED')
  })
  test('not on a broken promise', () => {
    given(made(), fulfilmentReported(), broken)
      .when('RejectFulfilment', command, verifier())
      .thenRefused('COMMITMENT_NOT_OPEN')
  })
})

describe('ordering rectification', () => {
  const command = { requirement: '补建人行道', dueOn: '2026-10-31' }
  const ordered = {
    type: 'RectificationOrdered',
    data: { report: 1, ...command, contentDigest: digestOf(command.requirement), by: coordinatorStaff },
  } as const
  const partlyDone = [made(), fulfilmentReported(), fulfilmentVerified('partial')]

  test('follows a verification that found the promise kept in part', () => {
    given(...partlyDone)
      .when('OrderRectification', command, coordinator())
      .thenEvents(ordered)
  })
  test('or not at all', () => {
    given(made(), fulfilmentReported(), fulfilmentVerified('none'))
      .when('OrderRectification', command, coordinator())
      .thenEvents(ordered)
  })
  test('the same order again changes nothing', () => {
    given(...partlyDone, ordered)
      .when('OrderRectification', command, coordinator())
      .thenNothing()
  })
  test('a promise kept completely leaves nothing to rectify', () => {
    given(made(), ...fulfilled)
      .when('OrderRectification', command, coordinator())
      .thenRefused('NOTHING_TO_RECTIFY')
  })
  test('not due in the past', () => {
    given(...partlyDone)
      .when('OrderRectification', { ...command, dueOn: '2026-03-01' }, coordinator())
      .thenRefused('DUE_DATE_PASSED')
  })
  test('the responsible department does not order it of itself', () => {
    given(...partlyDone)
      .when('OrderRectification', command, dependentVerifier())
      .thenRefused('VERIFIER_NOT_INDEPENDENT')
  })
  test('not on a broken promise', () => {
    given(...partlyDone, broken)
      .when('OrderRectification', command, coordinator())
      .thenRefused('COMMITMENT_NOT_OPEN')
  })
})

test('a policy reports nothing, whatever a table of permissions says', () => {
  const decision = commitmentCommands.ReportProgress.decide(
    { statement: '进展', evidence: [] },
    stateAfter([made()]),
    byPolicy(),
  )
  expect(decision).toMatchObject({ outcome: 'refused', code: 'ROLE_NOT_ALLOWED' })
})
