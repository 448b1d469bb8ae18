import { describe, expect, test } from 'vitest'
import {
  after,
  completed,
  coordinator,
  deadlineIn,
  having,
  leader,
  monitor,
  NOW,
  officer,
  openOpinion,
  opened,
  person,
  published,
  publishBody,
  received,
  report,
  RESPONSE,
  route,
  routed,
  signed,
  step,
  triage,
  triaged,
  uuidOf,
  hoursLater,
} from './support.ts'

const joinedReport = { ...report, accused: { departments: ['housing'], persons: [] } }

describe('triage', () => {
  test('says what the case is about, each demand with an id', () => {
    having(received)
      .when('TriageCase', triage, monitor)
      .thenEvents({
        type: 'CaseTriaged',
        data: { ...triage, demands: [{ id: uuidOf('demand', 'command-1', 0), text: '修好路灯' }] },
      })
  })

  test('the same again gives nothing', () => {
    having(triaged).when('TriageCase', triage, monitor).thenNothing()
  })

  test('a demand that stays keeps its id', () => {
    const [first] = opened(after(...triaged)).triage!.demands
    having(triaged)
      .when('TriageCase', { ...triage, demands: ['修好路灯', '说明原因'] }, monitor)
      .thenEvents({
        type: 'CaseTriaged',
        data: expect.objectContaining({ demands: [first, { id: expect.any(String), text: '说明原因' }] }),
      })
  })

  test('a simple question has a shorter deadline, counted from the same start', () => {
    const { id, due } = deadlineIn(after(...received), 'final-answer')
    having(received)
      .when('TriageCase', { ...triage, simple: true }, monitor, hoursLater(2))
      .thenEvents(
        { type: 'CaseTriaged', data: expect.anything() },
        {
          type: 'DeadlineRecomputed',
          data: expect.objectContaining({
            deadlineId: id,
            previousDue: due,
            due: '2026-03-03T15:59:59.999Z',
            cause: 'triage',
            deadline: expect.objectContaining({ startedAt: NOW, norm: expect.objectContaining({ id: 'simple-1' }) }),
          }),
        },
      )
  })

  test('an extended deadline stays as its approver decided', () => {
    const { id } = deadlineIn(after(...triaged), 'final-answer')
    const extended = [
      ...triaged,
      step(
        'ExtendDeadline',
        { deadlineId: id, requestedBy: 'zhao', reason: '需现场勘查' },
        person('signer', 'county-office'),
      ),
    ]
    having(extended)
      .when('TriageCase', { ...triage, simple: true }, monitor)
      .thenEvents({ type: 'CaseTriaged', data: expect.anything() })
  })

  test('a major incident brings the deadlines for authoritative information and press conference, from discovery', () => {
    having([step('OpenOpinionCase', openOpinion, monitor)])
      .when(
        'TriageCase',
        {
          ...triage,
          type: 'opinion',
          opinionGrade: 'larger',
          incident: { grade: 'major', setBy: '应急局', document: null },
        },
        monitor,
        hoursLater(1),
      )
      .thenEvents(
        { type: 'CaseTriaged', data: expect.anything() },
        {
          type: 'DeadlineSet',
          data: expect.objectContaining({ purpose: 'authoritative-information', due: hoursLater(5).now }),
        },
        {
          type: 'DeadlineSet',
          data: expect.objectContaining({ purpose: 'press-conference', due: hoursLater(24).now }),
        },
      )
  })

  test('what no norm asks for any more lapses, but never the answer', () => {
    const major = { ...triage, type: 'opinion', incident: { grade: 'major', setBy: '应急局', document: null } } as const
    having([step('OpenOpinionCase', openOpinion, monitor), step('TriageCase', major, monitor)])
      .when('TriageCase', { ...major, incident: null }, monitor)
      .thenEvents(
        { type: 'CaseTriaged', data: expect.anything() },
        {
          type: 'DeadlineLapsed',
          data: expect.objectContaining({ purpose: 'authoritative-information', cause: 'triage' }),
        },
        { type: 'DeadlineLapsed', data: expect.objectContaining({ purpose: 'press-conference', cause: 'triage' }) },
      )
  })

  test('naming the department that has the case as accused takes it from them at once', () => {
    having(routed)
      .when('TriageCase', joinedReport, monitor)
      .thenEvents(
        { type: 'CaseTriaged', data: expect.anything() },
        { type: 'RoutingWithdrawn', data: { cause: 'accused', departments: ['housing'] } },
        { type: 'DeadlineLapsed', data: expect.objectContaining({ purpose: 'sign-for', cause: 'withdrawn' }) },
      )
  })

  test('an accused who only assists loses it while the lead goes on', () => {
    const assisted = [
      ...triaged,
      step('RouteCase', { ...route, assisting: ['traffic', 'water'] }, monitor),
      step('SignForCase', {}, officer),
      step('RequestAssist', { department: 'traffic', question: '是否占道', due: hoursLater(48).now }, officer),
    ]
    having(assisted)
      .when('TriageCase', report, monitor)
      .thenEvents(
        { type: 'CaseTriaged', data: expect.anything() },
        { type: 'RoutingWithdrawn', data: { cause: 'accused', departments: ['traffic'] } },
        { type: 'DeadlineLapsed', data: expect.objectContaining({ purpose: 'assist-reply', cause: 'withdrawn' }) },
      )
    expect(opened(after(...assisted, step('TriageCase', report, monitor))).hands).toMatchObject({
      routing: { status: 'signed', lead: 'housing', assisting: ['water'] },
      assists: [{ open: false }],
    })
  })

  test('a case that turns out to be a report is no longer featured', () => {
    const featured = [
      ...published,
      step('FeatureReply', { responseId: RESPONSE, digest: publishBody().digest }, coordinator),
    ]
    having(featured)
      .when('TriageCase', report, monitor)
      .thenEvents(
        { type: 'CaseTriaged', data: expect.anything() },
        { type: 'ReplyUnfeatured', data: { responseId: RESPONSE, cause: 'report', reason: null } },
      )
  })

  test('opinion is no type of a message', () => {
    having(received)
      .when('TriageCase', { ...triage, type: 'opinion' }, monitor)
      .thenRefused('TYPE_NOT_OF_KIND')
  })

  test('only a report accuses', () => {
    having(received)
      .when('TriageCase', { ...report, type: 'complaint' }, monitor)
      .thenRefused('ACCUSED_ONLY_IN_REPORT')
  })

  test('an accused department must be one of ours', () => {
    having(received)
      .when('TriageCase', { ...report, accused: { departments: ['nowhere'], persons: [] } }, monitor)
      .thenRefused('UNKNOWN_DEPARTMENT')
  })

  test('a closed case is not triaged', () => {
    having(completed)
      .when('TriageCase', { ...triage, subject: '交通' }, monitor)
      .thenRefused('CASE_CLOSED')
  })

  test('whom the case accuses can do nothing on it, whatever their role', () => {
    const accusing = [
      ...received,
      step(
        'TriageCase',
        { ...report, accused: { departments: ['duty-office'], persons: ['leader@county-office'] } },
        coordinator,
      ),
    ]
    having(accusing).when('TriageCase', triage, monitor).thenRefused('ACTOR_IS_ACCUSED')
    having(accusing).when('TriageCase', triage, leader).thenRefused('ACTOR_IS_ACCUSED')
  })

  test('the history says what state the case is in', () => {
    expect(
      [received, triaged, routed, signed, published, completed].map((steps) => opened(after(...steps)).status),
    ).toEqual(['open', 'triaged', 'routed', 'signed', 'answered', 'completed'])
  })
})
