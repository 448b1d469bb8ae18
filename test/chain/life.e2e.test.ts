import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  GetCase,
  GetStatistics,
  ListCases,
  ListCommitments,
  ListItems,
  ListResponses,
  ListWorkloads,
} from '#application'
import type { CaseAnswer } from '#application'
import type { Actor } from '#domain'
import { verifyFolder } from '../../apps/standalone/src/verify.ts'
import { ADDRESS, approve, draft } from '../support/answering.ts'
import { endOf, instantOf } from '../support/clock.ts'
import { answer, byHand, complaint, County, staff } from '../support/county.ts'

const asker = 'operator'

let county: County
beforeAll(async () => {
  county = await County.open('2026-03-02 09:00')
})
afterAll(() => county.close())

/** The case's page after each stage, and when: replay of that moment must show the same for ever. */
const stages: { name: string; at: string; page: CaseAnswer }[] = []

async function stage(name: string, id: string): Promise<CaseAnswer> {
  const page = await county.huiying.query(new GetCase({ number: id, asker }))
  stages.push({ name, at: county.clock.instant, page })
  return page
}

const list = (who: Actor | 'operator' = asker) => county.huiying.query(new ListCases({ asker: who }))
const stateOf = async (id: string) => (await list()).documents.find((document) => document.id === id)?.status
const deadline = ({ detail }: CaseAnswer, purpose: string) =>
  detail.deadlines.findLast((each) => each['purpose'] === purpose)

test('a message lives from receipt to a promise that is kept, seen and rechecked, and answers a second asker', async () => {
  // ── Received ──
  county.clock.moveTo('2026-03-06 20:00')
  const first = await county.message('L-1', '滨河路路面破损', '滨河路自去年冬天以来路面多处破损，夜里骑车很危险。')
  let page = await stage('received', first.case)
  expect(page.case).toMatchObject({ status: 'new', number: '2026-000001', channel: 'governor-suggestions', lead: null })
  expect(page.detail.queryCode).toMatch(/^\d{8}$/)
  expect(page.items).toMatchObject([{ id: first.item, place: 'in-case', title: '滨河路路面破损' }])
  // A Friday evening: five working days end with the next Friday.
  expect(deadline(page, 'final-answer')).toMatchObject({ state: 'open', due: endOf('2026-03-13') })
  expect((await county.huiying.query(new ListItems({ asker, place: 'waiting' }))).total).toBe(0)
  expect((await county.huiying.query(new ListCases({ asker, search: '路面 骑车' }))).documents).toMatchObject([
    { id: first.case },
  ])

  // ── Triaged and routed to the wrong department, which signs and hands back ──
  county.clock.moveTo('2026-03-09 08:30')
  expect(await county.refused('RouteCase', first.case, toHousing, staff.coordinator)).toBe('NOT_TRIAGED')
  await county.give('TriageCase', first.case, complaint, staff.monitor)
  expect((await stage('triaged', first.case)).case).toMatchObject({ status: 'triaged', type: 'complaint' })
  await county.give('RouteCase', first.case, toHousing, staff.coordinator)
  page = await stage('routed', first.case)
  expect(page.case).toMatchObject({ status: 'routed', lead: 'housing' })
  expect(deadline(page, 'sign-for')).toMatchObject({ state: 'open', due: endOf('2026-03-10') })
  expect((await list(staff.housingOfficer)).documents).toMatchObject([{ id: first.case }])
  expect((await list(staff.transportOfficer)).total).toBe(0)
  expect(await county.refused('SignForCase', first.case, {}, staff.transportOfficer)).toBe('NOT_YOUR_CASE')
  await county.give('SignForCase', first.case, {}, staff.housingOfficer)
  page = await stage('signed for', first.case)
  expect(page.case.status).toBe('signed')
  expect(deadline(page, 'sign-for')).toMatchObject({ state: 'met' })

  const reasons = { reason: '道路养护归交通局', basis: '三定方案', suggestedLead: 'transport' }
  await county.give('RequestHandBack', first.case, reasons, staff.housingOfficer)
  page = await stage('hand-back asked', first.case)
  expect(page.case.status).toBe('handing-back')
  const { handBackId } = page.detail.handBacks[0]!
  await county.give('GrantHandBack', first.case, { handBackId, reason: null }, staff.coordinator)
  page = await stage('hand-back granted', first.case)
  expect(page.case).toMatchObject({ status: 'triaged', lead: null, coordinating: 'housing' })
  expect(page.detail.handBacks).toMatchObject([{ state: 'granted', department: 'housing' }])

  // ── A second asker, about the same road, joins ──
  county.clock.moveTo('2026-03-09 15:00')
  const second = await county.message('L-2', '滨河路坑洼', '滨河路坑洼不平，孩子上学摔过跤。')
  await county.give('TriageCase', second.case, complaint, staff.monitor)
  const join = { lead: first.case, relation: 'similar', reason: '同一路段' }
  await county.give('JoinCase', second.case, join, staff.monitor)
  expect((await stage('another joined', first.case)).case.followers).toEqual([{ id: second.case, through: first.case }])
  const toTransport = { lead: 'transport', assisting: [], basis: byHand }
  expect(await county.refused('RouteCase', second.case, toTransport, staff.coordinator)).toBe('CASE_FOLLOWS_ANOTHER')
  expect((await list(staff.transportOfficer)).total).toBe(0)

  // ── Routed to the right one ──
  await county.give('RouteCase', first.case, toTransport, staff.coordinator)
  // 首问负责: until another has signed, who was asked first answers the asker, and sees the case.
  expect((await list(staff.housingOfficer)).total).toBe(2)
  await county.give('SignForCase', first.case, {}, staff.transportOfficer)
  page = await stage('signed for again', first.case)
  expect(page.case).toMatchObject({ status: 'signed', lead: 'transport', coordinating: null })
  expect(page.detail.routings).toHaveLength(2)
  expect((await list(staff.transportOfficer)).documents.map(({ id }) => id).sort()).toEqual(
    [first.case, second.case].sort(),
  )
  expect((await list(staff.housingOfficer)).total).toBe(0)

  // ── Drafted with a promise, returned, edited, approved at each level, published ──
  county.clock.moveTo('2026-03-10 10:00')
  const poor = await draft(county, first.case, answer(`您好，${PROMISE}。`, PROMISE))
  expect((await stage('drafted', first.case)).detail.responses).toMatchObject([{ state: 'draft', version: 1 }])
  await county.give('SubmitResponse', first.case, poor, staff.transportOfficer)
  await county.give('ReturnResponse', first.case, { ...poor, why: '请写明原因' }, staff.transportReviewer)
  expect((await stage('returned', first.case)).detail.responses).toMatchObject([
    { state: 'returned', returned: { why: '请写明原因' } },
  ])
  const text = `您好，经查，冬季冻融造成路面破损。${PROMISE}。`
  const good = await draft(county, first.case, answer(text, PROMISE), poor.responseId)
  expect(good.digest).not.toBe(poor.digest)

  const publishing = { address: ADDRESS, publishedAt: null }
  const publish = (which: typeof good) =>
    county.refused('PublishResponse', first.case, { ...which, ...publishing }, staff.transportOfficer)
  expect(await publish(good)).toBe('NOT_APPROVED')
  await county.give('SubmitResponse', first.case, good, staff.transportOfficer)
  expect(await publish(good)).toBe('NOT_APPROVED')
  await county.give('ApproveResponse', first.case, { ...good, level: 1 }, staff.transportReviewer)
  expect((await stage('approved by the department', first.case)).detail.responses).toMatchObject([
    { state: 'submitted' },
  ])
  expect(await publish(good)).toBe('NOT_APPROVED')
  await county.give('ApproveResponse', first.case, { ...good, level: 2 }, staff.coordinator)
  expect((await stage('approved', first.case)).detail.responses).toMatchObject([{ state: 'approved' }])
  expect(await publish(poor)).toBe('DIGEST_DIFFERS')
  // An edit after approval, and the way back to the approved words: they must be approved anew.
  const edited = await draft(county, first.case, answer(`${text}！`, PROMISE), good.responseId)
  expect(await publish(edited)).toBe('NOT_APPROVED')
  expect(await publish(good)).toBe('DIGEST_DIFFERS')
  await draft(county, first.case, answer(text, PROMISE), good.responseId)
  expect(await publish(good)).toBe('NOT_APPROVED')
  await approve(county, first.case, good)

  county.clock.moveTo('2026-03-12 16:00')
  await county.give('PublishResponse', first.case, { ...good, ...publishing }, staff.transportOfficer)
  page = await stage('published', first.case)
  expect(page.case).toMatchObject({ status: 'answered', answeredBy: 'transport', final: { state: 'met' } })
  expect(page.detail.responses).toMatchObject([{ state: 'published', text, address: ADDRESS }])

  // ── Its promise is recorded, once; the second asker is answered in their own right ──
  const commitments = await county.huiying.query(new ListCommitments({ asker }))
  expect(commitments.documents).toMatchObject([
    { quote: PROMISE, status: 'open', fulfilment: 'open', publication: 'open', responsible: 'transport' },
  ])
  const promised = commitments.documents[0]!.id
  expect(page.commitments.map(({ id }) => id)).toEqual([promised])
  expect(await county.types(`commitment-${promised}`)).toEqual(['CommitmentMade'])
  expect((await county.types(`case-${second.case}`)).slice(-2)).toEqual(['AnsweredByLead', 'DeadlineMet'])
  const followed = await county.huiying.query(new GetCase({ number: second.case, asker }))
  expect(followed.case).toMatchObject({ status: 'answered', following: first.case, final: { state: 'met' } })
  expect(followed.detail.responses).toMatchObject([{ state: 'answered-by-lead', text, lead: first.case }])
  expect(followed.case.number).not.toBe(page.case.number)

  // ── Progress, told on Monday of a Friday ──
  county.clock.moveTo('2026-04-20 09:00')
  const progress = { statement: '已完成勘测', evidence: [] }
  const occurredAt = instantOf('2026-04-17 17:00')
  await county.give('ReportProgress', promised, progress, staff.transportOfficer, { occurredAt })
  const onSaturday = instantOf('2026-04-18 12:00')
  const known = await county.huiying.query(new GetCase({ number: first.case, asker, at: onSaturday }))
  const happened = await county.huiying.query(new GetCase({ number: first.case, asker, asOf: onSaturday }))
  expect(known.commitments).toMatchObject([{ lastProgressAt: null }])
  expect(happened.commitments).toMatchObject([{ lastProgressAt: occurredAt }])

  // ── Reported, rejected, reported again, verified by another department ──
  const at = (name: string) => stage(name, first.case)
  const settle = () => county.refused('SettleCommitment', promised, {}, staff.coordinator)
  county.clock.moveTo('2026-09-10 09:00')
  expect(await settle()).toBe('FULFILMENT_NOT_VERIFIED')
  const done = { statement: '已完成修复', evidence: [] }
  await county.give('ReportFulfilment', promised, done, staff.transportOfficer)
  expect((await at('fulfilment reported')).commitments).toMatchObject([{ fulfilment: 'reported' }])
  const judged = { report: 1, degree: 'complete', method: 'site-visit', statement: '已看过现场', evidence: [] }
  expect(await county.refused('VerifyFulfilment', promised, judged, staff.transportVerifier)).toBe(
    'VERIFIER_NOT_INDEPENDENT',
  )
  await county.give('RejectFulfilment', promised, { report: 1, reason: '南段未修' }, staff.verifier)
  expect((await at('rejected')).commitments).toMatchObject([{ fulfilment: 'open', status: 'open' }])
  county.clock.moveTo('2026-09-20 09:00')
  const doneAgain = { statement: '南段已修复', evidence: [] }
  await county.give('ReportFulfilment', promised, doneAgain, staff.transportOfficer)
  expect(await county.refused('VerifyFulfilment', promised, judged, staff.verifier)).toBe('REPORT_CHANGED')
  await county.give('VerifyFulfilment', promised, { ...judged, report: 2 }, staff.verifier)
  expect((await at('fulfilment verified')).commitments).toMatchObject([{ fulfilment: 'complete', status: 'open' }])

  // ── Settling waits for the page; with it, settling follows by itself ──
  expect(await settle()).toBe('PUBLICATION_NOT_VERIFIED')
  const shown = { address: 'https://www.county.example/promise/1.html' }
  await county.give('ReportPublication', promised, shown, staff.transportOfficer)
  expect((await at('page reported')).commitments).toMatchObject([{ publication: 'reported', status: 'open' }])
  expect(await settle()).toBe('PUBLICATION_NOT_VERIFIED')
  const seen = { report: 1, pageDigest: 'a'.repeat(64), wordsFound: ['滨河路已完成修复'] }
  expect(await county.refused('VerifyPublication', promised, seen, staff.transportVerifier)).toBe(
    'VERIFIER_NOT_INDEPENDENT',
  )
  await county.give('VerifyPublication', promised, seen, staff.verifier)
  page = await at('settled')
  expect(page.commitments).toMatchObject([{ publication: 'verified', status: 'settled', recheckDue: '2026-12-19' }])
  expect((await county.types(`commitment-${promised}`)).filter((type) => type === 'CommitmentSettled')).toHaveLength(1)

  // ── Rechecked ──
  county.clock.moveTo('2026-12-21 10:00')
  const recheck = { recheck: 1, statement: '路面完好', evidence: [] }
  expect(await county.refused('PassRecheck', promised, recheck, staff.transportVerifier)).toBe(
    'VERIFIER_NOT_INDEPENDENT',
  )
  await county.give('PassRecheck', promised, recheck, staff.verifier)
  expect((await at('rechecked')).commitments).toMatchObject([{ rechecks: 1, recheckDue: null, status: 'settled' }])

  // ── What the ledgers and counts say at the end ──
  const responses = await county.huiying.query(new ListResponses({ asker, department: 'transport' }))
  const line = { department: 'transport', means: 'website', address: ADDRESS, inTime: true, kind: 'final' }
  const byCase = new Map(responses.documents.map((document) => [document.caseId, document]))
  expect(byCase.size).toBe(2)
  expect(byCase.get(first.case)).toMatchObject({
    ...line,
    source: 'ours',
    commitments: [{ id: promised, status: 'settled', fulfilment: 'complete', publication: 'verified' }],
  })
  expect(byCase.get(second.case)).toMatchObject({ ...line, source: 'lead', receivedAt: instantOf('2026-03-09 15:00') })
  const workloads = await county.huiying.query(new ListWorkloads({ asker }))
  expect(workloads.documents).toMatchObject([{ id: 'transport', counts: { cases: 1, answered: 1, commitments: 1 } }])
  const statistics = await county.huiying.query(new GetStatistics({ asker }))
  expect(statistics).toMatchObject({
    received: 2,
    answered: 2,
    answeredInTime: 2,
    byChannel: { 'governor-suggestions': { received: 2, answered: 2, answeredInTime: 2 } },
    byDepartment: { transport: { received: 2, answered: 2, answeredInTime: 2 } },
    commitments: { made: 1, open: 0, overdue: 0, settled: 1, broken: 0, withdrawn: 0 },
  })
}, 30_000)

test('replay of every earlier stage shows what its page showed then, and replay of now what it shows now', async () => {
  expect(stages.length).toBeGreaterThan(18)
  for (const { name, at, page } of stages) {
    const replayed = await county.huiying.query(new GetCase({ number: page.case.id, asker, at }))
    expect(replayed, name).toEqual(page)
  }
})

test('before it was opened there was no case', async () => {
  const at = instantOf('2026-03-06 19:00')
  const number = stages[0]!.page.case.number
  await expect(county.huiying.query(new GetCase({ number, asker, at }))).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('a 举报 never reaches whom it accuses', async () => {
  const report = await county.message('L-3', '举报住建局吃拿卡要', '办证时被索要烟酒。')
  const accusing = { ...complaint, type: 'report', accused: { departments: ['housing'], persons: [] } }
  await county.give('TriageCase', report.case, accusing, staff.monitor)
  expect(await county.refused('RouteCase', report.case, toHousing, staff.coordinator)).toBe('ROUTE_TO_ACCUSED')
  const assisted = { lead: 'supervision', assisting: ['housing'], basis: byHand }
  expect(await county.refused('RouteCase', report.case, assisted, staff.coordinator)).toBe('ROUTE_TO_ACCUSED')
  await county.give('RouteCase', report.case, { ...assisted, assisting: [] }, staff.coordinator)
  expect((await list(staff.housingOfficer)).total).toBe(0)
  await expect(
    county.huiying.query(new GetCase({ number: report.case, asker: staff.housingOfficer })),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const found = await county.huiying.query(new ListCases({ asker: staff.housingOfficer, search: '烟酒' }))
  expect(found).toMatchObject({ total: 0, documents: [] })
  const anothers = { ...staff.housingOfficer, role: 'coordinator' } as Actor
  expect(await county.refused('TriageCase', report.case, complaint, anothers)).toBe('ACTOR_IS_ACCUSED')
  expect(await stateOf(report.case)).toBe('routed')
})

test('a rebuild gives the same documents, and every chain is whole', async () => {
  expect(await county.huiying.projector.compare()).toMatchObject({ differing: 0, differences: [] })
  await county.reopen(async () => {
    const messages = []
    for await (const message of verifyFolder(county.folder)) messages.push(message)
    expect(messages.at(-1)).toMatchObject({ kind: 'done', findings: 0 })
  })
})

const PROMISE = '确保9月底前完成滨河路修复'
const toHousing = { lead: 'housing', assisting: [], basis: byHand }
