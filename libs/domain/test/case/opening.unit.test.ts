import { describe, expect, test } from 'vitest'
import { after, CASE, given, monitor, NOW, openCase, openOpinion, received, settings } from './support.ts'

describe('opening the case of a message', () => {
  const { caseId, ...rest } = openCase

  test('gives it number, query code and the deadlines that start at receipt', () => {
    given()
      .when('OpenCase', openCase, { settings })
      .thenEvents(
        { type: 'CaseOpened', data: { ...rest, caseId, kind: 'message', openedAt: NOW } },
        {
          type: 'DeadlineSet',
          data: expect.objectContaining({ purpose: 'acknowledge', due: '2026-03-04T15:59:59.999Z' }),
        },
        {
          type: 'DeadlineSet',
          data: expect.objectContaining({
            purpose: 'final-answer',
            reference: null,
            startedAt: NOW,
            due: '2026-03-11T15:59:59.999Z',
          }),
        },
      )
  })

  test('the deadline says which norm gave it and how every day counted', () => {
    const [, , final] = after(...received)
    expect(final?.data).toMatchObject({
      deadline: {
        norm: { id: 'message-7', version: 1 },
        within: { amount: 7, unit: 'working-days' },
        provisional: false,
      },
    })
  })

  test('history is judged by the day it was received and keeps that day as its opening', () => {
    given()
      .when(
        'OpenCase',
        { ...openCase, origin: 'history', receivedAt: '2019-04-25T01:32:09.000Z' },
        { settings, occurredAt: '2019-04-25T01:32:09.000Z' },
      )
      .thenEvents(
        {
          type: 'CaseOpened',
          data: expect.objectContaining({ origin: 'history', openedAt: '2019-04-25T01:32:09.000Z' }),
        },
        { type: 'DeadlineSet', data: expect.objectContaining({ purpose: 'acknowledge' }) },
        {
          type: 'DeadlineSet',
          data: expect.objectContaining({ purpose: 'final-answer', due: '2019-05-06T15:59:59.999Z' }),
        },
      )
  })

  test('a second delivery gives nothing', () => {
    given(...after(...received))
      .when('OpenCase', openCase, { settings, commandId: 'another' })
      .thenNothing()
  })

  test('nothing can be asked of a case that was never opened', () => {
    given()
      .when('SignForCase', {}, { actor: { ...monitor, role: 'officer' } as never, settings })
      .thenRefused('NOT_FOUND')
  })
})

describe('opening an opinion case', () => {
  test('starts its clock at discovery', () => {
    given()
      .when('OpenOpinionCase', openOpinion, { settings, actor: monitor, now: '2026-03-02T08:00:00.000Z' })
      .thenEvents(
        {
          type: 'CaseOpened',
          data: expect.objectContaining({
            caseId: CASE,
            kind: 'opinion',
            queryCode: null,
            openedAt: '2026-03-02T08:00:00.000Z',
            receivedAt: NOW,
          }),
        },
        {
          type: 'DeadlineSet',
          data: expect.objectContaining({ purpose: 'final-answer', due: '2026-03-04T06:00:00.000Z' }),
        },
      )
  })
})
