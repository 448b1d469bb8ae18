import { describe, expect, test } from 'vitest'
import {
  after,
  approved,
  completed,
  coordinator,
  deadlineIn,
  having,
  hoursLater,
  leader,
  monitor,
  NOW,
  officer,
  openCase,
  policy,
  published,
  publishBody,
  received,
  report,
  routed,
  signed,
  signer,
  step,
  trafficOfficer,
  uuidOf,
  verifier,
} from './support.ts'

describe('reminders', () => {
  const { id: deadlineId } = deadlineIn(after(...received), 'final-answer')
  const overdue = { cause: 'overdue', deadlineId, note: null } as const
  const late = hoursLater(24 * 30)

  test('go to who has the case, once a business day for each cause and deadline', () => {
    having(signed)
      .when('RemindCase', overdue, policy, late)
      .thenEvents({
        type: 'CaseReminded',
        data: { day: '2026-04-01', cause: 'overdue', deadlineId, purpose: 'final-answer', to: 'housing', note: null },
      })
    const reminded = [...signed, step('RemindCase', overdue, policy, late)]
    having(reminded)
      .when('RemindCase', overdue, policy, hoursLater(24 * 30 + 2))
      .thenNothing()
    having(reminded)
      .when('RemindCase', overdue, policy, hoursLater(24 * 30 + 10)) // past midnight in Shanghai
      .thenEvents({ type: 'CaseReminded', data: expect.objectContaining({ day: '2026-04-02' }) })
    having(reminded)
      .when('RemindCase', { cause: 'person', deadlineId: null, note: '请尽快' }, coordinator)
      .thenEvents({ type: 'CaseReminded', data: expect.objectContaining({ purpose: null, note: '请尽快' }) })
  })

  test('never arise from history, nor about what is met', () => {
    having([step('OpenCase', { ...openCase, origin: 'history' })])
      .when('RemindCase', { cause: 'weekly', deadlineId: null, note: null })
      .thenNothing()
    having(published).when('RemindCase', overdue, policy, late).thenNothing()
  })

  test('of a closed case or an unknown deadline are refused', () => {
    having(completed).when('RemindCase', overdue).thenRefused('CASE_CLOSED')
    having(signed)
      .when('RemindCase', { ...overdue, deadlineId: uuidOf('none') })
      .thenRefused('DEADLINE_UNKNOWN')
  })
})

describe('what is said of a deadline', () => {
  const { id: deadlineId } = deadlineIn(after(...received), 'final-answer')
  const early = { cause: 'before-due', deadlineId, note: null } as const
  const overdue = { cause: 'overdue', deadlineId, note: null } as const
  const late = hoursLater(24 * 30)
  const missed = step('MarkDeadlineMissed', { deadlineId }, policy, late)

  test('is true of the day: it is warned of before, and called overdue after', () => {
    having(signed).when('RemindCase', early, policy, late).thenNothing()
    having([...signed, missed])
      .when('RemindCase', early, policy, late)
      .thenNothing()
    having(signed).when('RemindCase', overdue).thenNothing()
    const suspended = [...signed, step('SuspendDeadline', { deadlineId, ground: '鉴定', basis: '法' }, leader)]
    having(suspended).when('RemindCase', early).thenNothing()
    having(suspended).when('RemindCase', overdue, policy, late).thenNothing()
  })

  test('a warning comes once for each due moment, not each day', () => {
    const warned = [...signed, step('RemindCase', early)]
    having(warned).when('RemindCase', early, policy, hoursLater(24)).thenNothing()
    const requested = { deadlineId, requestedBy: 'housing-head', reason: '需现场勘查' }
    const extended = [...warned, step('ExtendDeadline', requested, signer, hoursLater(24))]
    having(extended)
      .when('RemindCase', early, policy, hoursLater(48))
      .thenEvents({ type: 'CaseReminded', data: expect.objectContaining({ cause: 'before-due', deadlineId }) })
  })

  test('a missed answer is called overdue until it is given', () => {
    having([...signed, missed])
      .when('RemindCase', overdue, policy, late)
      .thenEvents({ type: 'CaseReminded', data: expect.objectContaining({ to: 'housing' }) })
    const answered = [...approved, missed, step('PublishResponse', publishBody(), officer, hoursLater(24 * 31))]
    having(answered)
      .when('RemindCase', overdue, policy, hoursLater(24 * 40))
      .thenNothing()
  })

  test('a missed signature is called overdue until somebody has signed, and said to who must sign', () => {
    const { id } = deadlineIn(after(...routed), 'sign-for')
    const unsigned = [...routed, step('MarkDeadlineMissed', { deadlineId: id }, policy, late)]
    const reminder = { ...overdue, deadlineId: id }
    having(unsigned)
      .when('RemindCase', reminder, policy, late)
      .thenEvents({ type: 'CaseReminded', data: expect.objectContaining({ to: 'housing', purpose: 'sign-for' }) })
    having([...unsigned, step('SignForCase', {}, officer, late)])
      .when('RemindCase', reminder, policy, hoursLater(24 * 31))
      .thenNothing()
  })

  test('the time to hand back is nothing to be reminded of', () => {
    const { id } = deadlineIn(after(...signed), 'hand-back')
    having(signed)
      .when('RemindCase', { ...early, deadlineId: id })
      .thenNothing()
  })

  test('who was asked to assist is reminded, until they have replied', () => {
    const asked = [
      ...signed,
      step('RequestAssist', { department: 'traffic', question: '是否施工', due: hoursLater(48).now }, officer, {
        commandId: 'ask',
      }),
    ]
    const { id, reference } = deadlineIn(after(...asked), 'assist-reply')
    const reminder = { ...early, deadlineId: id }
    having(asked)
      .when('RemindCase', reminder)
      .thenEvents({ type: 'CaseReminded', data: expect.objectContaining({ to: 'traffic', purpose: 'assist-reply' }) })
    const reply = { assistId: reference!, text: '是', attachments: [] }
    const replied = [
      ...asked,
      step('MarkDeadlineMissed', { deadlineId: id }, policy, late),
      step('ReplyAssist', reply, trafficOfficer, late),
    ]
    having(replied)
      .when('RemindCase', { ...reminder, cause: 'overdue' }, policy, hoursLater(24 * 31))
      .thenNothing()
  })
})

describe("leaders' instructions", () => {
  const body = { leader: '张县长', text: '请住建局三日内办结', due: hoursLater(72).now }
  const id = uuidOf('instruction', 'instruct')
  const instructed = [...signed, step('ReceiveInstruction', body, coordinator, { commandId: 'instruct' })]
  const answer = { instructionId: id, text: '已办结' }

  test('come with a day, and are taken once', () => {
    having(signed)
      .when('ReceiveInstruction', body, coordinator, { commandId: 'instruct' })
      .thenEvents(
        {
          type: 'InstructionReceived',
          data: { instructionId: id, ...body, receivedAt: NOW, recordedBy: 'coordinator@gov-affairs' },
        },
        {
          type: 'DeadlineSet',
          data: expect.objectContaining({ purpose: 'instruction', reference: id, due: body.due }),
        },
      )
    having(instructed).when('ReceiveInstruction', body, coordinator, { commandId: 'instruct' }).thenNothing()
  })

  test('or without one; a day in the past is none', () => {
    having(signed)
      .when('ReceiveInstruction', { ...body, due: null }, coordinator)
      .thenEvents({ type: 'InstructionReceived', data: expect.anything() })
    having(signed)
      .when('ReceiveInstruction', { ...body, due: NOW }, coordinator)
      .thenRefused('DUE_IN_PAST')
  })

  test('are answered by who has the case', () => {
    having(instructed)
      .when('AnswerInstruction', answer, officer)
      .thenEvents(
        {
          type: 'InstructionAnswered',
          data: { ...answer, department: 'housing', answeredBy: 'officer@housing', at: NOW },
        },
        { type: 'DeadlineMet', data: expect.objectContaining({ purpose: 'instruction' }) },
      )
    having([...instructed, step('AnswerInstruction', answer, officer)])
      .when('AnswerInstruction', answer, officer)
      .thenNothing()
    having(instructed).when('AnswerInstruction', answer, trafficOfficer).thenRefused('NOT_YOUR_CASE')
    having(signed).when('AnswerInstruction', answer, officer).thenRefused('INSTRUCTION_UNKNOWN')
  })
})

describe('supervision', () => {
  const body = { number: '督〔2026〕3号', to: 'housing', demand: '限期办结', due: hoursLater(72).now }
  const id = uuidOf('supervision', 'issue')
  const issued = [...signed, step('IssueSupervision', body, verifier, { commandId: 'issue' })]
  const answer = { supervisionId: id, text: '已办结', attachments: [] }
  const answered = [...issued, step('AnswerSupervision', answer, officer)]
  const close = { supervisionId: id, conclusion: '同意销号' }

  test('is issued with number and day, once', () => {
    having(signed)
      .when('IssueSupervision', body, verifier, { commandId: 'issue' })
      .thenEvents(
        {
          type: 'SupervisionIssued',
          data: {
            supervisionId: id,
            ...body,
            issuedBy: 'verifier@supervision',
            issuingDepartment: 'supervision',
          },
        },
        {
          type: 'DeadlineSet',
          data: expect.objectContaining({ purpose: 'supervision', reference: id, deadline: null }),
        },
      )
    having(issued).when('IssueSupervision', body, verifier, { commandId: 'issue' }).thenNothing()
    having(issued).when('IssueSupervision', body, verifier).thenRefused('SUPERVISION_NUMBER_TAKEN')
  })

  test('goes to a department that exists and is not accused, for a day to come', () => {
    having(signed)
      .when('IssueSupervision', { ...body, to: 'nowhere' }, leader)
      .thenRefused('UNKNOWN_DEPARTMENT')
    having(signed)
      .when('IssueSupervision', { ...body, due: NOW }, leader)
      .thenRefused('DUE_IN_PAST')
    having([...received, step('TriageCase', report, monitor)])
      .when('IssueSupervision', { ...body, to: 'traffic' }, leader)
      .thenRefused('ROUTE_TO_ACCUSED')
  })

  test('is answered by that department', () => {
    having(issued)
      .when('AnswerSupervision', answer, officer)
      .thenEvents(
        {
          type: 'SupervisionAnswered',
          data: { ...answer, department: 'housing', answeredBy: 'officer@housing', at: NOW },
        },
        { type: 'DeadlineMet', data: expect.objectContaining({ purpose: 'supervision' }) },
      )
    having(answered).when('AnswerSupervision', answer, officer).thenNothing()
    having(issued).when('AnswerSupervision', answer, trafficOfficer).thenRefused('NOT_YOUR_CASE')
    having(signed).when('AnswerSupervision', answer, officer).thenRefused('SUPERVISION_UNKNOWN')
  })

  test('is closed after the answer, by another department', () => {
    having(answered)
      .when('CloseSupervision', close, verifier)
      .thenEvents({ type: 'SupervisionClosed', data: { ...close, closedBy: 'verifier@supervision', at: NOW } })
    having([...answered, step('CloseSupervision', close, verifier)])
      .when('CloseSupervision', close, verifier)
      .thenNothing()
    having(issued).when('CloseSupervision', close, verifier).thenRefused('SUPERVISION_NOT_ANSWERED')
    having(signed).when('CloseSupervision', close, verifier).thenRefused('SUPERVISION_UNKNOWN')
    having(answered)
      .when('CloseSupervision', close, { person: 'x', department: 'housing', role: 'verifier' })
      .thenRefused('NOT_INDEPENDENT')
  })
})
