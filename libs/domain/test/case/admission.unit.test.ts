import { describe, expect, test } from 'vitest'
import {
  after,
  completed,
  coordinator,
  deadlineIn,
  having,
  hoursLater,
  leader,
  monitor,
  NOW,
  officer,
  policy,
  published,
  received,
  signed,
  step,
  trafficOfficer,
  triaged,
  uuidOf,
} from './support.ts'

const refusal = {
  ground: 'litigation',
  basis: '信访工作条例',
  notice: '您反映的事项已进入诉讼程序。',
  rightRoute: '请向受诉法院反映。',
  proposedBy: 'zhao',
} as const

describe('not accepting', () => {
  test('tells the asker why and which way is right, and ends what is owed; being told is the acknowledgement', () => {
    having(triaged)
      .when('DoNotAcceptCase', refusal, leader)
      .thenEvents(
        { type: 'CaseNotAccepted', data: { ...refusal, approver: 'leader@county-office', at: NOW } },
        { type: 'DeadlineMet', data: expect.objectContaining({ purpose: 'acknowledge' }) },
        { type: 'DeadlineLapsed', data: expect.objectContaining({ purpose: 'final-answer', cause: 'not-accepted' }) },
      )
  })

  test('what was late by then stays late', () => {
    having(triaged)
      .when('DoNotAcceptCase', refusal, leader, hoursLater(24 * 20))
      .thenEvents(
        { type: 'CaseNotAccepted', data: expect.anything() },
        { type: 'DeadlineMissed', data: expect.objectContaining({ purpose: 'acknowledge' }) },
        { type: 'DeadlineMissed', data: expect.objectContaining({ purpose: 'final-answer' }) },
      )
  })

  test('again gives nothing', () => {
    having([...triaged, step('DoNotAcceptCase', refusal, leader)])
      .when('DoNotAcceptCase', refusal, leader)
      .thenNothing()
  })

  test('nobody approves what they proposed', () => {
    having(triaged)
      .when('DoNotAcceptCase', { ...refusal, proposedBy: 'leader@county-office' }, leader)
      .thenRefused('APPROVER_IS_PROPOSER')
  })

  test('an answered or closed case cannot be declined any more', () => {
    having(published).when('DoNotAcceptCase', refusal, leader).thenRefused('CASE_ANSWERED')
    having(completed).when('DoNotAcceptCase', refusal, leader).thenRefused('CASE_CLOSED')
  })
})

describe('transfer', () => {
  const transfer = { to: '市交通运输局', basis: '职责分工', receipt: null, notice: '已移送市交通运输局。' }

  test('to a body outside the county ends what the county owes', () => {
    having(triaged)
      .when('TransferCase', transfer, coordinator)
      .thenEvents(
        { type: 'CaseTransferred', data: { ...transfer, at: NOW } },
        { type: 'DeadlineMet', data: expect.objectContaining({ purpose: 'acknowledge' }) },
        { type: 'DeadlineLapsed', data: expect.objectContaining({ purpose: 'final-answer', cause: 'transferred' }) },
      )
  })

  test('again gives nothing, and an answered case is not transferred', () => {
    having([...triaged, step('TransferCase', transfer, coordinator)])
      .when('TransferCase', transfer, coordinator)
      .thenNothing()
    having(published).when('TransferCase', transfer, coordinator).thenRefused('CASE_ANSWERED')
  })
})

describe('supplements', () => {
  const request = { what: '请补充具体地址', due: hoursLater(72).now }
  const id = uuidOf('supplement', 'ask')
  const asked = [...signed, step('RequestSupplement', request, officer, { commandId: 'ask' })]
  const given = { request: id, text: '建设路12号', attachments: [], receivedAt: null }

  test('asking gives the asker until the day named', () => {
    having(signed)
      .when('RequestSupplement', request, officer, { commandId: 'ask' })
      .thenEvents(
        { type: 'SupplementRequested', data: { supplementId: id, ...request, requestedBy: 'officer@housing' } },
        {
          type: 'DeadlineSet',
          data: expect.objectContaining({ purpose: 'supplement', reference: id, due: request.due, deadline: null }),
        },
      )
  })

  test('without a day and a norm it has no deadline', () => {
    having(signed)
      .when('RequestSupplement', { ...request, due: null }, officer)
      .thenEvents({ type: 'SupplementRequested', data: expect.objectContaining({ due: null }) })
  })

  test('asking again with the same command gives nothing', () => {
    having(asked).when('RequestSupplement', request, officer, { commandId: 'ask' }).thenNothing()
  })

  test('only who has the case asks, for a day to come, while it is worked on', () => {
    having(signed).when('RequestSupplement', request, trafficOfficer).thenRefused('NOT_YOUR_CASE')
    having(signed)
      .when('RequestSupplement', { ...request, due: NOW }, officer)
      .thenRefused('DUE_IN_PAST')
    having(published).when('RequestSupplement', request, officer).thenRefused('CASE_ANSWERED')
  })

  test('what arrives meets the request it answers', () => {
    const { id: deadlineId, due } = deadlineIn(after(...asked), 'supplement')
    having(asked)
      .when('RecordSupplement', given, monitor, hoursLater(3))
      .thenEvents(
        {
          type: 'SupplementReceived',
          data: { ...given, supplementId: expect.any(String), receivedAt: hoursLater(3).now },
        },
        { type: 'DeadlineMet', data: { deadlineId, purpose: 'supplement', due, at: hoursLater(3).now } },
      )
  })

  test('what nobody asked for is taken too, even after the case has closed', () => {
    having(completed)
      .when('RecordSupplement', { ...given, request: null }, policy)
      .thenEvents({ type: 'SupplementReceived', data: expect.objectContaining({ request: null }) })
  })

  test('the same again gives nothing; an unknown request is refused', () => {
    having([...received, step('RecordSupplement', { ...given, request: null }, monitor, { commandId: 'give' })])
      .when('RecordSupplement', { ...given, request: null }, monitor, { commandId: 'give' })
      .thenNothing()
    having(received).when('RecordSupplement', given, monitor).thenRefused('SUPPLEMENT_UNKNOWN')
  })
})
