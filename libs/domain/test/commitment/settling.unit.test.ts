import { describe, expect, test } from 'vitest'
import { NOW } from '../support/context.ts'
import {
  broken,
  byPolicy,
  coordinator,
  dependentVerifier,
  fulfilled,
  fulfilmentReported,
  fulfilmentVerified,
  given,
  leaderStaff,
  made,
  madeDue,
  madeInHistory,
  officer,
  officerStaff,
  ongoingDue,
  otherOfficer,
  published,
  recheckFailed,
  recheckPassed,
  recheckScheduled,
  settled,
  settledOnly,
  stateAfter,
  verifier,
} from './support.ts'

const bothDone = [...fulfilled, ...published]

describe('settling', () => {
  test('when both sides are verified, with a recheck on a day', () => {
    given(made(), ...bothDone)
      .when('SettleCommitment', {}, byPolicy())
      .thenEvents(settledOnly, recheckScheduled())
  })
  test('when publication is exempted instead', () => {
    const exempted = {
      type: 'PublicationExempted',
      data: {
        ground: 'trade-secret',
        law: '条例',
        clause: '第十五条',
        reason: '报价',
        askerTold: { means: 'phone', toldAt: NOW, statement: '已告知' },
        requestedBy: officerStaff,
        approver: leaderStaff,
      },
    } as const
    given(made(), ...fulfilled, exempted)
      .when('SettleCommitment', {}, coordinator())
      .thenEvents({ ...settledOnly, data: { ...settledOnly.data, publicationReport: null } }, recheckScheduled())
  })
  test('a settled promise is settled once', () => {
    given(...settled)
      .when('SettleCommitment', {}, byPolicy())
      .thenNothing()
  })
  test('imported history gets no recheck by itself', () => {
    given(madeInHistory, ...bothDone)
      .when('SettleCommitment', {}, byPolicy())
      .thenEvents(settledOnly)
  })
  test('not while fulfilment is open, reported or verified in part', () => {
    const notVerified = [[], [fulfilmentReported()], [fulfilmentReported(), fulfilmentVerified('partial')]]
    for (const events of notVerified) {
      given(made(), ...events, ...published)
        .when('SettleCommitment', {}, byPolicy())
        .thenRefused('FULFILMENT_NOT_VERIFIED')
    }
  })
  test('not while publication is open or only reported', () => {
    for (const events of [[], published.slice(0, 1)]) {
      given(made(), ...fulfilled, ...events)
        .when('SettleCommitment', {}, byPolicy())
        .thenRefused('PUBLICATION_NOT_VERIFIED')
    }
  })
  test('a broken promise is not settled', () => {
    given(made(), ...bothDone, broken)
      .when('SettleCommitment', {}, byPolicy())
      .thenRefused('COMMITMENT_NOT_OPEN')
  })
})

describe('scheduling a recheck', () => {
  test('on another day than the one that came with settling', () => {
    given(...settled)
      .when('ScheduleRecheck', { dueOn: '2026-04-15' }, coordinator())
      .thenEvents(recheckScheduled(1, '2026-04-15'))
  })
  test('the day that is set already changes nothing', () => {
    given(...settled)
      .when('ScheduleRecheck', { dueOn: '2026-05-31' }, coordinator())
      .thenNothing()
  })
  test('not in the past', () => {
    given(...settled)
      .when('ScheduleRecheck', { dueOn: '2026-03-01' }, coordinator())
      .thenRefused('DUE_DATE_PASSED')
  })
  test('an open promise has nothing to recheck', () => {
    given(made()).when('ScheduleRecheck', { dueOn: '2026-05-31' }, coordinator()).thenRefused('COMMITMENT_NOT_SETTLED')
  })
})

describe('passing a recheck', () => {
  const command = { recheck: 1, statement: '已完工', evidence: [] }
  const ongoing = [madeDue(ongoingDue), ...bothDone, settledOnly, recheckScheduled()]

  test('it still holds', () => {
    given(...settled)
      .when('PassRecheck', command, verifier())
      .thenEvents(recheckPassed())
  })
  test('the same recheck again changes nothing', () => {
    given(...settled, recheckPassed())
      .when('PassRecheck', command, verifier())
      .thenNothing()
  })
  test('an ongoing promise is looked at again', () => {
    given(...ongoing)
      .when('PassRecheck', command, verifier())
      .thenEvents(recheckPassed(), recheckScheduled(2))
  })
  test('and becomes routine after the configured number of passes', () => {
    given(...ongoing, recheckPassed(1, 1), recheckScheduled(2), recheckPassed(2, 2), recheckScheduled(3))
      .when('PassRecheck', { ...command, recheck: 3 }, verifier())
      .thenEvents(recheckPassed(3, 3), { type: 'CommitmentMadeRoutine', data: { passes: 3 } })
  })
  test('the responsible department does not recheck its own promise', () => {
    given(...settled)
      .when('PassRecheck', command, dependentVerifier())
      .thenRefused('VERIFIER_NOT_INDEPENDENT')
  })
  test('a recheck must be scheduled', () => {
    given(...settled, recheckPassed())
      .when('PassRecheck', { ...command, recheck: 2 }, verifier())
      .thenRefused('NO_RECHECK_SCHEDULED')
  })
  test('and be the present one', () => {
    given(...settled)
      .when('PassRecheck', { ...command, recheck: 2 }, verifier())
      .thenRefused('RECHECK_NOT_CURRENT')
  })
  test('an open promise has nothing to recheck', () => {
    given(made()).when('PassRecheck', command, verifier()).thenRefused('COMMITMENT_NOT_SETTLED')
  })
})

describe('failing a recheck', () => {
  const command = { recheck: 1, tracks: ['fulfilment' as const], reason: '路面塌陷', evidence: [] }

  test('opens the promise again on the track that failed', () => {
    given(...settled)
      .when('FailRecheck', command, verifier())
      .thenEvents(recheckFailed)
    expect(stateAfter([...settled, recheckFailed])).toMatchObject({
      status: 'open',
      fulfilment: { status: 'open' },
      publication: { status: 'verified' },
    })
  })
  test('it can be settled again, and is rechecked again', () => {
    const verifiedAgain = [fulfilmentReported(2), fulfilmentVerified('complete', 2)]
    given(...settled, recheckFailed, ...verifiedAgain)
      .when('SettleCommitment', {}, byPolicy())
      .thenEvents(
        { ...settledOnly, data: { ...settledOnly.data, fulfilmentReport: 2, occasion: 2 } },
        recheckScheduled(2),
      )
  })
  test('the same failure again changes nothing', () => {
    given(...settled, recheckFailed)
      .when('FailRecheck', command, verifier())
      .thenNothing()
  })
  test('a failure seen without an appointment counts', () => {
    given(...settled, recheckPassed())
      .when('FailRecheck', { ...command, recheck: 2 }, verifier())
      .thenEvents({ ...recheckFailed, data: { ...recheckFailed.data, recheck: 2 } })
  })
  test('a policy sees that the page is gone', () => {
    given(...settled)
      .when('FailRecheck', { ...command, tracks: ['publication'] }, byPolicy())
      .thenEvents({ ...recheckFailed, data: { ...recheckFailed.data, tracks: ['publication'], by: null } })
  })
  test('but not whether the promise was kept', () => {
    given(...settled)
      .when('FailRecheck', command, byPolicy())
      .thenRefused('POLICY_SEES_ONLY_PAGES')
  })
  test('and looks at no page of imported history', () => {
    given(madeInHistory, ...bothDone, settledOnly)
      .when('FailRecheck', { ...command, tracks: ['publication'] }, byPolicy())
      .thenRefused('NOT_FOR_HISTORY')
  })
  test('the responsible department does not recheck its own promise', () => {
    given(...settled)
      .when('FailRecheck', command, dependentVerifier())
      .thenRefused('VERIFIER_NOT_INDEPENDENT')
  })
  test('only the present recheck can fail', () => {
    given(...settled)
      .when('FailRecheck', { ...command, recheck: 3 }, verifier())
      .thenRefused('RECHECK_NOT_CURRENT')
  })
  test('an open promise has nothing to recheck', () => {
    given(made()).when('FailRecheck', command, verifier()).thenRefused('COMMITMENT_NOT_SETTLED')
  })
})

describe('informing the askers', () => {
  const command = { occasion: 1, means: 'message' as const, statement: '城东路已通车' }
  const informed = {
    type: 'AskersInformed',
    data: { ...command, reason: 'settled', informedAt: NOW, by: null },
  } as const

  test('that it was settled', () => {
    given(...settled)
      .when('InformAskers', command, byPolicy())
      .thenEvents(informed)
  })
  test('that it will not be kept, by the department that owes it', () => {
    given(made(), broken)
      .when('InformAskers', command, officer())
      .thenEvents({ type: 'AskersInformed', data: { ...informed.data, reason: 'broken', by: officerStaff } })
  })
  test('once for each occasion', () => {
    given(...settled, informed)
      .when('InformAskers', command, byPolicy())
      .thenNothing()
  })
  test('imported history gives no notice by itself', () => {
    given(madeInHistory, ...bothDone, settledOnly)
      .when('InformAskers', command, byPolicy())
      .thenRefused('NOT_FOR_HISTORY')
  })
  test('there must be something to tell', () => {
    given(made()).when('InformAskers', command, byPolicy()).thenRefused('NOTHING_TO_TELL')
  })
  test('no other department’s officer tells it', () => {
    given(...settled)
      .when('InformAskers', command, otherOfficer())
      .thenRefused('NOT_RESPONSIBLE_DEPARTMENT')
  })
})

describe('a long history', () => {
  const crowded = [made(), ...Array.from({ length: 4_499 }, () => published[0]!)]

  test('takes nothing more from people near the bound of a stream', () => {
    given(...crowded)
      .when('ReportProgress', { statement: '又有进展', evidence: [] }, officer())
      .thenRefused('STREAM_NEARLY_FULL')
  })
  test('but still what must follow', () => {
    given(...crowded, published[1]!, ...fulfilled)
      .when('SettleCommitment', {}, byPolicy())
      .thenEvents(settledOnly, recheckScheduled())
  })
})
