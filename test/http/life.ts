import { expect } from 'vitest'
import type { Actor } from '#domain'
import { ADDRESS } from '../support/answering.ts'
import { endOf, instantOf } from '../support/clock.ts'
import { answer, byHand, complaint, staff } from '../support/county.ts'
import type { HttpCounty, ServedCounty } from '../support/http.ts'
import { jsonLines, row } from '../support/files.ts'
import { LiveClient } from '../support/live.ts'

interface CasePage {
  case: { id: string; number: string; status: string; title: string; [field: string]: unknown }
  detail: {
    revision: number
    queryCode: string
    deadlines: Record<string, unknown>[]
    responses: Record<string, unknown>[]
    [field: string]: unknown
  }
  items: object[]
  commitments: { id: string; [field: string]: unknown }[]
}

/** A full life is one walk through one county. */
let http: HttpCounty<ServedCounty>
/** The last token: every read asks to see at least what the last command did. */
let token: string | undefined

async function give(command: string, id: string | null, payload: unknown, as: Actor) {
  const given = await http.give(command, id, payload, as)
  token = given.token
  return given
}
/** What follows from a command is not covered by its token. */
const settle = () => http.post('/api/operator/settle', undefined, { as: 'operator' })
const code = async (...given: Parameters<HttpCounty['refused']>) => (await http.refused(...given)).code

async function caseAt(id: string, as: Actor = staff.auditor): Promise<CasePage> {
  return await read<CasePage>(`/api/cases/${id}`, as)
}

async function list(path: string, as: Actor = staff.auditor) {
  return await read<{ total: number; documents: Record<string, never>[] }>(path, as)
}

/** Asks to see what the last command did, again where it takes a while until that is shown. */
async function read<Body>(path: string, as: Actor): Promise<Body> {
  for (;;) {
    const answered = await http.get<Body>(path, { as, ...(token !== undefined && { token }) })
    if (answered.status === 200) return answered.body
    expect(answered).toMatchObject({ status: 503, body: { code: 'VIEW_NOT_READY' } })
  }
}

/** What a file of one row brings in: its case. */
async function bringIn(of: object): Promise<string> {
  const headers = { 'Content-Type': 'application/octet-stream' }
  const path = '/api/imports?channel=governor-suggestions&fileName=messages.jsonl'
  const accepted = await http.send<{ run: string }>('POST', path, jsonLines([of]), { as: staff.monitor, headers })
  expect(accepted.status).toBe(202)
  type Import = { state: string; counts: object }
  let found: Import
  do found = (await http.get<Import>(`/api/imports/${accepted.body.run}`, { as: staff.monitor })).body
  while (found.state === 'waiting' || found.state === 'running')
  expect(found).toMatchObject({ state: 'finished', counts: { taken: 1 } })
  await settle()
  return (await list('/api/cases?limit=1')).documents[0]!['id']!
}

const PROMISE = '确保9月底前完成滨河路修复'
const toHousing = { lead: 'housing', assisting: [], basis: byHand }
const toTransport = { lead: 'transport', assisting: [], basis: byHand }

/**
 * Over HTTP alone a message lives from receipt to a promise kept, seen and rechecked, watched by everybody concerned. The
 * county is a new one, at eight in the evening of 2026-03-06.
 */
export async function liveOverHttp(county: HttpCounty<ServedCounty>): Promise<void> {
  http = county
  token = undefined
  const [auditor, housing, transport] = [
    await LiveClient.open(http, staff.auditor),
    await LiveClient.open(http, staff.housingOfficer),
    await LiveClient.open(http, staff.transportOfficer),
  ]
  const clock = http.county.clock

  // ── Two messages about one road come in with files ──
  const first = await bringIn(
    row('L-1', { subject: '滨河路路面破损', time: '2026-03-06 19:00', body: '夜里骑车很危险。' }),
  )
  clock.advance(60_000)
  const second = await bringIn(
    row('L-2', { subject: '滨河路坑洼', time: '2026-03-06 19:30', body: '孩子上学摔过跤。' }),
  )
  let page = await caseAt(first)
  expect(page.case).toMatchObject({ status: 'new', title: '滨河路路面破损', channel: 'governor-suggestions' })
  expect(page.detail.queryCode).toMatch(/^\d{8}$/)
  expect(page.detail.deadlines[0]).toMatchObject({ purpose: 'final-answer', due: endOf('2026-03-13') })

  // ── Routed to the wrong department, which hands it back ──
  clock.moveTo('2026-03-09 08:30')
  expect(await code('RouteCase', first, toHousing, staff.coordinator)).toBe('NOT_TRIAGED')
  await give('TriageCase', first, complaint, staff.monitor)
  await give('RouteCase', first, toHousing, staff.coordinator)
  expect((await list('/api/cases', staff.housingOfficer)).documents).toMatchObject([{ id: first, status: 'routed' }])
  expect(await code('SignForCase', first, {}, staff.transportOfficer)).toBe('NOT_YOUR_CASE')
  await give('SignForCase', first, {}, staff.housingOfficer)
  const reasons = { reason: '道路养护归交通局', basis: '三定方案', suggestedLead: 'transport' }
  const asked = await give('RequestHandBack', first, reasons, staff.housingOfficer)
  const { handBackId } = asked.events[0]!.data
  // What is soon no longer theirs they are told only while it is.
  await housing.until(() => housing.events.some(({ type }) => type === 'HandBackRequested'))
  await give('GrantHandBack', first, { handBackId, reason: null }, staff.coordinator)
  await give('RouteCase', first, toTransport, staff.coordinator)
  await give('SignForCase', first, {}, staff.transportOfficer)
  await give('TriageCase', second, complaint, staff.monitor)
  await give('JoinCase', second, { lead: first, relation: 'similar', reason: '同一路段' }, staff.monitor)
  await settle()
  expect(await code('RouteCase', second, toTransport, staff.coordinator)).toBe('CASE_FOLLOWS_ANOTHER')
  expect((await list('/api/cases', staff.housingOfficer)).total).toBe(0)
  expect((await list('/api/cases', staff.transportOfficer)).total).toBe(2)

  // ── Drafted on what was read, returned, approved letter by letter, published ──
  clock.moveTo('2026-03-10 10:00')
  page = await caseAt(first, staff.transportOfficer)
  const saved = await http.ask(
    'SaveDraft',
    first,
    { responseId: null, content: answer(`${PROMISE}。`, PROMISE) },
    {
      as: staff.transportOfficer,
      basedOn: page.detail.revision,
    },
  )
  expect(saved.status).toBe(200)
  const poor = draftIn(saved.body.events)
  await give('SubmitResponse', first, poor, staff.transportOfficer)
  await give('ReturnResponse', first, { ...poor, why: '请写明原因' }, staff.transportReviewer)
  const content = answer(`经查，冻融所致。${PROMISE}。`, PROMISE)
  const good = draftIn(
    (await give('SaveDraft', first, { responseId: poor.responseId, content }, staff.transportOfficer)).events,
  )
  await give('SubmitResponse', first, good, staff.transportOfficer)
  await give('ApproveResponse', first, { ...good, level: 1 }, staff.transportReviewer)
  const publication = { address: ADDRESS, publishedAt: null }
  expect(await code('PublishResponse', first, { ...good, ...publication }, staff.transportOfficer)).toBe('NOT_APPROVED')
  await give('ApproveResponse', first, { ...good, level: 2 }, staff.coordinator)
  expect(await code('PublishResponse', first, { ...poor, ...publication }, staff.transportOfficer)).toBe(
    'DIGEST_DIFFERS',
  )
  await give('PublishResponse', first, { ...good, ...publication }, staff.transportOfficer)
  await settle()
  page = await caseAt(first)
  expect(page.case).toMatchObject({ status: 'answered', answeredBy: 'transport', final: { state: 'met' } })
  expect(page.detail.responses).toMatchObject([{ state: 'published', address: ADDRESS }])
  expect((await caseAt(second)).case).toMatchObject({ status: 'answered', following: first, final: { state: 'met' } })

  // ── The promise is followed: reported, rejected, verified by another department, seen in public, settled ──
  const ledger = await list('/api/commitments', staff.transportOfficer)
  expect(ledger).toMatchObject({ total: 1, documents: [{ quote: PROMISE, status: 'open', responsible: 'transport' }] })
  const promised: string = ledger.documents[0]!['id']!
  const judged = { report: 2, degree: 'complete', method: 'site-visit', statement: '已看过现场', evidence: [] }
  clock.moveTo('2026-09-10 09:00')
  await give('ReportFulfilment', promised, { statement: '已修复', evidence: [] }, staff.transportOfficer)
  await give('RejectFulfilment', promised, { report: 1, reason: '南段未修' }, staff.verifier)
  await give('ReportFulfilment', promised, { statement: '南段已修复', evidence: [] }, staff.transportOfficer)
  expect(await code('VerifyFulfilment', promised, judged, staff.transportVerifier)).toBe('VERIFIER_NOT_INDEPENDENT')
  await give('VerifyFulfilment', promised, judged, staff.verifier)
  await give('ReportPublication', promised, { address: 'https://www.county.example/p.html' }, staff.transportOfficer)
  const seen = { report: 1, pageDigest: 'a'.repeat(64), wordsFound: ['已完成修复'] }
  await give('VerifyPublication', promised, seen, staff.verifier)
  await settle()
  expect((await list('/api/commitments?state=settled')).documents).toMatchObject([
    { id: promised, fulfilment: 'complete', publication: 'verified', recheckDue: '2026-12-09' },
  ])
  clock.moveTo('2026-12-10 10:00')
  await give('PassRecheck', promised, { recheck: 1, statement: '路面完好', evidence: [] }, staff.verifier)

  // ── What the ledgers, the counts and the past say ──
  expect((await list('/api/responses?department=transport')).total).toBe(2)
  const statistics = await http.get('/api/statistics', { as: staff.auditor })
  expect(statistics.body).toMatchObject({
    received: 2,
    answered: 2,
    answeredInTime: 2,
    commitments: { made: 1, settled: 1 },
  })
  const then = await http.get<CasePage>(`/api/cases/${first}?at=${instantOf('2026-03-09 08:00')}`, {
    as: staff.auditor,
  })
  expect(then.body).toMatchObject({ case: { status: 'new' }, commitments: [] })

  // ── Everybody was told of everything that they may see, once, in order, and of nothing else ──
  await http.county.settled()
  const { head } = await http.county.extent()
  for (const client of [auditor, housing, transport]) {
    await client.until(() => client.lastId! >= head)
    await client.close()
  }
  for (const stream of [`case-${first}`, `case-${second}`, `commitment-${promised}`]) {
    const stored = (await http.county.events(stream)).map(({ position, type }) => [position, type])
    const id = stream.slice(stream.indexOf('-') + 1)
    expect(auditor.events.filter((event) => event.id === id).map(({ position, type }) => [position, type])).toEqual(
      stored,
    )
  }
  const typesOf = (client: LiveClient, id: string) =>
    client.events.filter((event) => event.id === id).map(({ type }) => type)
  expect(typesOf(transport, promised)).toEqual(await http.county.types(`commitment-${promised}`))
  expect(typesOf(housing, first)).toContain('HandBackRequested')
  expect(typesOf(housing, first)).not.toContain('ResponsePublished')
  expect(housing.events.some(({ kind }) => kind === 'commitment')).toBe(false)
  expect((await http.post('/api/operator/verify', undefined, { as: 'operator' })).body).toMatchObject({ findings: 0 })
}

function draftIn(events: { data: Record<string, string> }[]): { responseId: string; digest: string } {
  const { responseId, digest } = events[0]!.data
  return { responseId: responseId!, digest: digest! }
}
