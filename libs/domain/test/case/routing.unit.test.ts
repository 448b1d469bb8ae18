import { describe, expect, test } from 'vitest'
import {
  after,
  completed,
  coordinator,
  deadlineIn,
  having,
  hoursLater,
  monitor,
  NOW,
  officer,
  opened,
  published,
  received,
  report,
  reviewer,
  route,
  routed,
  settings,
  signed,
  step,
  trafficOfficer,
  triaged,
  uuidOf,
  waterOfficer,
} from './support.ts'

const reasons = { reason: '不属本单位职责', basis: '三定方案', suggestedLead: 'traffic' }
const HAND_BACK = uuidOf('hand-back', 'ask')
const asked = [...signed, step('RequestHandBack', reasons, officer, { commandId: 'ask' })]
const granted = [...asked, step('GrantHandBack', { handBackId: HAND_BACK, reason: null }, coordinator)]
const jurisdiction = {
  ...route,
  basis: { kind: 'jurisdiction', decidedBy: '县政府办', document: null, reason: '由住建局主办' },
} as const

describe('routing', () => {
  test('starts the time to sign', () => {
    having(triaged)
      .when('RouteCase', { ...route, assisting: ['water', 'housing', 'water'] }, monitor)
      .thenEvents(
        {
          type: 'CaseRouted',
          data: { ...route, assisting: ['water'], previousLead: null, coordinating: null, at: NOW },
        },
        {
          type: 'DeadlineSet',
          data: expect.objectContaining({ purpose: 'sign-for', due: '2026-03-03T15:59:59.999Z' }),
        },
      )
  })

  test('to the same again gives nothing', () => {
    having(signed).when('RouteCase', route, monitor).thenNothing()
  })

  test('to another lead starts anew; the one first asked coordinates until that one has signed', () => {
    having(routed)
      .when('RouteCase', { ...route, lead: 'traffic' }, monitor)
      .thenEvents(
        {
          type: 'CaseRouted',
          data: expect.objectContaining({ lead: 'traffic', previousLead: 'housing', coordinating: 'housing' }),
        },
        { type: 'DeadlineLapsed', data: expect.objectContaining({ purpose: 'sign-for', cause: 'rerouted' }) },
        { type: 'DeadlineSet', data: expect.objectContaining({ purpose: 'sign-for' }) },
      )
  })

  test('with other assisting departments the lead need not sign again', () => {
    having(signed)
      .when('RouteCase', { ...route, assisting: ['water'] }, monitor)
      .thenEvents({ type: 'CaseRouted', data: expect.objectContaining({ assisting: ['water'] }) })
    expect(opened(after(...signed, step('RouteCase', { ...route, assisting: ['water'] }, monitor))).status).toBe(
      'signed',
    )
  })

  test('waits for triage', () => {
    having(received).when('RouteCase', route, monitor).thenRefused('NOT_TRIAGED')
  })

  test('ends with the answer', () => {
    having(published)
      .when('RouteCase', { ...route, lead: 'traffic' }, monitor)
      .thenRefused('CASE_ANSWERED')
    having(completed)
      .when('RouteCase', { ...route, lead: 'traffic' }, monitor)
      .thenRefused('CASE_CLOSED')
  })

  test('goes only to departments that exist and are active', () => {
    having(triaged)
      .when('RouteCase', { ...route, lead: 'nowhere' }, monitor)
      .thenRefused('UNKNOWN_DEPARTMENT')
    having(triaged)
      .when('RouteCase', { ...route, assisting: ['closed-down'] }, monitor)
      .thenRefused('UNKNOWN_DEPARTMENT')
  })

  test('never takes a report to whom it accuses, as lead or assisting', () => {
    const accusing = [...received, step('TriageCase', report, monitor)]
    having(accusing)
      .when('RouteCase', { ...route, lead: 'traffic' }, monitor)
      .thenRefused('ROUTE_TO_ACCUSED')
    having(accusing)
      .when('RouteCase', { ...route, assisting: ['traffic'] }, monitor)
      .thenRefused('ROUTE_TO_ACCUSED')
  })

  test('after the configured number of hand-backs takes a jurisdiction decision', () => {
    const once = { ...settings, limits: { ...settings.limits, handBacks: 1 } }
    having(granted).when('RouteCase', route, monitor, { settings: once }).thenRefused('JURISDICTION_REQUIRED')
    having(granted)
      .when('RouteCase', jurisdiction, monitor, { settings: once })
      .thenEvents({ type: 'CaseRouted', data: expect.anything() }, { type: 'DeadlineSet', data: expect.anything() })
  })

  test('a jurisdiction decision is changed only by another', () => {
    const bound = [...triaged, step('RouteCase', jurisdiction, coordinator)]
    having(bound)
      .when('RouteCase', { ...route, lead: 'traffic' }, monitor)
      .thenRefused('JURISDICTION_BINDS')
    having(bound)
      .when('RouteCase', { ...jurisdiction, lead: 'traffic' }, coordinator)
      .thenEvents(
        { type: 'CaseRouted', data: expect.objectContaining({ lead: 'traffic' }) },
        { type: 'DeadlineLapsed', data: expect.anything() },
        { type: 'DeadlineSet', data: expect.anything() },
      )
  })
})

describe('signing', () => {
  test('in time meets the deadline and starts the time to hand back', () => {
    const { id, due } = deadlineIn(after(...routed), 'sign-for')
    having(routed)
      .when('SignForCase', {}, officer)
      .thenEvents(
        { type: 'CaseSignedFor', data: { department: 'housing', by: 'officer@housing', at: NOW } },
        { type: 'DeadlineMet', data: { deadlineId: id, purpose: 'sign-for', due, at: NOW } },
        { type: 'DeadlineSet', data: expect.objectContaining({ purpose: 'hand-back', startedAt: NOW }) },
      )
  })

  test('late is written as missed, with the moment it was done', () => {
    const { now } = hoursLater(48)
    having(routed)
      .when('SignForCase', {}, officer, { now })
      .thenEvents(
        { type: 'CaseSignedFor', data: expect.anything() },
        { type: 'DeadlineMissed', data: expect.objectContaining({ purpose: 'sign-for', doneAt: now }) },
        { type: 'DeadlineSet', data: expect.anything() },
      )
  })

  test('what a jurisdiction decision gave cannot be handed back, so no time for it starts', () => {
    having([...triaged, step('RouteCase', jurisdiction, coordinator)])
      .when('SignForCase', {}, officer)
      .thenEvents({ type: 'CaseSignedFor', data: expect.anything() }, { type: 'DeadlineMet', data: expect.anything() })
  })

  test('again gives nothing', () => {
    having(signed).when('SignForCase', {}, officer).thenNothing()
  })

  test('is for the lead alone', () => {
    having(triaged).when('SignForCase', {}, officer).thenRefused('NOT_ROUTED')
    having(routed).when('SignForCase', {}, trafficOfficer).thenRefused('NOT_YOUR_CASE')
  })

  test('a closed case is not signed for', () => {
    const declined = {
      ground: 'not-ours',
      basis: '职责',
      notice: '不属本县职权。',
      rightRoute: null,
      proposedBy: 'zhao',
    } as const
    having([...routed, step('DoNotAcceptCase', declined, coordinator)])
      .when('SignForCase', {}, officer)
      .thenRefused('CASE_CLOSED')
  })
})

describe('handing back', () => {
  test('is asked for with reason and basis, within the time', () => {
    having(signed)
      .when('RequestHandBack', reasons, officer, { commandId: 'ask' })
      .thenEvents(
        {
          type: 'HandBackRequested',
          data: { handBackId: HAND_BACK, department: 'housing', ...reasons, requestedBy: 'officer@housing', at: NOW },
        },
        { type: 'DeadlineMet', data: expect.objectContaining({ purpose: 'hand-back' }) },
      )
  })

  test('asking while a request waits gives nothing', () => {
    having(asked).when('RequestHandBack', reasons, officer).thenNothing()
  })

  test('is too late after the time for it, marked or not', () => {
    having(signed).when('RequestHandBack', reasons, officer, hoursLater(48)).thenRefused('HAND_BACK_TOO_LATE')
    const { id } = deadlineIn(after(...signed), 'hand-back')
    having([...signed, step('MarkDeadlineMissed', { deadlineId: id }, undefined, hoursLater(48))])
      .when('RequestHandBack', reasons, officer)
      .thenRefused('HAND_BACK_TOO_LATE')
  })

  test('is for the lead that signed, with a case still to be answered', () => {
    having(routed).when('RequestHandBack', reasons, officer).thenRefused('NOT_SIGNED_FOR')
    having(signed).when('RequestHandBack', reasons, trafficOfficer).thenRefused('NOT_YOUR_CASE')
    having(published).when('RequestHandBack', reasons, officer).thenRefused('CASE_ANSWERED')
  })

  test('suggests no accused and nobody unknown', () => {
    const accusing = [
      ...received,
      step('TriageCase', report, monitor),
      step('RouteCase', route, monitor),
      step('SignForCase', {}, officer),
    ]
    having(accusing).when('RequestHandBack', reasons, officer).thenRefused('ROUTE_TO_ACCUSED')
    having(signed)
      .when('RequestHandBack', { ...reasons, suggestedLead: 'nowhere' }, officer)
      .thenRefused('UNKNOWN_DEPARTMENT')
  })

  test('is impossible against a jurisdiction decision', () => {
    const bound = [...triaged, step('RouteCase', jurisdiction, coordinator), step('SignForCase', {}, officer)]
    having(bound).when('RequestHandBack', reasons, officer).thenRefused('JURISDICTION_BINDS')
    having([...asked, step('RouteCase', jurisdiction, coordinator)])
      .when('GrantHandBack', { handBackId: HAND_BACK, reason: null }, coordinator)
      .thenRefused('JURISDICTION_BINDS')
  })

  test('granted, the unit first asked coordinates until another has signed', () => {
    having(asked)
      .when('GrantHandBack', { handBackId: HAND_BACK, reason: null }, coordinator)
      .thenEvents({
        type: 'HandBackGranted',
        data: {
          handBackId: HAND_BACK,
          department: 'housing',
          reason: null,
          grantedBy: 'coordinator@gov-affairs',
          coordinating: 'housing',
        },
      })
    const rerouted = [...granted, step('RouteCase', { ...route, lead: 'traffic' }, monitor)]
    expect(opened(after(...granted))).toMatchObject({ status: 'triaged', hands: { coordinating: 'housing' } })
    expect(opened(after(...rerouted)).hands.coordinating).toBe('housing')
    expect(opened(after(...rerouted, step('SignForCase', {}, trafficOfficer))).hands.coordinating).toBe(null)
  })

  test('is not granted by the department that asks, nor twice, nor after the answer', () => {
    const body = { handBackId: HAND_BACK, reason: null }
    having(asked)
      .when('GrantHandBack', body, { person: 'x', department: 'housing', role: 'coordinator' })
      .thenRefused('NOT_INDEPENDENT')
    having(granted).when('GrantHandBack', body, coordinator).thenRefused('NO_HAND_BACK_OPEN')
  })

  test('refused, it stays where it is and is not asked for again', () => {
    const body = { handBackId: HAND_BACK, reason: '属住建局职责' }
    const refused = [...asked, step('RefuseHandBack', body, coordinator)]
    having(asked)
      .when('RefuseHandBack', body, coordinator)
      .thenEvents({
        type: 'HandBackRefused',
        data: { ...body, department: 'housing', refusedBy: 'coordinator@gov-affairs' },
      })
    having(refused).when('RefuseHandBack', body, coordinator).thenNothing()
    having(refused).when('RequestHandBack', reasons, officer).thenRefused('HAND_BACK_ALREADY_REFUSED')
    having(signed).when('RefuseHandBack', body, coordinator).thenRefused('NO_HAND_BACK_OPEN')
    having(asked)
      .when('RefuseHandBack', body, { person: 'x', department: 'housing', role: 'coordinator' })
      .thenRefused('NOT_INDEPENDENT')
  })
})

describe('within the departments', () => {
  test('the lead names its officer, once', () => {
    having(signed)
      .when('AssignOfficer', { officer: 'sun' }, reviewer)
      .thenEvents({
        type: 'CaseAssigned',
        data: {
          department: 'housing',
          officer: 'sun',
          previousOfficer: null,
          assignedBy: 'department-reviewer@housing',
        },
      })
    having([...signed, step('AssignOfficer', { officer: 'sun' }, reviewer)])
      .when('AssignOfficer', { officer: 'sun' }, reviewer)
      .thenNothing()
  })

  test('an officer whom the case accuses is not named', () => {
    const accusing = [
      ...received,
      step('TriageCase', report, monitor),
      step('RouteCase', route, monitor),
      step('SignForCase', {}, officer),
    ]
    having(accusing).when('AssignOfficer', { officer: 'wang' }, reviewer).thenRefused('ROUTE_TO_ACCUSED')
  })

  test('only the lead that signed names an officer, while there is work', () => {
    having(routed).when('AssignOfficer', { officer: 'sun' }, reviewer).thenRefused('NOT_SIGNED_FOR')
    having(signed).when('AssignOfficer', { officer: 'sun' }, trafficOfficer).thenRefused('NOT_YOUR_CASE')
    having(published).when('AssignOfficer', { officer: 'sun' }, reviewer).thenRefused('CASE_ANSWERED')
  })

  const question = { department: 'water', question: '管线归属', due: hoursLater(48).now }
  const ASSIST = uuidOf('assist', 'ask')
  const assisted = [...signed, step('RequestAssist', question, officer, { commandId: 'ask' })]
  const reply = { assistId: ASSIST, text: '归我单位', attachments: [] }

  test('assistance is asked for by a day', () => {
    having(signed)
      .when('RequestAssist', question, officer, { commandId: 'ask' })
      .thenEvents(
        {
          type: 'AssistRequested',
          data: { assistId: ASSIST, ...question, askedBy: 'housing', requestedBy: 'officer@housing' },
        },
        {
          type: 'DeadlineSet',
          data: expect.objectContaining({ purpose: 'assist-reply', reference: ASSIST, due: question.due }),
        },
      )
    having(assisted).when('RequestAssist', question, officer, { commandId: 'ask' }).thenNothing()
  })

  test('assistance is asked by who has the case, of another, for a day to come', () => {
    having(signed).when('RequestAssist', question, trafficOfficer).thenRefused('NOT_YOUR_CASE')
    having(signed)
      .when('RequestAssist', { ...question, department: 'housing' }, officer)
      .thenRefused('ASSIST_FROM_HOLDER')
    having(signed)
      .when('RequestAssist', { ...question, department: 'nowhere' }, officer)
      .thenRefused('UNKNOWN_DEPARTMENT')
    having(signed)
      .when('RequestAssist', { ...question, due: NOW }, officer)
      .thenRefused('DUE_IN_PAST')
    having(published).when('RequestAssist', question, officer).thenRefused('CASE_ANSWERED')
  })

  test('assistance is never asked of the accused', () => {
    const accusing = [
      ...received,
      step('TriageCase', report, monitor),
      step('RouteCase', route, monitor),
      step('SignForCase', {}, officer),
    ]
    having(accusing)
      .when('RequestAssist', { ...question, department: 'traffic' }, officer)
      .thenRefused('ROUTE_TO_ACCUSED')
  })

  test('the reply meets its deadline, once', () => {
    having(assisted)
      .when('ReplyAssist', reply, waterOfficer)
      .thenEvents(
        {
          type: 'AssistReplied',
          data: { ...reply, department: 'water', repliedBy: 'officer@water', at: NOW },
        },
        { type: 'DeadlineMet', data: expect.objectContaining({ purpose: 'assist-reply' }) },
      )
    having([...assisted, step('ReplyAssist', reply, waterOfficer)])
      .when('ReplyAssist', reply, waterOfficer)
      .thenNothing()
  })

  test('only who was asked replies', () => {
    having(assisted).when('ReplyAssist', reply, trafficOfficer).thenRefused('NOT_YOUR_CASE')
    having(signed).when('ReplyAssist', reply, waterOfficer).thenRefused('ASSIST_UNKNOWN')
  })
})
