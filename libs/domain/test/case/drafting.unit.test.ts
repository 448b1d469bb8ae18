import { caseCommands } from '#domain'
import type { ResponseContent } from '#domain'
import { describe, expect, test } from 'vitest'
import {
  after,
  approved,
  approveSteps,
  completed,
  content,
  coordinator,
  digestOfContent,
  drafted,
  draftSteps,
  having,
  hoursLater,
  monitor,
  NOW,
  officer,
  opened,
  person,
  promise,
  published,
  publishBody,
  received,
  RESPONSE,
  reviewer,
  route,
  routed,
  settings,
  signed,
  signer,
  step,
  submitSteps,
  submitted,
  trafficOfficer,
  triage,
  triaged,
  uuidOf,
  withPromise,
} from './support.ts'

const edited: ResponseContent = { ...content, text: '李先生，路灯将于6月15日前修好。' }
const digest = digestOfContent(content)
const supplementary: ResponseContent = { ...content, kind: 'supplementary', publicText: '路灯已修好。' }
const acknowledgement: ResponseContent = { ...content, kind: 'acknowledgement', means: 'phone', publicText: null }

describe('drafting', () => {
  test('a saved draft is version 1, with a digest of all that an approver reads', () => {
    having(signed)
      .when('SaveDraft', { responseId: null, content }, officer, { commandId: 'draft' })
      .thenEvents({
        type: 'ResponseDrafted',
        data: {
          responseId: RESPONSE,
          version: 1,
          content,
          digest,
          department: 'housing',
          draftedBy: 'officer@housing',
          correction: null,
        },
      })
  })

  test('every part of the content changes the digest', () => {
    const others: ResponseContent[] = [
      { ...content, kind: 'interim' },
      { ...content, text: '另一文本' },
      { ...content, publicText: '另一公开文本' },
      { ...content, means: 'phone' },
      withPromise,
      {
        ...content,
        attachments: [
          {
            blobId: uuidOf('blob'),
            digest: digestOfContent(content),
            name: '附件',
            mediaType: 'text/plain',
            sizeBytes: 1,
          },
        ],
      },
    ]
    expect(new Set([content, ...others].map(digestOfContent)).size).toBe(others.length + 1)
  })

  test('the same text again gives nothing, whether with the same command or later', () => {
    having(drafted).when('SaveDraft', { responseId: null, content }, officer, { commandId: 'draft' }).thenNothing()
    having(approved).when('SaveDraft', { responseId: RESPONSE, content }, officer).thenNothing()
  })

  test('an edit is the next version and cancels the approvals', () => {
    having(approved)
      .when('SaveDraft', { responseId: RESPONSE, content: edited }, officer)
      .thenEvents({ type: 'ResponseDrafted', data: expect.objectContaining({ version: 2 }) })
    having([...approved, step('SaveDraft', { responseId: RESPONSE, content: edited }, officer)])
      .when('PublishResponse', publishBody(edited), officer)
      .thenRefused('NOT_APPROVED')
  })

  test('who signed drafts, and who coordinates until somebody has; nobody else', () => {
    having(routed).when('SaveDraft', { responseId: null, content }, officer).thenRefused('NOT_YOUR_CASE')
    having(signed).when('SaveDraft', { responseId: null, content }, trafficOfficer).thenRefused('NOT_YOUR_CASE')
    having([...routed, step('RouteCase', { ...route, lead: 'traffic' }, monitor)])
      .when('SaveDraft', { responseId: null, content }, officer)
      .thenEvents({ type: 'ResponseDrafted', data: expect.objectContaining({ department: 'housing' }) })
  })

  test('the receiving office acknowledges before anybody has signed', () => {
    having(received)
      .when('SaveDraft', { responseId: null, content: acknowledgement }, monitor)
      .thenEvents({ type: 'ResponseDrafted', data: expect.objectContaining({ department: 'duty-office' }) })
  })

  test('a promise quotes the public text exactly', () => {
    having(signed)
      .when('SaveDraft', { responseId: null, content: withPromise }, officer)
      .thenEvents({ type: 'ResponseDrafted', data: expect.objectContaining({ content: withPromise }) })
    having(signed)
      .when('SaveDraft', { responseId: null, content: { ...withPromise, publicText: '路灯将尽快修好。' } }, officer)
      .thenRefused('MARK_NOT_IN_TEXT')
  })

  test('a response with its marks fits one append', () => {
    const publicText = '6月底前修好'.repeat(250)
    const marks = Array.from({ length: 30 }, (_, at) => ({
      markId: `m${at}`,
      terms: {
        ...promise,
        quote: publicText,
        milestones: Array.from({ length: 20 }, (_, of) => ({
          id: `s${of}`,
          title: '字'.repeat(200),
          due: '2026-06-30',
        })),
      },
    }))
    having(signed)
      .when('SaveDraft', { responseId: null, content: { ...content, publicText, marks } }, officer)
      .thenRefused('RESPONSE_TOO_LONG')
  })

  test('two marks need two ids', () => {
    const marks = [...withPromise.marks, ...withPromise.marks]
    having(signed)
      .when('SaveDraft', { responseId: null, content: { ...content, marks } }, officer)
      .thenRefused('MARK_TWICE')
  })

  test('the department that answers for a promise exists', () => {
    const marks = withPromise.marks.map((mark) => ({ ...mark, terms: { ...mark.terms, responsible: 'nowhere' } }))
    having(signed)
      .when('SaveDraft', { responseId: null, content: { ...content, marks } }, officer)
      .thenRefused('UNKNOWN_DEPARTMENT')
  })

  test('what goes public has a public text', () => {
    having(signed)
      .when('SaveDraft', { responseId: null, content: { ...content, publicText: null } }, officer)
      .thenRefused('PUBLIC_TEXT_MISSING')
  })

  test('a response keeps its kind', () => {
    having(drafted)
      .when('SaveDraft', { responseId: RESPONSE, content: { ...content, kind: 'interim' } }, officer)
      .thenRefused('RESPONSE_KIND_FIXED')
  })

  test('an unknown response is not edited, a published one corrected instead', () => {
    having(signed)
      .when('SaveDraft', { responseId: uuidOf('other'), content }, officer)
      .thenRefused('RESPONSE_UNKNOWN')
    having(published)
      .when('SaveDraft', { responseId: RESPONSE, content: edited }, officer)
      .thenRefused('RESPONSE_PUBLISHED')
  })

  test('after completion only something supplementary is added', () => {
    having(completed).when('SaveDraft', { responseId: null, content: edited }, officer).thenRefused('CASE_CLOSED')
    having(completed)
      .when('SaveDraft', { responseId: null, content: supplementary }, officer)
      .thenEvents({ type: 'ResponseDrafted', data: expect.anything() })
  })

  test('a text longer than 20,000 characters is no answer', () => {
    const { schema } = caseCommands.SaveDraft
    expect(schema.safeParse({ responseId: null, content: { ...content, text: '字'.repeat(20_001) } }).success).toBe(
      false,
    )
  })
})

describe('submission', () => {
  test('pins the policy and its levels', () => {
    having(drafted)
      .when('SubmitResponse', { responseId: RESPONSE, digest }, officer)
      .thenEvents({
        type: 'ResponseSubmitted',
        data: {
          responseId: RESPONSE,
          version: 1,
          digest,
          policy: { id: 'standard', version: 3 },
          levels: ['department-reviewer', 'signer'],
          submittedBy: 'officer@housing',
        },
      })
  })

  test('the policy with the most matching keys rules', () => {
    const sensitive = [
      ...received,
      step('TriageCase', { ...triage, sensitivities: ['stability'] }, monitor),
      step('RouteCase', route, monitor),
      step('SignForCase', {}, officer),
      ...draftSteps(),
    ]
    having(sensitive)
      .when('SubmitResponse', { responseId: RESPONSE, digest }, officer)
      .thenEvents({
        type: 'ResponseSubmitted',
        data: expect.objectContaining({ policy: { id: 'sensitive', version: 1 } }),
      })
  })

  test('a policy changed later does not touch a round under way', () => {
    const later = { ...settings, approvalPolicies: [] }
    having(submitted)
      .when('ApproveResponse', { responseId: RESPONSE, level: 1, digest }, reviewer, { settings: later })
      .thenEvents({ type: 'ResponseApproved', data: expect.objectContaining({ complete: false }) })
  })

  test('again gives nothing', () => {
    having(submitted).when('SubmitResponse', { responseId: RESPONSE, digest }, officer).thenNothing()
  })

  test('is of the text as it is now, by its department, under some policy', () => {
    having(drafted)
      .when('SubmitResponse', { responseId: RESPONSE, digest: digestOfContent(edited) }, officer)
      .thenRefused('DIGEST_DIFFERS')
    having(drafted)
      .when('SubmitResponse', { responseId: RESPONSE, digest }, trafficOfficer)
      .thenRefused('NOT_YOUR_CASE')
    having(drafted)
      .when('SubmitResponse', { responseId: uuidOf('x'), digest }, officer)
      .thenRefused('RESPONSE_UNKNOWN')
    having(drafted)
      .when('SubmitResponse', { responseId: RESPONSE, digest }, officer, {
        settings: { ...settings, approvalPolicies: [] },
      })
      .thenRefused('NO_APPROVAL_POLICY')
  })

  test('what a department drafted is no longer its to submit or publish when another has signed', () => {
    const moved = [step('RouteCase', { ...route, lead: 'traffic' }, monitor), step('SignForCase', {}, trafficOfficer)]
    having([...drafted, ...moved])
      .when('SubmitResponse', { responseId: RESPONSE, digest }, officer)
      .thenRefused('RESPONSE_OF_FORMER_HOLDER')
    having([...approved, ...moved])
      .when('PublishResponse', publishBody(), officer)
      .thenRefused('RESPONSE_OF_FORMER_HOLDER')
  })
})

describe('correction', () => {
  const correction = { responseId: RESPONSE, content: edited, reason: '日期有误' }
  const correcting = [...published, step('CorrectResponse', correction, officer)]
  const recorrected = [...correcting, ...submitSteps(edited), ...approveSteps(edited)]

  test('begins a new round on what is published', () => {
    having(published)
      .when('CorrectResponse', correction, officer)
      .thenEvents({
        type: 'ResponseDrafted',
        data: expect.objectContaining({ version: 2, correction: { reason: '日期有误', previousDigest: digest } }),
      })
  })

  test('to the same text gives nothing', () => {
    having(published)
      .when('CorrectResponse', { ...correction, content }, officer)
      .thenNothing()
    having(correcting).when('CorrectResponse', correction, officer).thenNothing()
  })

  test('stands only after the same approval, under its own digest; the deadline was met by the answer', () => {
    having([...correcting, ...submitSteps(edited)])
      .when('PublishResponse', publishBody(edited), officer)
      .thenRefused('NOT_APPROVED')
    having(recorrected)
      .when('PublishResponse', publishBody(edited), officer)
      .thenEvents({
        type: 'ResponseCorrected',
        data: {
          responseId: RESPONSE,
          version: 2,
          content: edited,
          digest: digestOfContent(edited),
          previousDigest: digest,
          reason: '日期有误',
          policy: { id: 'standard', version: 3 },
          approvers: ['department-reviewer@housing', 'signer@county-office'],
          address: 'https://www.example.gov.cn/1.html',
          publishedAt: NOW,
          department: 'housing',
          publishedBy: 'officer@housing',
        },
      })
  })

  test('until then the published text stands', () => {
    expect(opened(after(...recorrected)).responses.own[0]?.published?.digest).toBe(digest)
  })

  test('is possible after completion', () => {
    having(completed)
      .when('CorrectResponse', correction, officer)
      .thenEvents({ type: 'ResponseDrafted', data: expect.anything() })
    having([
      ...completed,
      step('CorrectResponse', correction, officer),
      ...submitSteps(edited),
      ...approveSteps(edited),
    ])
      .when('PublishResponse', publishBody(edited), officer)
      .thenEvents({ type: 'ResponseCorrected', data: expect.anything() })
  })

  test('of what is not published or not known is refused; nor may its kind change', () => {
    having(drafted).when('CorrectResponse', correction, officer).thenRefused('NOT_PUBLISHED')
    having(signed).when('CorrectResponse', correction, officer).thenRefused('RESPONSE_UNKNOWN')
    having(published)
      .when('CorrectResponse', { ...correction, content: { ...edited, kind: 'interim' } }, officer)
      .thenRefused('RESPONSE_KIND_FIXED')
    having(published).when('CorrectResponse', correction, trafficOfficer).thenRefused('NOT_YOUR_CASE')
  })
})

describe('answering on the spot', () => {
  const spoken: ResponseContent & { kind: 'final' } = { ...content, kind: 'final', means: 'phone', publicText: null }
  const body = { type: 'consultation', subject: null, content: spoken } as const
  const spot = step('AnswerOnTheSpot', body, officer, { commandId: 'draft' })

  test('triages, routes, signs, drafts and submits in one act', () => {
    having(received)
      .when('AnswerOnTheSpot', body, officer, { commandId: 'draft' })
      .thenEvents(
        { type: 'CaseTriaged', data: expect.objectContaining({ type: 'consultation' }) },
        {
          type: 'CaseRouted',
          data: expect.objectContaining({ lead: 'housing', basis: { kind: 'rule', rule: 'answered-on-the-spot' } }),
        },
        { type: 'DeadlineSet', data: expect.objectContaining({ purpose: 'sign-for' }) },
        { type: 'CaseSignedFor', data: expect.anything() },
        { type: 'DeadlineMet', data: expect.objectContaining({ purpose: 'sign-for' }) },
        { type: 'DeadlineSet', data: expect.objectContaining({ purpose: 'hand-back' }) },
        { type: 'ResponseDrafted', data: expect.objectContaining({ responseId: RESPONSE }) },
        { type: 'ResponseSubmitted', data: expect.objectContaining({ responseId: RESPONSE }) },
      )
  })

  test('then takes approval and publication like every answer', () => {
    const steps = [...received, spot, ...approveSteps(spoken), step('PublishResponse', publishBody(spoken), officer)]
    expect(opened(after(...steps)).status).toBe('answered')
  })

  test('again gives nothing', () => {
    having([...received, spot])
      .when('AnswerOnTheSpot', body, officer, { commandId: 'draft' })
      .thenNothing()
  })

  test('is not for a case that another department has, or that is answered', () => {
    having(signed).when('AnswerOnTheSpot', body, trafficOfficer).thenRefused('NOT_YOUR_CASE')
    having(completed)
      .when('AnswerOnTheSpot', body, person('officer', 'housing', 'other'))
      .thenRefused('CASE_CLOSED')
    having(triaged)
      .when('AnswerOnTheSpot', { ...body, content: { ...spoken, means: 'website' } }, coordinator)
      .thenRefused('PUBLIC_TEXT_MISSING')
  })
})

describe('the hour counts', () => {
  test('approval and publication are written with their own times', () => {
    const events = after(
      ...submitted,
      step('ApproveResponse', { responseId: RESPONSE, level: 1, digest }, reviewer, hoursLater(1)),
      step('ApproveResponse', { responseId: RESPONSE, level: 2, digest }, signer, hoursLater(2)),
      step('PublishResponse', publishBody(), officer, hoursLater(3)),
    )
    expect(events.filter(({ type }) => type === 'ResponseApproved').map(({ data }) => data)).toMatchObject([
      { level: 1, at: hoursLater(1).now, complete: false },
      { level: 2, at: hoursLater(2).now, complete: true },
    ])
    expect(events.find(({ type }) => type === 'ResponsePublished')?.data).toMatchObject({
      publishedAt: hoursLater(3).now,
    })
  })
})
