import { caseEventFormats } from '#domain'
import type { CaseEvent } from '#domain'
import { describe, expect, test } from 'vitest'
import {
  after,
  approveSteps,
  completed,
  coordinator,
  digestOf,
  drafted,
  having,
  hoursLater,
  monitor,
  NOW,
  officer,
  opened,
  openCase,
  OLDER,
  openOpinion,
  policy,
  publishBody,
  received,
  report,
  routed,
  settings,
  signed,
  signer,
  step,
  submitted,
  trafficOfficer,
  triage,
  triaged,
  uuidOf,
} from './support.ts'

const spoken = { subject: '户政', text: '请带户口簿到任一派出所户籍窗口补办。', means: 'in-person' as const }
const question = { ...triage, type: 'consultation' as const }
const spot = step('CompleteOnTheSpot', spoken, officer, { commandId: 'spot' })

describe('completing a simple question on the spot', () => {
  test('triages, routes, signs, writes down what was said, meets what was owed and completes, in one act', () => {
    having(received)
      .when('CompleteOnTheSpot', spoken, officer, { commandId: 'spot' })
      .thenEvents(
        { type: 'CaseTriaged', data: expect.objectContaining({ type: 'consultation', simple: true, subject: '户政' }) },
        { type: 'DeadlineRecomputed', data: expect.objectContaining({ purpose: 'final-answer', cause: 'triage' }) },
        {
          type: 'CaseRouted',
          data: expect.objectContaining({ lead: 'housing', basis: { kind: 'rule', rule: 'answered-on-the-spot' } }),
        },
        { type: 'DeadlineSet', data: expect.objectContaining({ purpose: 'sign-for' }) },
        { type: 'CaseSignedFor', data: expect.anything() },
        { type: 'DeadlineMet', data: expect.objectContaining({ purpose: 'sign-for' }) },
        { type: 'DeadlineSet', data: expect.objectContaining({ purpose: 'hand-back' }) },
        {
          type: 'AnsweredOnTheSpot',
          data: {
            responseId: uuidOf('on-the-spot-answer', 'spot'),
            text: spoken.text,
            means: 'in-person',
            digest: digestOf({ kind: 'final', text: spoken.text, means: 'in-person' }),
            rule: 1,
            department: 'housing',
            answeredBy: 'officer@housing',
            answeredAt: NOW,
          },
        },
        { type: 'DeadlineMet', data: expect.objectContaining({ purpose: 'acknowledge' }) },
        { type: 'DeadlineMet', data: expect.objectContaining({ purpose: 'final-answer' }) },
        { type: 'DeadlineLapsed', data: expect.objectContaining({ purpose: 'hand-back' }) },
      )
    expect(opened(after(...received, spot)).status).toBe('completed')
  })

  test('goes on from where a case is that nobody else has', () => {
    for (const before of [[...received, step('TriageCase', question, monitor)]]) {
      expect(opened(after(...before, spot)).status).toBe('completed')
    }
    const signedQuestion = [
      ...received,
      step('TriageCase', question, monitor),
      ...routed.slice(-1),
      ...signed.slice(-1),
    ]
    expect(after(...signedQuestion, spot).map(({ type }) => type)).toEqual([
      ...after(...signedQuestion).map(({ type }) => type),
      'AnsweredOnTheSpot',
      'DeadlineMet',
      'DeadlineMet',
      'DeadlineLapsed',
    ])
  })

  test('again gives nothing', () => {
    having([...received, spot])
      .when('CompleteOnTheSpot', spoken, officer, { commandId: 'spot' })
      .thenNothing()
  })

  test('written down late is late: the words count from when they are written', () => {
    const late = after(...received, step('CompleteOnTheSpot', spoken, officer, hoursLater(24 * 20)))
    expect(late.find(({ type, data }) => type === 'DeadlineMissed' && data.purpose === 'final-answer')).toBeDefined()
  })

  test('can be reopened, called back and rated like any other', () => {
    having([...received, spot])
      .when('ReopenCase', { cause: 'dissatisfied', reason: '说错了窗口' }, coordinator)
      .thenEvents(
        { type: 'CaseReopened', data: expect.anything() },
        { type: 'DeadlineSet', data: expect.objectContaining({ purpose: 'final-answer' }) },
      )
    having([...received, spot])
      .when('RecordCallBack', { reached: true, solved: 'yes', note: null }, monitor)
      .thenEvents({ type: 'CaseCalledBack', data: expect.anything() })
  })
})

describe('what is never completed on the spot', () => {
  test('anything but a question, whoever said what it is', () => {
    having(triaged).when('CompleteOnTheSpot', spoken, officer).thenRefused('ON_THE_SPOT_ONLY_CONSULTATION')
    having([...received, step('TriageCase', report, monitor)])
      .when('CompleteOnTheSpot', spoken, officer)
      .thenRefused('ON_THE_SPOT_ONLY_CONSULTATION')
    having([step('OpenCase', { ...openCase, type: 'report' })])
      .when('CompleteOnTheSpot', spoken, officer)
      .thenRefused('ON_THE_SPOT_ONLY_CONSULTATION')
    having([step('OpenOpinionCase', openOpinion, monitor)])
      .when('CompleteOnTheSpot', spoken, officer)
      .thenRefused('ON_THE_SPOT_ONLY_CONSULTATION')
    having([step('OpenCase', { ...openCase, origin: 'history' })])
      .when('CompleteOnTheSpot', spoken, officer)
      .thenRefused('ON_THE_SPOT_ONLY_CONSULTATION')
  })
  test('a question that touches something sensitive', () => {
    having([...received, step('TriageCase', { ...question, sensitivities: ['minors'] }, monitor)])
      .when('CompleteOnTheSpot', spoken, officer)
      .thenRefused('ON_THE_SPOT_ONLY_CONSULTATION')
  })
  test('what the county’s rule leaves to others', () => {
    const rule = { version: 4, roles: ['monitor' as const], means: ['phone' as const] }
    const asked = { settings: { ...settings, onTheSpot: rule } }
    having(received).when('CompleteOnTheSpot', spoken, officer, asked).thenRefused('ON_THE_SPOT_NOT_ALLOWED')
    having(received).when('CompleteOnTheSpot', spoken, monitor, asked).thenRefused('ON_THE_SPOT_NOT_ALLOWED')
    const byPhone = after(...received, step('CompleteOnTheSpot', { ...spoken, means: 'phone' }, monitor, asked)).find(
      ({ type }) => type === 'AnsweredOnTheSpot',
    )
    expect(byPhone?.data).toMatchObject({ rule: 4, department: 'duty-office' })
  })
  test('a case of another department, one that is over, or one that follows another', () => {
    having([...received, step('TriageCase', question, monitor), ...routed.slice(-1)])
      .when('CompleteOnTheSpot', spoken, trafficOfficer)
      .thenRefused('NOT_YOUR_CASE')
    having(completed).when('CompleteOnTheSpot', spoken, officer).thenRefused('CASE_CLOSED')
    const answered = [...submitted, ...approveSteps(), step('PublishResponse', publishBody(), officer)]
    having(answered).when('CompleteOnTheSpot', spoken, officer).thenRefused('CASE_ANSWERED')
  })
  test('one that others follow: they wait for an answer that is published', () => {
    const follower = {
      follower: OLDER,
      through: openCase.caseId,
      joinEventId: uuidOf('join'),
      revision: 3,
      joinedAt: NOW,
      barred: { departments: [], persons: [] },
    }
    having([...received, step('RecordFollower', follower, policy)])
      .when('CompleteOnTheSpot', spoken, officer)
      .thenRefused('ON_THE_SPOT_HAS_FOLLOWERS')
  })
})

describe('no answer in public stands on it', () => {
  test('its event holds no public text, address or promise', () => {
    const { shape } = caseEventFormats.AnsweredOnTheSpot.schema
    expect(Object.keys(shape).toSorted()).toEqual(
      ['answeredAt', 'answeredBy', 'department', 'digest', 'means', 'responseId', 'rule', 'text'].toSorted(),
    )
    for (const means of ['website', 'new-media', 'press-conference']) {
      expect(shape.means.safeParse(means).success).toBe(false)
    }
  })
  test('it can be neither featured nor corrected nor published', () => {
    const responseId = uuidOf('on-the-spot-answer', 'spot')
    const digest = digestOf({ kind: 'final', text: spoken.text, means: 'in-person' })
    const over = [...received, spot]
    having(over).when('FeatureReply', { responseId, digest }, coordinator).thenRefused('RESPONSE_UNKNOWN')
    having(over)
      .when('PublishResponse', { responseId, digest, address: null, publishedAt: null }, officer)
      .thenRefused('RESPONSE_UNKNOWN')
    having(over).when('ApproveResponse', { responseId, level: 1, digest }, signer).thenRefused('RESPONSE_UNKNOWN')
  })
  test('a draft that was under way stays a draft', () => {
    const events: CaseEvent[] = after(...drafted.toSpliced(1, 1, step('TriageCase', question, monitor)), spot)
    expect(opened(events).responses.own.map(({ draft }) => draft.status)).toEqual(['drafted'])
  })
})
