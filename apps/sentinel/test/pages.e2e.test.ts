import { ListCommitments } from '#application'
import type { PageChecker, PageOutcome, PageRequest } from '#application'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { publish, takeInHand } from '../../../test/support/answering.ts'
import { answer, County, promise, staff } from '../../../test/support/county.ts'
import { look, tick, tickAt } from './ticking.ts'

/** A web of pages by address: a text, or what comes of asking. */
class Web implements PageChecker {
  readonly pages = new Map<string, string | PageOutcome | Error>()
  readonly asked: PageRequest[] = []
  /** Set: nothing is answered until it resolves. */
  hold: Promise<void> | null = null
  atOnce = 0
  atOnceMost = 0

  async check(request: PageRequest): Promise<PageOutcome> {
    this.asked.push(request)
    this.atOnce += 1
    this.atOnceMost = Math.max(this.atOnceMost, this.atOnce)
    await Promise.race([this.hold, aborted(request.signal)])
    this.atOnce -= 1
    const page = this.pages.get(request.address) ?? gone
    if (page instanceof Error) throw page
    if (typeof page !== 'string') return page
    const wordsFound = request.words.filter((word) => page.includes(word))
    const wordsMissing = request.words.filter((word) => !page.includes(word))
    return { outcome: 'seen', pageDigest: 'cd'.repeat(32), wordsFound, wordsMissing, checkedAddress: request.address }
  }
}
function aborted(signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return new Promise(() => {})
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
}
const gone: PageOutcome = { outcome: 'failed', fault: 'unreachable', detail: 'HTTP 404', transient: false }
const down: PageOutcome = { outcome: 'failed', fault: 'unreachable', detail: 'HTTP 503', transient: true }

const QUOTE = '确保9月底前完成青山路破损路面修复'
const ACTION = '修复青山路破损路面'
const RESULT = '交通局修复青山路破损路面，已完工。'
const HOST = 'www.county.example'

const web = new Web()
let county: County
beforeAll(async () => {
  county = await County.open('2026-03-02 09:00', { pageChecker: web })
  await county.give('SetPublicationHosts', null, { hosts: [HOST], reason: null }, staff.administrator)
})
afterAll(() => county.close())
beforeEach(() => {
  web.asked.length = 0
  web.atOnceMost = 0
})

let made = 0
/** A promise of a published answer, and an address for its result. */
async function promised(): Promise<{ id: string; address: string }> {
  made += 1
  const { case: caseId } = await county.message(`X-${made}`, `路面破损之${made}`, '请修复。')
  await takeInHand(county, caseId)
  const content = answer(`您好，${QUOTE}。`, QUOTE)
  const terms = { ...promise(QUOTE), action: ACTION, due: { ...promise(QUOTE).due, date: '2028-12-31' } }
  await publish(county, caseId, { ...content, marks: [{ markId: 'promise-1', terms }] as never })
  const { documents } = await county.huiying.application.ports.views.query('commitments', {
    where: { caseId: { eq: caseId } },
    sort: { field: 'due', direction: 'ascending' },
    limit: 1,
    reader: 'system',
  })
  return { id: documents[0]!.id, address: `https://${HOST}/result/${made}.html` }
}
const report = (id: string, address: string) =>
  county.give('ReportPublication', id, { address }, staff.transportOfficer)
async function fulfilled(id: string) {
  await county.give('ReportFulfilment', id, { statement: `已完工${made}`, evidence: [] }, staff.transportOfficer)
  const verdict = { report: 1, degree: 'complete', method: 'site-visit', statement: '属实', evidence: [] }
  await county.give('VerifyFulfilment', id, verdict, staff.verifier)
}
const lookAt = async (local: string) => {
  county.clock.moveTo(local)
  return await look(county)
}
/** What was told of pages, from a number of events on. */
async function told(id: string): Promise<string[]> {
  const events = await county.events(`commitment-${id}`)
  return events.map(({ type }) => type).filter((type) => /Page|Publication|Recheck|Settled/.test(type))
}

describe('a reported page', () => {
  test('is looked at, and verified where it proves the promise kept; with fulfilment verified the promise is settled', async () => {
    const { id, address } = await promised()
    web.pages.set(address, RESULT)
    await fulfilled(id)
    await report(id, address)
    expect(await look(county)).toEqual({ VerifyPublication: 1 })
    expect(web.asked).toMatchObject([{ address, hosts: [HOST] }])
    expect(await told(id)).toEqual([
      'PublicationReported',
      'PublicationVerified',
      'CommitmentSettled',
      'RecheckScheduled',
    ])
    const events = await county.events(`commitment-${id}`)
    const verified = events.find(({ type }) => type === 'PublicationVerified')!
    expect(verified).toMatchObject({
      data: { method: 'automatic', by: null, wordsFound: [ACTION, '已完工'], pageDigest: 'cd'.repeat(32) },
      metadata: { actor: { policy: 'look-at-pages' } },
    })
    expect(verified.metadata.causationId).toBe(events.find(({ type }) => type === 'PublicationReported')!.id)
  })

  test('is rejected where it says nothing of it; reported again, a person has to look', async () => {
    const { id, address } = await promised()
    web.pages.set(address, '县情概况')
    await report(id, address)
    expect(await look(county)).toEqual({ RejectPublication: 1 })
    await report(id, address)
    expect(await look(county)).toEqual({ LeavePageCheck: 1 })
    expect(web.asked).toHaveLength(1)
    expect(await look(county)).toEqual({})
    const page = { report: 2, pageDigest: 'ef'.repeat(32), wordsFound: ['路面修复'] }
    await county.give('VerifyPublication', id, page, staff.verifier)
    expect((await told(id)).at(-1)).toBe('PublicationVerified')
  })

  test('is looked at once, whatever restarts and however often read models are made anew', async () => {
    const { id, address } = await promised()
    web.pages.set(address, `${ACTION}进展`)
    await report(id, address)
    await look(county)
    await county.reopen()
    await county.huiying.projector.rebuild()
    expect(await look(county)).toEqual({})
    expect(web.asked).toHaveLength(1)
    expect(await told(id)).toEqual(['PublicationReported', 'PageCheckLeft'])
    const { documents } = await county.huiying.query(new ListCommitments({ asker: staff.verifier, limit: 200 }))
    expect(documents.find((document) => document.id === id)?.look).toMatchObject({
      result: 'words-partly-found',
      at: null,
    })
  })

  test('whose site is down is tried again from the store’s own reckoning, then left to a person', async () => {
    const { id, address } = await promised()
    web.pages.set(address, down)
    county.clock.moveTo('2026-04-01 10:00')
    await report(id, address)
    const times = ['2026-04-01 10:01', '2026-04-01 10:11', '2026-04-01 11:11', '2026-04-01 15:11', '2026-04-02 03:11']
    for (const [at, local] of times.entries()) {
      expect(await lookAt(local)).toEqual({ DeferPageCheck: 1 })
      // Between two attempts, nothing is asked: not even by who has just started.
      if (at % 2 === 0) await county.reopen()
      expect(await look(county)).toEqual({})
    }
    expect(web.asked).toHaveLength(5)
    expect(await lookAt('2026-04-03 03:12')).toEqual({ DeferPageCheck: 1 })
    expect((await told(id)).at(-1)).toBe('PageCheckLeft')
    expect(await lookAt('2026-05-03 03:12')).toEqual({})
    expect(web.asked).toHaveLength(6)
  })

  test('two who look at once write one outcome', async () => {
    const { id, address } = await promised()
    web.pages.set(address, RESULT)
    await report(id, address)
    const { application } = county.huiying
    const other = new (application.pageLooks!.constructor as new (parts: object) => { look(): Promise<object> })({
      views: application.ports.views,
      settings: () => application.settings.current,
      readStream: async (stream: string) => (await application.ports.store.readStream(stream)).events,
      execute: (request: never) => application.commander.execute(request),
      clock: county.clock,
      checker: web,
    })
    await Promise.all([application.pageLooks!.look(), other.look()])
    await county.huiying.settled()
    expect(await told(id)).toEqual(['PublicationReported', 'PublicationVerified'])
  })

  test('that was reported anew while it was fetched is judged no more', async () => {
    const { id, address } = await promised()
    web.pages.set(address, RESULT)
    await report(id, address)
    const held = Promise.withResolvers<void>()
    web.hold = held.promise
    const round = county.huiying.application.pageLooks!.look()
    await report(id, `${address}?v=2`)
    held.resolve()
    web.hold = null
    expect(await round).toMatchObject({ done: {}, failed: [] })
    expect(await told(id)).toEqual(['PublicationReported', 'PublicationReported'])
    await look(county)
  })
})

describe('pages hold nothing up', () => {
  test('while sites do not answer, time does its part; four are asked at once', async () => {
    const pages = []
    for (let at = 0; at < 6; at += 1) pages.push(await promised())
    for (const { id, address } of pages) {
      web.pages.set(address, RESULT)
      await report(id, address)
    }
    const held = Promise.withResolvers<void>()
    web.hold = held.promise
    const round = county.huiying.application.pageLooks!.look()
    county.clock.advance(86_400_000 * 3)
    const done = await tick(county)
    expect(Object.keys(done).length).toBeGreaterThan(0)
    held.resolve()
    web.hold = null
    expect(await round).toMatchObject({ done: { VerifyPublication: 6 } })
    expect(web.atOnceMost).toBe(4)
    await county.huiying.settled()
  })

  test('who is told to stop does not wait for them; whoever comes next looks', async () => {
    const { id, address } = await promised()
    web.pages.set(address, RESULT)
    await report(id, address)
    await county.huiying.settled()
    web.hold = new Promise(() => {})
    const stopping = new AbortController()
    const round = county.huiying.application.pageLooks!.look(county.clock.now(), stopping.signal)
    await expect.poll(() => web.atOnce).toBe(1)
    stopping.abort()
    expect(await round).toMatchObject({ done: {}, failures: 0 })
    web.hold = null
    web.atOnce = 0
    await county.reopen()
    expect(await look(county)).toEqual({ VerifyPublication: 1 })
  })

  test('a checker that fails on one page does not keep it from the others, nor is it asked without end', async () => {
    const [bad, good] = [await promised(), await promised()]
    web.pages.set(bad.address, new TypeError('a fault of ours'))
    web.pages.set(good.address, RESULT)
    await report(bad.id, bad.address)
    await report(good.id, good.address)
    await county.huiying.settled()
    const first = await county.huiying.application.pageLooks!.look()
    expect(first).toMatchObject({ done: { VerifyPublication: 1 }, failures: 1 })
    expect(first.failed).toMatchObject([{ policy: 'look-at-pages', target: bad.id, code: 'FAULT' }])
    expect(await county.huiying.application.pageLooks!.look()).toMatchObject({ failures: 0 })
    web.pages.set(bad.address, RESULT)
    county.clock.advance(10 * 60_000)
    expect(await look(county)).toEqual({ VerifyPublication: 1 })
  })
})

describe('a recheck', () => {
  /** Settled, and its recheck due on this day. */
  async function settled(dueOn: string) {
    const { id, address } = await promised()
    web.pages.set(address, RESULT)
    await fulfilled(id)
    await report(id, address)
    await look(county)
    await county.give('ScheduleRecheck', id, { dueOn }, staff.verifier)
    web.asked.length = 0
    return { id, address }
  }

  test('looks at the page again by itself; that it is there passes nothing', async () => {
    county.clock.moveTo('2027-03-01 09:00')
    const { id, address } = await settled('2027-04-15')
    expect(await lookAt('2027-04-14 23:59')).toEqual({})
    expect(await lookAt('2027-04-15 00:00')).toEqual({ SeePageAgain: 1 })
    expect(web.asked).toMatchObject([{ address, words: [ACTION, '已完工'] }])
    expect(await lookAt('2027-04-16 00:00')).toEqual({})
    expect((await told(id)).at(-1)).toBe('PageSeenAgain')
    const pass = { recheck: 1, statement: '路面完好', evidence: [] }
    await county.give('PassRecheck', id, pass, staff.verifier)
  })

  test('whose page is gone reopens the promise on the side of publication', async () => {
    county.clock.moveTo('2027-05-01 09:00')
    const { id, address } = await settled('2027-05-10')
    web.pages.delete(address)
    expect(await lookAt('2027-05-10 09:00')).toEqual({ FailRecheck: 1 })
    const failed = (await county.events(`commitment-${id}`)).at(-1)
    expect(failed).toMatchObject({ type: 'RecheckFailed', data: { tracks: ['publication'], by: null } })
    web.pages.set(`${address}?moved`, RESULT)
    await report(id, `${address}?moved`)
    expect(await look(county)).toEqual({ VerifyPublication: 1 })
    expect((await told(id)).slice(-3)).toEqual(['PublicationVerified', 'CommitmentSettled', 'RecheckScheduled'])
  })

  test('whose words are gone does so, too; where a site is down, it is asked again later', async () => {
    county.clock.moveTo('2027-06-01 09:00')
    const { id, address } = await settled('2027-06-10')
    web.pages.set(address, down)
    expect(await lookAt('2027-06-10 09:00')).toEqual({ DeferPageCheck: 1 })
    web.pages.set(address, '页面已改版')
    expect(await lookAt('2027-06-10 09:11')).toEqual({ FailRecheck: 1 })
    expect((await told(id)).slice(-2)).toEqual(['PageCheckDeferred', 'RecheckFailed'])
  })
})

describe('without hosts of its own', () => {
  test('a county has nothing fetched; what waits is looked at once it has named them', async () => {
    county.clock.moveTo('2027-08-02 09:00')
    await county.give('SetPublicationHosts', null, { hosts: [], reason: null }, staff.administrator)
    const { id, address } = await promised()
    web.pages.set(address, RESULT)
    await report(id, address)
    expect(await look(county)).toEqual({})
    expect(web.asked).toEqual([])
    expect(await told(id)).toEqual(['PublicationReported'])
    await county.give('SetPublicationHosts', null, { hosts: [HOST], reason: null }, staff.administrator)
    expect(await look(county)).toEqual({ VerifyPublication: 1 })
  })
})

test('pages of imported history are looked at by people alone', async () => {
  const source = { kind: 'press-conference', heldOn: '2019-05-01', title: '发布会' }
  const terms = { ...promise(QUOTE), action: ACTION }
  const made = { source, origin: 'history', madeAt: '2019-05-01T02:00:00.000Z', terms }
  const { id } = await county.give('MakeCommitment', null, made, staff.coordinator)
  await report(id, `https://${HOST}/old.html`)
  expect(await look(county)).toEqual({})
  expect(web.asked).toEqual([])
  await tickAt(county, '2027-12-01 09:00')
  expect(await told(id)).toEqual(['PublicationReported'])
})
