import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { queryTable } from '../../apps/gateway/src/routes/query-table.ts'
import { role } from '#domain'
import type { Actor } from '#domain'
import { byHand, staff } from '../support/county.ts'
import { instantOf } from '../support/clock.ts'
import { HttpCounty, routeAt } from '../support/http.ts'
import { Scenes, scenarios } from './scenarios.ts'

interface Page {
  total: number
  more: boolean
  documents: { id: string; [field: string]: unknown }[]
  next: string | null
  asOf: string | null
}

/** The first id of everything that scenes make, by what is asked. */
const filled = [
  '/api/cases',
  '/api/items?place=in-case',
  '/api/commitments',
  '/api/responses',
  '/api/workloads',
  '/api/imports',
  '/api/refused-rows',
  '/api/watch-lists',
  '/api/feeds',
]

let http: HttpCounty
let scenes: Scenes
beforeAll(async () => {
  http = await HttpCounty.open()
  scenes = new Scenes(http)
  await scenes.published()
  await scenes.settled()
  await scenes.rowRefused()
  for (let made = 0; made < 5; made += 1) await scenes.signed()
  const { payload, as } = await scenarios['DefineFeed']!(scenes)
  await scenes.give('DefineFeed', null, payload, as)
  await http.county.huiying.settled()
  await http.county.huiying.application.sentinel.tick()
  await http.county.huiying.settled()
})
afterAll(async () => {
  await scenes.close()
  await http.close()
})

const page = async (at: string, as: Actor | 'operator' = staff.auditor) => (await http.get<Page>(at, { as })).body
const isList = (at: string) => routeAt('GET', at)!.answers[0]!.schema!

describe('a list', () => {
  test.each(filled)('%s is as described, says how far it had come, and is not empty', async (at) => {
    const found = await page(at)
    expect(found.documents.length).toBeGreaterThan(0)
    expect(found).toMatchObject({ more: false, asOf: expect.stringMatching(/^2026-/) as string })
    expect(isList(at).safeParse(found).success).toBe(true)
  })

  test.each(filled)('%s comes in pages, by cursor, each document once, in one order', async (at) => {
    const whole = (await page(at)).documents.map(({ id }) => id)
    const joint = at.includes('?') ? '&' : '?'
    const found: string[] = []
    let cursor: string | null = null
    do {
      const part: Page = await page(
        `${at}${joint}limit=2${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      )
      expect(part.documents.length).toBeLessThanOrEqual(2)
      found.push(...part.documents.map(({ id }) => id))
      cursor = part.next
    } while (cursor !== null)
    expect(found).toEqual(whole)
  })

  test.each(filled)('%s takes no cursor that it did not give, and no page larger than 200', async (at) => {
    const joint = at.includes('?') ? '&' : '?'
    for (const cursor of ['x', 'AAAA', '%00', '1'.repeat(2_000)]) {
      const answered = await http.get(`${at}${joint}cursor=${cursor}`, { as: staff.auditor })
      expect(answered, cursor).toMatchObject({ status: 400, body: { code: 'CURSOR_INVALID' } })
    }
    for (const limit of ['0', '-1', '201', '1.5', 'all', '']) {
      const answered = await http.get(`${at}${joint}limit=${limit}`, { as: staff.auditor })
      expect(answered, limit).toMatchObject({
        status: 400,
        body: { code: 'PARAMETERS_INVALID', errors: [{ field: 'limit' }] },
      })
    }
    expect((await page(`${at}${joint}limit=200`)).documents.length).toBeGreaterThan(0)
  })

  test('is narrowed by what it is asked for', async () => {
    expect((await page('/api/cases?state=answered')).documents).toMatchObject([{ status: 'answered' }])
    expect((await page('/api/cases?department=housing')).total).toBe(0)
    expect((await page('/api/cases?channel=leaders-mailbox&limit=1')).total).toBe(6)
    expect((await page('/api/commitments?state=settled')).documents).toMatchObject([{ status: 'settled' }])
    expect((await page('/api/responses?department=transport')).total).toBe(1)
    expect((await page('/api/refused-rows?state=taken')).total).toBe(0)
  })

  test('of cases can be searched', async () => {
    await expect.poll(async () => (await page(`/api/cases?search=${encodeURIComponent('滨河路 破损')}`)).total).toBe(6)
    expect((await page(`/api/cases?search=${encodeURIComponent('无此词')}`)).total).toBe(0)
    const many = Array.from({ length: 17 }, (_, at) => `词${at}`).join(' ')
    expect(await http.get(`/api/cases?search=${encodeURIComponent(many)}`, { as: staff.auditor })).toMatchObject({
      status: 400,
      body: { code: 'QUERY_TOO_WIDE' },
    })
  })

  test('holds what a department may see and no more', async () => {
    const own = await page('/api/cases', staff.transportOfficer)
    expect(own.total).toBe(6)
    expect((await page('/api/cases', staff.housingOfficer)).total).toBe(0)
    const [{ id } = { id: '' }] = own.documents
    expect(await http.get(`/api/cases/${id}`, { as: staff.housingOfficer })).toMatchObject({
      status: 404,
      body: { code: 'NOT_FOUND' },
    })
    expect((await http.get(`/api/cases/${id}`, { as: staff.transportOfficer })).status).toBe(200)
  })
})

describe.each(queryTable)('$query.name', (row) => {
  const at = row.path.replace('{number}', '2026-000001').replace('{department}', 'transport')
  const needs = row.path === '/api/deadline' ? '?channel=phone&received=2026-03-02T01:00:00.000Z' : ''

  test('is for its roles and the operator, and for nobody unknown', async () => {
    for (const each of role.options) {
      const actor = { person: 'somebody', department: 'office', role: each } as Actor
      const { status } = await http.get(`${at}${needs}`, { as: actor })
      // A department's staff may ask, and find nothing that is theirs.
      expect([200, 404].includes(status), each).toBe(row.by.includes(each))
      expect(status === 403, each).toBe(!row.by.includes(each))
    }
    expect((await http.get(`${at}${needs}`, { as: 'operator' })).status).toBe(200)
    expect((await http.get(`${at}${needs}`, {})).status).toBe(401)
  })

  test('takes no parameter that it does not know', async () => {
    const answered = await http.get(`${at}${needs === '' ? '?' : `${needs}&`}nonsense=1`, { as: 'operator' })
    expect(answered).toMatchObject({
      status: 400,
      body: { code: 'PARAMETERS_INVALID', errors: [{ field: 'nonsense' }] },
    })
  })
})

describe('a token', () => {
  test('makes a read show at least what the command did', async () => {
    for (let round = 0; round < 5; round += 1) {
      const id = await scenes.triaged()
      const payload = { lead: 'housing', assisting: [], basis: byHand }
      const { token } = await scenes.give('RouteCase', id, payload, staff.coordinator)
      const header = await http.get<Page>('/api/cases?department=housing&limit=1', { as: staff.auditor, token })
      expect(header.body.documents).toMatchObject([{ id, lead: 'housing' }])
      const query = await http.get(`/api/cases/${id}?token=${token}`, { as: staff.housingOfficer })
      expect(query.status).toBe(200)
    }
  })

  test('that read models have not come to in time is answered with when to ask again', async () => {
    for (const asking of [{ token: '9999999999999999' }, {}]) {
      const at = `/api/cases${asking.token ? '' : '?token=9999999999999999'}`
      const answered = await http.get(at, { as: staff.auditor, ...asking })
      expect(answered).toMatchObject({ status: 503, body: { code: 'VIEW_NOT_READY' } })
      expect(answered.headers.get('retry-after')).toBe('1')
    }
  })

  test('that is none is refused', async () => {
    for (const token of ['a b', '../..', 'x'.repeat(65)]) {
      const answered = await http.get(`/api/cases?token=${encodeURIComponent(token)}`, { as: staff.auditor })
      expect(answered, token).toMatchObject({ status: 400, body: { code: 'HEADER_INVALID' } })
    }
  })
})

describe('one case', () => {
  test('is found by its number and its id, with the revision to base a command on', async () => {
    const id = await scenes.signed()
    await http.county.huiying.settled()
    const byId = await http.get<{ case: { number: string }; detail: { revision: number } }>(`/api/cases/${id}`, {
      as: staff.transportOfficer,
    })
    const { number } = byId.body.case
    const byNumber = await http.get(`/api/cases/${number}`, { as: staff.transportOfficer })
    expect(byNumber.body).toEqual(byId.body)
    const { revision } = byId.body.detail
    expect(byId.headers.get('etag')).toBe(`"${revision}"`)
    const officer = { officer: 'transport-4' }
    expect(
      await http.refused('AssignOfficer', id, officer, staff.transportReviewer, { basedOn: revision - 1 }),
    ).toMatchObject({
      status: 409,
      code: 'VERSION_CONFLICT',
      detail: `based on ${revision - 1}, found ${revision}`,
    })
    const assigned = await http.ask('AssignOfficer', id, officer, { as: staff.transportReviewer, basedOn: revision })
    expect(assigned).toMatchObject({ status: 200, body: { revision: revision + 1 } })
  })

  test('is shown as it was, and with its history', async () => {
    const id = await scenes.triaged()
    await http.county.huiying.settled()
    const before = http.county.clock.instant
    http.county.clock.advance(60_000)
    await scenes.give('RouteCase', id, { lead: 'transport', assisting: [], basis: byHand }, staff.coordinator)
    await http.county.huiying.settled()
    const at = (query: string) =>
      http.get<{ case: object; history: { type: string }[] | null }>(`/api/cases/${id}${query}`, { as: staff.auditor })
    expect((await at(`?at=${before}&history=true`)).body).toMatchObject({
      case: { status: 'triaged' },
      history: expect.not.arrayContaining([expect.objectContaining({ type: 'CaseRouted' })]) as [],
    })
    const now = (await at('?history=true')).body
    expect(now).toMatchObject({ case: { status: 'routed' } })
    expect(now.history!.map(({ type }) => type)).toContain('CaseRouted')
    expect((await at('')).body.history).toBeNull()
    expect(await at(`?at=${instantOf('2020-01-01')}`)).toMatchObject({ status: 404 })
    expect(await at('?at=yesterday')).toMatchObject({ status: 400, body: { code: 'PARAMETERS_INVALID' } })
  })
})

test('what was sent with every kind of quotation mark comes back as it was', async () => {
  const title = '"<script>alert(1)</script>&amp;\u2028🎉 \\u0000 {{7*7}} `'
  const payload = scenes.delivery('message', 'phone')
  payload.content.title = title
  await scenes.give('ReceiveItem', null, payload, staff.channel)
  await http.county.huiying.settled()
  const [newest] = (await page('/api/cases?channel=phone&limit=1')).documents
  expect(newest).toMatchObject({ title })
})

test('pages of every state that scenes come to are as described', async () => {
  for (const [name, scene] of Object.entries(scenarios)) {
    const { target, payload, as, on } = await scene(scenes)
    if (!on) await scenes.give(name, target, payload, as)
  }
  await http.county.huiying.settled()
  let seen = 0
  for (const { id } of (await page('/api/cases?limit=200')).documents) {
    const answered = await http.get(`/api/cases/${id}?history=true`, { as: staff.auditor })
    expect(answered.status).toBe(200)
    seen += 1
  }
  expect(seen).toBeGreaterThan(40)
  for (const at of filled) await page(`${at}${at.includes('?') ? '&' : '?'}limit=200`)
  for (const place of ['waiting', 'erased', 'quarantined']) {
    expect((await page(`/api/items?place=${place}`)).total, place).toBeGreaterThan(0)
  }
  expect((await http.get('/api/statistics', { as: staff.auditor })).status).toBe(200)
  expect((await http.get('/api/settings', { as: staff.monitor })).status).toBe(200)
}, 60_000)
