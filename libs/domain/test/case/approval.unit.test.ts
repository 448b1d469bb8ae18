import type { ResponseContent } from '#domain'
import { describe, expect, test } from 'vitest'
import {
  after,
  approved,
  approveSteps,
  CASE,
  completed,
  content,
  coordinator,
  deadlineIn,
  digestOfContent,
  drafted,
  draftSteps,
  having,
  hoursLater,
  leader,
  monitor,
  NOW,
  officer,
  opened,
  openCase,
  openOpinion,
  person,
  published,
  publishBody,
  received,
  report,
  RESPONSE,
  reviewer,
  route,
  signed,
  signer,
  step,
  submitSteps,
  submitted,
  trafficOfficer,
  triage,
  uuidOf,
  withPromise,
} from './support.ts'

const digest = digestOfContent(content)
const edited: ResponseContent = { ...content, text: '李先生，路灯将于6月15日前修好。' }
const levelOne = { responseId: RESPONSE, level: 1, digest }
const levelTwo = { responseId: RESPONSE, level: 2, digest }
const once = [...submitted, step('ApproveResponse', levelOne, reviewer)]

describe('approval', () => {
  test('goes level by level, each by its role', () => {
    having(submitted)
      .when('ApproveResponse', levelOne, reviewer)
      .thenEvents({
        type: 'ResponseApproved',
        data: {
          ...levelOne,
          version: 1,
          role: 'department-reviewer',
          approver: 'department-reviewer@housing',
          department: 'housing',
          complete: false,
          at: NOW,
        },
      })
    having(once)
      .when('ApproveResponse', levelTwo, signer)
      .thenEvents({
        type: 'ResponseApproved',
        data: expect.objectContaining({ level: 2, role: 'signer', complete: true }),
      })
  })

  test('again by the same person at the same level gives nothing', () => {
    having(once).when('ApproveResponse', levelOne, reviewer).thenNothing()
    having(approved).when('ApproveResponse', levelTwo, signer).thenNothing()
    having(published).when('ApproveResponse', levelTwo, signer).thenNothing()
  })

  test('is of exactly what was read', () => {
    having(submitted)
      .when('ApproveResponse', { ...levelOne, digest: digestOfContent(edited) }, reviewer)
      .thenRefused('DIGEST_DIFFERS')
  })

  test('waits for submission', () => {
    having(drafted).when('ApproveResponse', levelOne, reviewer).thenRefused('NOT_SUBMITTED')
    having(signed).when('ApproveResponse', levelOne, reviewer).thenRefused('RESPONSE_UNKNOWN')
  })

  test('skips no level and repeats none', () => {
    having(submitted).when('ApproveResponse', levelTwo, signer).thenRefused('WRONG_APPROVAL_LEVEL')
    having(approved).when('ApproveResponse', levelOne, leader).thenRefused('WRONG_APPROVAL_LEVEL')
  })

  test('is for the role of the level, in its own department where the role belongs to one', () => {
    having(submitted).when('ApproveResponse', levelOne, signer).thenRefused('WRONG_APPROVAL_ROLE')
    having(submitted)
      .when('ApproveResponse', levelOne, person('department-reviewer', 'traffic'))
      .thenRefused('NOT_YOUR_CASE')
  })

  test('is not for who wrote any version of it', () => {
    const wrote = [
      ...signed,
      step('SaveDraft', { responseId: null, content: edited }, reviewer, { commandId: 'draft' }),
      step('SaveDraft', { responseId: RESPONSE, content }, officer),
      ...submitSteps(),
    ]
    having(wrote).when('ApproveResponse', levelOne, reviewer).thenRefused('APPROVER_IS_DRAFTER')
  })

  test('takes two people for two levels', () => {
    const both = { person: 'department-reviewer@housing', department: 'county-office', role: 'signer' } as const
    having(once).when('ApproveResponse', levelTwo, both).thenRefused('APPROVER_TWICE')
  })
})

describe('returning', () => {
  const why = { responseId: RESPONSE, digest, why: '请写明日期' }
  const returned = [...submitted, step('ReturnResponse', why, reviewer)]

  test('sends it back with the reason, and its approvals are gone', () => {
    having(once)
      .when('ReturnResponse', why, signer)
      .thenEvents({
        type: 'ResponseReturned',
        data: { ...why, version: 1, level: 2, returnedBy: 'signer@county-office', department: 'county-office' },
      })
    having([...once, step('ReturnResponse', why, signer), ...submitSteps()])
      .when('ApproveResponse', levelTwo, signer)
      .thenRefused('WRONG_APPROVAL_LEVEL')
  })

  test('is still possible between approval and publication', () => {
    having(approved)
      .when('ReturnResponse', why, signer)
      .thenEvents({ type: 'ResponseReturned', data: expect.objectContaining({ level: 2 }) })
  })

  test('again gives nothing', () => {
    having(returned).when('ReturnResponse', why, reviewer).thenNothing()
  })

  test('is for the level that it waits for, of what was read', () => {
    having(submitted).when('ReturnResponse', why, signer).thenRefused('WRONG_APPROVAL_ROLE')
    having(submitted)
      .when('ReturnResponse', { ...why, digest: digestOfContent(edited) }, reviewer)
      .thenRefused('DIGEST_DIFFERS')
    having(drafted).when('ReturnResponse', why, reviewer).thenRefused('NOT_SUBMITTED')
    having(published).when('ReturnResponse', why, signer).thenRefused('RESPONSE_PUBLISHED')
    having(signed).when('ReturnResponse', why, signer).thenRefused('RESPONSE_UNKNOWN')
  })
})

describe('publication', () => {
  test('of an approved final answer meets what it answers, and carries every promise in it', () => {
    const steps = [...signed, ...draftSteps(withPromise), ...submitSteps(withPromise), ...approveSteps(withPromise)]
    having(steps)
      .when('PublishResponse', publishBody(withPromise), officer)
      .thenEvents(
        {
          type: 'ResponsePublished',
          data: {
            responseId: RESPONSE,
            version: 1,
            content: withPromise,
            digest: digestOfContent(withPromise),
            policy: { id: 'standard', version: 3 },
            approvers: ['department-reviewer@housing', 'signer@county-office'],
            address: 'https://www.example.gov.cn/1.html',
            publishedAt: NOW,
            department: 'housing',
            publishedBy: 'officer@housing',
          },
        },
        { type: 'DeadlineMet', data: expect.objectContaining({ purpose: 'acknowledge', at: NOW }) },
        { type: 'DeadlineMet', data: expect.objectContaining({ purpose: 'final-answer', at: NOW }) },
      )
  })

  test('in the last moment is in time, a millisecond later is late', () => {
    const { due } = deadlineIn(after(...approved), 'final-answer')
    const last = having(approved).when('PublishResponse', publishBody(), officer, { now: due })
    expect(last.decision).toMatchObject({
      events: [{}, {}, { type: 'DeadlineMet', data: { purpose: 'final-answer' } }],
    })
    const late = having(approved).when('PublishResponse', publishBody(), officer, { now: '2026-03-11T16:00:00.000Z' })
    expect(late.decision).toMatchObject({
      events: [
        {},
        {},
        { type: 'DeadlineMissed', data: { purpose: 'final-answer', doneAt: '2026-03-11T16:00:00.000Z' } },
      ],
    })
  })

  test('late, where that was already written, adds only the answer', () => {
    const missed = (['acknowledge', 'final-answer'] as const).map((purpose) =>
      step(
        'MarkDeadlineMissed',
        { deadlineId: deadlineIn(after(...approved), purpose).id },
        undefined,
        hoursLater(24 * 30),
      ),
    )
    having([...approved, ...missed])
      .when('PublishResponse', publishBody(), officer, hoursLater(24 * 30))
      .thenEvents({ type: 'ResponsePublished', data: expect.anything() })
  })

  const notices = (each: ResponseContent) => [
    ...received,
    step('SaveDraft', { responseId: null, content: each }, monitor, { commandId: 'draft' }),
    step('SubmitResponse', { responseId: RESPONSE, digest: digestOfContent(each) }, monitor),
    step('ApproveResponse', { responseId: RESPONSE, level: 1, digest: digestOfContent(each) }, coordinator),
  ]
  const told = { ...content, means: 'private-message', publicText: null } as const

  test('a forwarding notice answers nothing', () => {
    const forwarded: ResponseContent = { ...told, kind: 'forwarded' }
    having(notices(forwarded))
      .when('PublishResponse', publishBody(forwarded), monitor)
      .thenEvents({ type: 'ResponsePublished', data: expect.anything() })
  })

  test('an acknowledgement meets its own deadline and no other', () => {
    const acknowledgement: ResponseContent = { ...told, kind: 'acknowledgement' }
    having(notices(acknowledgement))
      .when('PublishResponse', publishBody(acknowledgement), monitor)
      .thenEvents(
        { type: 'ResponsePublished', data: expect.anything() },
        { type: 'DeadlineMet', data: expect.objectContaining({ purpose: 'acknowledge' }) },
      )
  })

  test('an interim answer leaves the final one owed', () => {
    const interim: ResponseContent = { ...content, kind: 'interim' }
    const steps = [...signed, ...draftSteps(interim), ...submitSteps(interim), ...approveSteps(interim)]
    having(steps)
      .when('PublishResponse', publishBody(interim), officer)
      .thenEvents(
        { type: 'ResponsePublished', data: expect.anything() },
        { type: 'DeadlineMet', data: expect.objectContaining({ purpose: 'acknowledge' }) },
      )
  })

  test('a press conference on a major incident meets its deadlines while the answer is still owed', () => {
    const spoken: ResponseContent = { ...content, kind: 'interim', means: 'press-conference' }
    const major = {
      ...triage,
      type: 'opinion',
      incident: { grade: 'major', setBy: '应急局', document: null },
    } as const
    const steps = [
      step('OpenOpinionCase', openOpinion, monitor),
      step('TriageCase', major, monitor),
      step('RouteCase', route, monitor),
      step('SignForCase', {}, officer),
      ...draftSteps(spoken),
      ...submitSteps(spoken),
      ...approveSteps(spoken),
    ]
    having(steps)
      .when('PublishResponse', publishBody(spoken), officer)
      .thenEvents(
        { type: 'ResponsePublished', data: expect.anything() },
        { type: 'DeadlineMet', data: expect.objectContaining({ purpose: 'authoritative-information' }) },
        { type: 'DeadlineMet', data: expect.objectContaining({ purpose: 'press-conference' }) },
      )
  })

  test('again gives nothing', () => {
    having(published).when('PublishResponse', publishBody(), officer).thenNothing()
  })

  test('of a text that was not approved, or not that one, is refused', () => {
    having(once).when('PublishResponse', publishBody(), officer).thenRefused('NOT_APPROVED')
    having(approved).when('PublishResponse', publishBody(edited), officer).thenRefused('DIGEST_DIFFERS')
    having(signed).when('PublishResponse', publishBody(), officer).thenRefused('RESPONSE_UNKNOWN')
  })

  test('is for the department that drafted it, or the coordinator', () => {
    having(approved).when('PublishResponse', publishBody(), trafficOfficer).thenRefused('NOT_YOUR_CASE')
    having(approved)
      .when('PublishResponse', publishBody(), coordinator)
      .thenEvents(
        { type: 'ResponsePublished', data: expect.objectContaining({ publishedBy: 'coordinator@gov-affairs' }) },
        expect.anything(),
        expect.anything(),
      )
  })

  test('on a website says where', () => {
    having(approved)
      .when('PublishResponse', { ...publishBody(), address: null }, officer)
      .thenRefused('ADDRESS_MISSING')
  })

  test('happened after the approval and not later than now', () => {
    const { now } = hoursLater(5)
    having(approved)
      .when('PublishResponse', { ...publishBody(), publishedAt: hoursLater(6).now }, officer, { now })
      .thenRefused('PUBLISHED_IN_FUTURE')
    having(approved)
      .when('PublishResponse', { ...publishBody(), publishedAt: hoursLater(-1).now }, officer, { now })
      .thenRefused('PUBLISHED_BEFORE_APPROVAL')
    having(approved)
      .when('PublishResponse', { ...publishBody(), publishedAt: hoursLater(1).now }, officer, { now })
      .thenEvents(
        { type: 'ResponsePublished', data: expect.objectContaining({ publishedAt: hoursLater(1).now }) },
        expect.anything(),
        expect.anything(),
      )
  })

  test('is not kept waiting by a clock that was set back after the approval', () => {
    const { now } = hoursLater(-5)
    const { now: approvedAt } = hoursLater(0)
    having(approved)
      .when('PublishResponse', { ...publishBody(), publishedAt: null }, officer, { now })
      .thenEvents(
        { type: 'ResponsePublished', data: expect.objectContaining({ publishedAt: approvedAt }) },
        expect.anything(),
        expect.anything(),
      )
  })

  test('does not come after the case has ended otherwise', () => {
    const declined = {
      ground: 'not-ours',
      basis: '职责',
      notice: '不属本县职权。',
      rightRoute: null,
      proposedBy: 'zhao',
    } as const
    having([...approved, step('DoNotAcceptCase', declined, coordinator)])
      .when('PublishResponse', publishBody(), officer)
      .thenRefused('CASE_CLOSED')
  })

  test('a supplementary answer is published after completion', () => {
    const more: ResponseContent = { ...content, kind: 'supplementary', text: '已修好', publicText: '已修好' }
    const id = uuidOf('response', 'more')
    const steps = [
      ...completed,
      step('SaveDraft', { responseId: null, content: more }, officer, { commandId: 'more' }),
      step('SubmitResponse', { responseId: id, digest: digestOfContent(more) }, officer),
      step('ApproveResponse', { responseId: id, level: 1, digest: digestOfContent(more) }, reviewer),
      step('ApproveResponse', { responseId: id, level: 2, digest: digestOfContent(more) }, signer),
    ]
    having(steps)
      .when('PublishResponse', { ...publishBody(more), responseId: id }, officer)
      .thenEvents({ type: 'ResponsePublished', data: expect.anything() })
  })
})

describe('featuring', () => {
  const feature = { responseId: RESPONSE, digest }
  const openedAs = (wish: 'private' | null) => [step('OpenCase', { ...openCase, wish }), ...published.slice(1)]

  test('a published final answer is featured and unfeatured, each once', () => {
    having(published)
      .when('FeatureReply', feature, coordinator)
      .thenEvents({ type: 'ReplyFeatured', data: { ...feature, featuredBy: 'coordinator@gov-affairs' } })
    const featured = [...published, step('FeatureReply', feature, coordinator)]
    having(featured).when('FeatureReply', feature, coordinator).thenNothing()
    const reason = '内容已过时'
    having(featured)
      .when('UnfeatureReply', { responseId: RESPONSE, reason }, coordinator)
      .thenEvents({ type: 'ReplyUnfeatured', data: { responseId: RESPONSE, cause: 'person', reason } })
    having(published).when('UnfeatureReply', { responseId: RESPONSE, reason }, coordinator).thenNothing()
    having(signed).when('UnfeatureReply', { responseId: RESPONSE, reason }, coordinator).thenRefused('RESPONSE_UNKNOWN')
  })

  test('never of a report', () => {
    const steps = [...published, step('TriageCase', report, monitor)]
    having(steps).when('FeatureReply', feature, coordinator).thenRefused('FEATURE_REPORT')
  })

  test('never against the wish of the asker', () => {
    having(openedAs('private')).when('FeatureReply', feature, coordinator).thenRefused('FEATURE_AGAINST_WISH')
    having(openedAs(null))
      .when('FeatureReply', feature, coordinator)
      .thenEvents({ type: 'ReplyFeatured', data: expect.anything() })
  })

  test('only what is published, final, public and as it was read', () => {
    having(approved).when('FeatureReply', feature, coordinator).thenRefused('NOT_PUBLISHED')
    having(signed).when('FeatureReply', feature, coordinator).thenRefused('RESPONSE_UNKNOWN')
    having(published)
      .when('FeatureReply', { ...feature, digest: digestOfContent(edited) }, coordinator)
      .thenRefused('DIGEST_DIFFERS')
    const publishedAs = (each: ResponseContent) => [
      ...signed,
      ...draftSteps(each),
      ...submitSteps(each),
      ...approveSteps(each),
      step('PublishResponse', publishBody(each), officer),
    ]
    const interim: ResponseContent = { ...content, kind: 'interim' }
    having(publishedAs(interim))
      .when('FeatureReply', { ...feature, digest: digestOfContent(interim) }, coordinator)
      .thenRefused('FEATURE_ONLY_FINAL')
    const spoken: ResponseContent = { ...content, means: 'phone', publicText: null }
    having(publishedAs(spoken))
      .when('FeatureReply', { ...feature, digest: digestOfContent(spoken) }, coordinator)
      .thenRefused('PUBLIC_TEXT_MISSING')
  })
})

test('the case knows its answer', () => {
  expect(opened(after(...published))).toMatchObject({ status: 'answered', opened: { caseId: CASE } })
})
