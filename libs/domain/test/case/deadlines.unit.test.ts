import { buildCalendar } from '#calendar'
import { describe, expect, test } from 'vitest'
import {
  after,
  approved,
  deadlineIn,
  finalNorm,
  having,
  hoursLater,
  leader,
  norms,
  NOW,
  notice2027,
  officer,
  opened,
  openCase,
  policy,
  published,
  publishBody,
  received,
  settings,
  signed,
  signer,
  step,
  triaged,
  uuidOf,
} from './support.ts'

const { id: deadlineId, due } = deadlineIn(after(...received), 'final-answer')
const extension = { deadlineId, requestedBy: 'officer@housing', reason: '需现场勘查' }
const suspension = { deadlineId, ground: '等待鉴定', basis: '行政许可法第四十五条' }
const suspended = [...triaged, step('SuspendDeadline', suspension, leader, hoursLater(10))]

describe('extension', () => {
  test('goes as far as the norm allows, counted from the same start', () => {
    having(triaged)
      .when('ExtendDeadline', extension, signer)
      .thenEvents({
        type: 'DeadlineExtended',
        data: expect.objectContaining({
          ...extension,
          previousDue: due,
          due: '2026-03-23T15:59:59.999Z',
          approver: 'signer@county-office',
        }),
      })
  })

  test('is given once where the norm says once', () => {
    having([...triaged, step('ExtendDeadline', extension, signer)])
      .when('ExtendDeadline', extension, signer)
      .thenRefused('EXTENSION_USED_UP')
  })

  test('comes before it is due', () => {
    having(triaged)
      .when('ExtendDeadline', extension, signer, hoursLater(24 * 30))
      .thenRefused('DEADLINE_PASSED')
    having(published).when('ExtendDeadline', extension, signer).thenRefused('DEADLINE_NOT_OPEN')
  })

  test('is approved by the role that the norm names, not by who asked', () => {
    having(triaged).when('ExtendDeadline', extension, leader).thenRefused('WRONG_APPROVAL_ROLE')
    having(triaged)
      .when('ExtendDeadline', { ...extension, requestedBy: 'signer@county-office' }, signer)
      .thenRefused('APPROVER_IS_PROPOSER')
  })

  test('needs a norm that allows one', () => {
    const acknowledge = deadlineIn(after(...triaged), 'acknowledge').id
    having(triaged)
      .when('ExtendDeadline', { ...extension, deadlineId: acknowledge }, signer)
      .thenRefused('DEADLINE_NOT_EXTENDABLE')
    having(triaged)
      .when('ExtendDeadline', { ...extension, deadlineId: uuidOf('none') }, signer)
      .thenRefused('DEADLINE_UNKNOWN')
    having(triaged)
      .when('ExtendDeadline', extension, signer, { settings: { ...settings, norms: [] } })
      .thenRefused('EXTENSION_NORM_UNKNOWN')
  })

  test('a day that a person set is not extended by a norm', () => {
    const assist = { department: 'water', question: '管线归属', due: hoursLater(48).now }
    const steps = [...signed, step('RequestAssist', assist, officer)]
    having(steps)
      .when('ExtendDeadline', { ...extension, deadlineId: deadlineIn(after(...steps), 'assist-reply').id }, signer)
      .thenRefused('DEADLINE_NOT_EXTENDABLE')
  })

  test('never passes what another norm that applies allows', () => {
    const stricter = { ...finalNorm, id: 'statute-7', layer: 'statute', extension: null } as const
    const both = { ...settings, norms: [...norms, stricter] }
    const steps = [step('OpenCase', openCase, policy, { settings: both })]
    // The stronger layer rules where both fall due on the same day.
    having(steps)
      .when('ExtendDeadline', { ...extension, deadlineId: deadlineIn(after(...steps), 'final-answer').id }, signer, {
        settings: both,
      })
      .thenRefused('DEADLINE_NOT_EXTENDABLE')
    const wider = { ...stricter, within: { amount: 8, unit: 'working-days' as const } }
    const limited = { ...settings, norms: [...norms.filter(({ id }) => id !== 'message-7'), finalNorm, wider] }
    const others = [step('OpenCase', openCase, policy, { settings: limited })]
    having(others)
      .when('ExtendDeadline', { ...extension, deadlineId: deadlineIn(after(...others), 'final-answer').id }, signer, {
        settings: limited,
      })
      .thenEvents({
        type: 'DeadlineExtended',
        data: expect.objectContaining({ due: '2026-03-12T15:59:59.999Z' }),
      })
    const none = { ...settings, norms: [...norms, { ...stricter, id: 'z-county-7', layer: 'county' as const }] }
    const same = [step('OpenCase', openCase, policy, { settings: none })]
    having(same)
      .when('ExtendDeadline', { ...extension, deadlineId: deadlineIn(after(...same), 'final-answer').id }, signer, {
        settings: none,
      })
      .thenRefused('EXTENSION_LIMITED')
  })
})

describe('suspension', () => {
  test('stops the clock on a ground in law', () => {
    having(triaged)
      .when('SuspendDeadline', suspension, leader)
      .thenEvents({
        type: 'DeadlineSuspended',
        data: { ...suspension, purpose: 'final-answer', at: NOW, approver: 'leader@county-office' },
      })
  })

  test('resumed, it is due later by exactly the time that it stood still', () => {
    having(suspended)
      .when('ResumeDeadline', { deadlineId }, leader, hoursLater(34))
      .thenEvents({
        type: 'DeadlineResumed',
        data: {
          deadlineId,
          purpose: 'final-answer',
          suspendedAt: hoursLater(10).now,
          at: hoursLater(34).now,
          previousDue: due,
          due: '2026-03-12T15:59:59.999Z',
          suspendedForMs: 24 * 3_600_000,
        },
      })
  })

  test('each again gives nothing', () => {
    having(suspended).when('SuspendDeadline', suspension, leader).thenNothing()
    having(triaged).when('ResumeDeadline', { deadlineId }, leader).thenNothing()
  })

  test('while it stands still nothing is late', () => {
    having(suspended)
      .when('MarkDeadlineMissed', { deadlineId }, policy, hoursLater(24 * 90))
      .thenNothing()
    const steps = [...approved, step('SuspendDeadline', suspension, leader)]
    const { decision } = having(steps).when('PublishResponse', publishBody(), officer, hoursLater(24 * 90))
    expect(decision).toMatchObject({ events: [{}, {}, { type: 'DeadlineMet', data: { purpose: 'final-answer' } }] })
  })

  test('what was met while it stood still does not run again', () => {
    const steps = [
      ...approved,
      step('SuspendDeadline', suspension, leader),
      step('PublishResponse', publishBody(), officer),
    ]
    having(steps).when('ResumeDeadline', { deadlineId }, leader).thenRefused('DEADLINE_NOT_OPEN')
  })

  test('is only of a deadline that runs', () => {
    having(triaged)
      .when('SuspendDeadline', suspension, leader, hoursLater(24 * 30))
      .thenRefused('DEADLINE_PASSED')
    having(published).when('SuspendDeadline', suspension, leader).thenRefused('DEADLINE_NOT_OPEN')
    having(published).when('ResumeDeadline', { deadlineId }, leader).thenRefused('DEADLINE_NOT_OPEN')
    const unknown = uuidOf('none')
    having(triaged)
      .when('SuspendDeadline', { ...suspension, deadlineId: unknown }, leader)
      .thenRefused('DEADLINE_UNKNOWN')
    having(triaged).when('ResumeDeadline', { deadlineId: unknown }, leader).thenRefused('DEADLINE_UNKNOWN')
  })

  test('an extension after it keeps the time that the clock stood still', () => {
    const resumed = [...suspended, step('ResumeDeadline', { deadlineId }, leader, hoursLater(34))]
    having(resumed)
      .when('ExtendDeadline', extension, signer)
      .thenEvents({ type: 'DeadlineExtended', data: expect.objectContaining({ due: '2026-03-24T15:59:59.999Z' }) })
  })
})

describe('missing', () => {
  test('is written once, after the last moment', () => {
    having(triaged).when('MarkDeadlineMissed', { deadlineId }, policy, { now: due }).thenRefused('DEADLINE_NOT_PASSED')
    having(triaged)
      .when('MarkDeadlineMissed', { deadlineId }, policy, { now: '2026-03-11T16:00:00.000Z' })
      .thenEvents({ type: 'DeadlineMissed', data: { deadlineId, purpose: 'final-answer', due, doneAt: null } })
    having([...triaged, step('MarkDeadlineMissed', { deadlineId }, policy, hoursLater(24 * 30))])
      .when('MarkDeadlineMissed', { deadlineId }, policy, hoursLater(24 * 30))
      .thenNothing()
  })

  test('what was met is not missed afterwards', () => {
    having(published)
      .when('MarkDeadlineMissed', { deadlineId }, policy, hoursLater(24 * 30))
      .thenNothing()
  })

  test('the time to hand back only passes', () => {
    const { id } = deadlineIn(after(...signed), 'hand-back')
    having(signed)
      .when('MarkDeadlineMissed', { deadlineId: id }, policy, hoursLater(48))
      .thenEvents({ type: 'DeadlineLapsed', data: expect.objectContaining({ cause: 'window-closed' }) })
  })

  test('never arises from history', () => {
    const steps = [step('OpenCase', { ...openCase, origin: 'history', receivedAt: '2019-04-25T01:32:09.000Z' })]
    having(steps)
      .when('MarkDeadlineMissed', { deadlineId: deadlineIn(after(...steps), 'final-answer').id }, policy)
      .thenNothing()
  })

  test('an unknown deadline is an error', () => {
    having(triaged)
      .when('MarkDeadlineMissed', { deadlineId: uuidOf('none') })
      .thenRefused('DEADLINE_UNKNOWN')
  })
})

describe('a calendar that comes later', () => {
  const late = [
    step('OpenCase', { ...openCase, receivedAt: '2026-12-28T02:00:00.000Z' }, policy, {
      now: '2026-12-28T02:00:00.000Z',
    }),
  ]
  const notice2026 = { year: 2026, source: '测试', days: [{ date: '2026-04-06', name: '清明节', off: true }] }
  const known = { ...settings, calendar: buildCalendar([notice2026, notice2027]) }

  test('recomputes what is provisional, from the same start, and says so', () => {
    expect(deadlineIn(after(...late), 'final-answer')).toMatchObject({
      due: '2027-01-06T15:59:59.999Z',
      deadline: { provisional: true },
    })
    having(late)
      .when('RecomputeDeadlines', {}, policy, { settings: known })
      .thenEvents(
        { type: 'DeadlineRecomputed', data: expect.objectContaining({ purpose: 'acknowledge', cause: 'calendar' }) },
        {
          type: 'DeadlineRecomputed',
          data: expect.objectContaining({
            purpose: 'final-answer',
            previousDue: '2027-01-06T15:59:59.999Z',
            due: '2027-01-08T15:59:59.999Z',
            cause: 'calendar',
            deadline: expect.objectContaining({ provisional: false }),
          }),
        },
      )
  })

  test('names the calendar of what stays provisional, so that it is counted once for each', () => {
    const noticeOf = (year: number) => ({
      year,
      source: '测试',
      days: [{ date: `${year}-04-05`, name: '清明节', off: true }],
    })
    const another = { ...settings, calendar: buildCalendar([notice2026, noticeOf(2025)]) }
    const { decision } = having(late).when('RecomputeDeadlines', {}, policy, { settings: another })
    const stays = { due: '2027-01-06T15:59:59.999Z', previousDue: '2027-01-06T15:59:59.999Z' }
    const counted = { provisional: true, calendarVersion: another.calendar.version }
    expect(decision).toMatchObject({ events: [{}, { data: { ...stays, deadline: counted } }] })
    having([...late, step('RecomputeDeadlines', {}, policy, { settings: another })])
      .when('RecomputeDeadlines', {}, policy, { settings: another })
      .thenNothing()
  })

  test('again gives nothing, and what is certain or met is left alone', () => {
    const done = [...late, step('RecomputeDeadlines', {}, policy, { settings: known })]
    having(done).when('RecomputeDeadlines', {}, policy, { settings: known }).thenNothing()
    having(triaged).when('RecomputeDeadlines', {}, policy, { settings: known }).thenNothing()
    having(late).when('RecomputeDeadlines', {}, policy).thenNothing()
  })
})

test('every deadline that ever held stays in the state', () => {
  expect(opened(after(...published)).deadlines.map(({ purpose, status }) => `${purpose} ${status}`)).toEqual([
    'acknowledge met',
    'final-answer met',
    'sign-for met',
    'hand-back open',
  ])
})
