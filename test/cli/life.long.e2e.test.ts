import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CaseAnswer, CaseDocument, CommitmentDocument, Statistics } from '#application'
import type { Actor } from '#domain'
import { ADDRESS, told } from '../support/answering.ts'
import { huiying } from '../support/cli.ts'
import { answer, byHand, complaint, staff } from '../support/county.ts'
import { fileIn, jsonLines, row } from '../support/files.ts'

let data: string
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'huiying-life-'))
})
afterAll(() => rm(data, { recursive: true, force: true }))

interface Acted {
  outcome: string
  events: { type: string; data: Record<string, unknown> }[]
}

async function act(command: string, target: string | null, payload: unknown, actor: Actor): Promise<Acted> {
  const ran = await huiying(['act', command, '--json', '-'], {
    data,
    input: JSON.stringify({ target, payload, actor }),
  })
  expect(ran, command).toMatchObject({ code: 0, stderr: '' })
  return JSON.parse(ran.stdout) as Acted
}

async function refusal(command: string, target: string, payload: unknown, actor: Actor): Promise<string> {
  const ran = await huiying(['act', command, '--json', '-'], {
    data,
    input: JSON.stringify({ target, payload, actor }),
  })
  expect(ran.code).toBe(3)
  return (JSON.parse(ran.stderr) as { error: { code: string } }).error.code
}

async function ask<Answer>(...given: string[]): Promise<Answer> {
  const ran = await huiying([...given, '--json'], { data })
  expect(ran, given.join(' ')).toMatchObject({ code: 0, stderr: '' })
  return JSON.parse(ran.stdout) as Answer
}

/** A message that came in an hour ago, from a file; its case. */
async function imported(id: string, subject: string): Promise<CaseDocument> {
  const time = new Date(Date.now() - 3_600_000).toISOString()
  const file = await fileIn(data, `${id}.jsonl`, jsonLines([row(id, { subject, time })]))
  await ask('import', file, '--channel', 'leaders-mailbox')
  const { cases } = await ask<{ cases: CaseDocument[] }>('cases', '--search', subject)
  expect(cases).toMatchObject([{ title: subject, status: 'new' }])
  return cases[0]!
}

const PROMISE = '确保年底前完成滨河路修复'

test('from the command line alone, a message lives until its promise is kept, seen and rechecked', async () => {
  for (const [id, name] of [
    ['transport', '交通局'],
    ['housing', '住建局'],
  ] as const) {
    const department = { id, name, active: true }
    await act('DefineDepartment', null, { department, reason: null }, staff.administrator)
  }
  const { id, number } = await imported('first', '滨河路路面破损')
  const second = await imported('second', '滨河路坑洼')

  const routed = (lead: string) => ({ lead, assisting: [], basis: byHand })
  await act('TriageCase', id, complaint, staff.monitor)
  await act('RouteCase', id, routed('housing'), staff.coordinator)
  await act('SignForCase', id, {}, staff.housingOfficer)
  const reasons = { reason: '归交通局', basis: '三定方案', suggestedLead: 'transport' }
  const asked = await act('RequestHandBack', id, reasons, staff.housingOfficer)
  const { handBackId } = asked.events[0]!.data
  await act('GrantHandBack', id, { handBackId, reason: null }, staff.coordinator)
  await act('RouteCase', id, routed('transport'), staff.coordinator)
  await act('SignForCase', id, {}, staff.transportOfficer)
  await act('JoinCase', second.id, { lead: id, relation: 'similar', reason: '同一路段' }, staff.monitor)

  const save = (responseId: string | null, text: string) =>
    act('SaveDraft', id, { responseId, content: answer(text, PROMISE) }, staff.transportOfficer)
  const poor = told((await save(null, `${PROMISE}。`)).events[0]!.data)
  await act('SubmitResponse', id, poor, staff.transportOfficer)
  await act('ReturnResponse', id, { ...poor, why: '请写明原因' }, staff.transportReviewer)
  const good = told((await save(poor.responseId, `经查，冻融所致。${PROMISE}。`)).events[0]!.data)
  await act('SubmitResponse', id, good, staff.transportOfficer)
  await act('ApproveResponse', id, { ...good, level: 1 }, staff.transportReviewer)
  const publication = { address: ADDRESS, publishedAt: null }
  expect(await refusal('PublishResponse', id, { ...good, ...publication }, staff.transportOfficer)).toBe('NOT_APPROVED')
  await act('ApproveResponse', id, { ...good, level: 2 }, staff.coordinator)
  const beforePublication = new Date().toISOString()
  await act('PublishResponse', id, { ...good, ...publication }, staff.transportOfficer)

  const ledger = await ask<{ total: number; commitments: CommitmentDocument[] }>('commitments')
  expect(ledger).toMatchObject({ total: 1, commitments: [{ quote: PROMISE, status: 'open' }] })
  const promised = ledger.commitments[0]!.id
  await act('ReportProgress', promised, { statement: '已勘测', evidence: [] }, staff.transportOfficer)
  await act('ReportFulfilment', promised, { statement: '已修复', evidence: [] }, staff.transportOfficer)
  const judged = { report: 2, degree: 'complete', method: 'site-visit', statement: '已看过现场', evidence: [] }
  await act('RejectFulfilment', promised, { report: 1, reason: '南段未修' }, staff.verifier)
  await act('ReportFulfilment', promised, { statement: '南段已修复', evidence: [] }, staff.transportOfficer)
  expect(await refusal('VerifyFulfilment', promised, judged, staff.transportVerifier)).toBe('VERIFIER_NOT_INDEPENDENT')
  await act('VerifyFulfilment', promised, judged, staff.verifier)
  const shown = { address: 'https://www.county.example/promise/1.html' }
  await act('ReportPublication', promised, shown, staff.transportOfficer)
  const seen = { report: 1, pageDigest: 'a'.repeat(64), wordsFound: ['滨河路已完成修复'] }
  await act('VerifyPublication', promised, seen, staff.verifier)
  expect(await ask('commitments', '--state', 'settled')).toMatchObject({
    commitments: [{ id: promised, status: 'settled', fulfilment: 'complete', publication: 'verified' }],
  })
  await act('PassRecheck', promised, { recheck: 1, statement: '路面完好', evidence: [] }, staff.verifier)

  // ── Who asks afterwards ──
  const now = await ask<CaseAnswer>('case', number, '--history')
  expect(now).toMatchObject({ case: { status: 'answered' }, commitments: [{ rechecks: 1 }] })
  expect(now.history!.map(({ type }) => type)).toContain('ResponsePublished')
  expect(now.history!.map(({ revision }) => revision)).toEqual(now.history!.map((_, index) => index))
  const then = await ask<CaseAnswer>('case', number, '--history', '--at', beforePublication)
  expect(then).toMatchObject({ case: { status: 'signed' }, detail: { responses: [{ state: 'approved' }] } })
  expect(then.commitments).toEqual([])
  expect(then.history!.map(({ type }) => type)).not.toContain('ResponsePublished')
  expect(await ask('case', second.number, '--as-of', new Date().toISOString())).toMatchObject({
    case: { status: 'answered', following: id, final: { state: 'met' } },
    detail: { responses: [{ state: 'answered-by-lead' }] },
  })
  const page = await huiying(['case', number], { data })
  expect(page.stdout).toContain(`${number}  滨河路路面破损`)
  expect(page.stdout).toContain(`— 承诺 2026-09-30 ${PROMISE}`)
  expect(page.stdout).toContain('已销号 · 落实 已落实 · 公开 已公开')
  expect(await ask<Statistics>('stats')).toMatchObject({
    received: 2,
    answered: 2,
    answeredInTime: 2,
    commitments: { made: 1, settled: 1 },
  })
  expect(await ask('rebuild', '--check')).toMatchObject({ differing: 0 })
  expect(await ask('verify')).toMatchObject({ findings: 0 })
}, 120_000)
