import { describe, expect, test } from 'vitest'
import {
  after,
  completed,
  completing,
  COMPLETION,
  coordinator,
  having,
  hoursLater,
  leader,
  monitor,
  NOW,
  norms,
  officer,
  opened,
  openCase,
  otherCoordinator,
  policy,
  published,
  received,
  settings,
  signed,
  step,
  trafficOfficer,
  triaged,
} from './support.ts'

const completion = { finding: 'substantiated', outcome: '已修好' } as const
const historical = [
  step('OpenCase', { ...openCase, origin: 'history', receivedAt: '2019-04-25T01:32:09.000Z' }),
  step('RecordPastResponse', {
    kind: 'final',
    text: '已修好。',
    publicText: null,
    means: 'website',
    address: null,
    publishedAt: '2019-04-29T08:00:00.000Z',
    department: null,
    departmentNamed: null,
  }),
]

describe('completion', () => {
  test('is asked for with a finding, once the case is answered', () => {
    having(published)
      .when('SubmitCompletion', completion, officer, { commandId: 'complete' })
      .thenEvents({
        type: 'CompletionSubmitted',
        data: {
          completionId: COMPLETION,
          ...completion,
          department: 'housing',
          submittedBy: 'officer@housing',
          at: NOW,
        },
      })
    having(signed).when('SubmitCompletion', completion, officer).thenRefused('NOT_ANSWERED')
  })

  test('again gives nothing', () => {
    having(completing).when('SubmitCompletion', completion, officer).thenNothing()
    having(completed).when('SubmitCompletion', completion, officer).thenNothing()
  })

  test('is asked for by who worked on it or, where nobody here did, by the coordinator', () => {
    having(published).when('SubmitCompletion', completion, trafficOfficer).thenRefused('NOT_YOUR_CASE')
    having(historical)
      .when('SubmitCompletion', completion, coordinator)
      .thenEvents({ type: 'CompletionSubmitted', data: expect.anything() })
  })

  test('approved, it closes the case and what clocks of the county still run', () => {
    having(completing)
      .when('ApproveCompletion', { completionId: COMPLETION }, coordinator)
      .thenEvents(
        {
          type: 'CompletionApproved',
          data: { completionId: COMPLETION, approver: 'coordinator@gov-affairs', at: NOW },
        },
        { type: 'DeadlineLapsed', data: expect.objectContaining({ purpose: 'hand-back', cause: 'withdrawn' }) },
      )
    having(completed).when('ApproveCompletion', { completionId: COMPLETION }, coordinator).thenNothing()
  })

  test('is approved by another person, and only what waits', () => {
    const own = [...historical, step('SubmitCompletion', completion, coordinator, { commandId: 'complete' })]
    having(own).when('ApproveCompletion', { completionId: COMPLETION }, coordinator).thenRefused('APPROVER_IS_PROPOSER')
    having(own)
      .when('ApproveCompletion', { completionId: COMPLETION }, otherCoordinator)
      .thenEvents({ type: 'CompletionApproved', data: expect.anything() })
    having(published)
      .when('ApproveCompletion', { completionId: COMPLETION }, coordinator)
      .thenRefused('NO_COMPLETION_OPEN')
  })

  test('returned for rework it must be asked for anew', () => {
    const why = { completionId: COMPLETION, why: '未附照片' }
    const returned = [...completing, step('ReturnForRework', why, coordinator)]
    having(completing)
      .when('ReturnForRework', why, coordinator)
      .thenEvents({
        type: 'CaseReturnedForRework',
        data: { ...why, returnedBy: 'coordinator@gov-affairs', at: NOW },
      })
    having(returned).when('ReturnForRework', why, coordinator).thenNothing()
    having(returned)
      .when('ApproveCompletion', { completionId: COMPLETION }, coordinator)
      .thenRefused('NO_COMPLETION_OPEN')
    having(completed).when('ReturnForRework', why, coordinator).thenRefused('NO_COMPLETION_OPEN')
    having(returned)
      .when('SubmitCompletion', completion, officer)
      .thenEvents({ type: 'CompletionSubmitted', data: expect.anything() })
  })
})

describe('what the asker says of it', () => {
  const call = { reached: true, solved: 'partly', note: '还有一盏不亮' } as const

  test('a call-back is recorded', () => {
    having(completed)
      .when('RecordCallBack', call, monitor)
      .thenEvents({
        type: 'CaseCalledBack',
        data: { callBackId: expect.any(String), ...call, calledBy: 'monitor@duty-office', at: NOW },
      })
    having([...completed, step('RecordCallBack', call, monitor, { commandId: 'call' })])
      .when('RecordCallBack', call, monitor, { commandId: 'call' })
      .thenNothing()
    having(signed).when('RecordCallBack', call, monitor).thenRefused('NOT_ANSWERED')
  })

  test('who was not reached said nothing', () => {
    having(completed)
      .when('RecordCallBack', { ...call, reached: false }, monitor)
      .thenEvents({ type: 'CaseCalledBack', data: expect.objectContaining({ reached: false, solved: null }) })
  })

  test('a rating is recorded, and again when the asker thinks better of it', () => {
    const rating = { rating: { scale: 'stars', stars: 2 }, comment: null } as const
    having(published)
      .when('RateSatisfaction', rating, policy)
      .thenEvents({ type: 'SatisfactionRated', data: { ...rating, ratedAt: NOW } })
    const rated = [...published, step('RateSatisfaction', rating)]
    having(rated).when('RateSatisfaction', rating).thenNothing()
    having(rated)
      .when('RateSatisfaction', { rating: { scale: 'words', words: 'satisfied' }, comment: null })
      .thenEvents({ type: 'SatisfactionRated', data: expect.anything() })
    having(signed).when('RateSatisfaction', rating).thenRefused('NOT_ANSWERED')
  })
})

describe('reopening', () => {
  const body = { cause: 'dissatisfied', reason: '路灯又坏了' } as const
  const reopened = [...completed, step('ReopenCase', body, monitor, { commandId: 'again', ...hoursLater(240) })]

  test('an answer is owed again', () => {
    having(completed)
      .when('ReopenCase', body, monitor, hoursLater(240))
      .thenEvents(
        {
          type: 'CaseReopened',
          data: {
            reopeningId: expect.any(String),
            ...body,
            reopenedBy: 'monitor@duty-office',
            at: hoursLater(240).now,
          },
        },
        {
          type: 'DeadlineSet',
          data: expect.objectContaining({ purpose: 'final-answer', startedAt: hoursLater(240).now }),
        },
      )
    expect(opened(after(...reopened)).status).toBe('signed')
  })

  test('within the time that a norm gives for answering again, where one does', () => {
    const again = {
      ...norms[0]!,
      id: 'again-3',
      purpose: 'answer-again',
      startsAt: 'reopened',
      within: { amount: 3, unit: 'working-days' },
    } as const
    having(completed)
      .when('ReopenCase', body, monitor, { settings: { ...settings, norms: [...norms, again] } })
      .thenEvents(
        { type: 'CaseReopened', data: expect.anything() },
        { type: 'DeadlineSet', data: expect.objectContaining({ purpose: 'answer-again' }) },
      )
  })

  test('again gives nothing; what is open is not reopened', () => {
    having(reopened).when('ReopenCase', body, monitor, { commandId: 'again' }).thenNothing()
    having(reopened).when('ReopenCase', body, monitor).thenRefused('CASE_NOT_CLOSED')
    having(received).when('ReopenCase', body, monitor).thenRefused('CASE_NOT_CLOSED')
  })

  test('also of what was not accepted', () => {
    const declined = {
      ground: 'not-ours',
      basis: '职责',
      notice: '不属本县职权。',
      rightRoute: null,
      proposedBy: 'zhao',
    } as const
    const steps = [...triaged, step('DoNotAcceptCase', declined, leader), step('ReopenCase', body, leader)]
    expect(opened(after(...steps)).status).toBe('triaged')
  })
})
