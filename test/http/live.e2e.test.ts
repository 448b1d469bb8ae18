import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Actor } from '#domain'
import { defaultLimits } from '../../apps/gateway/src/http/limits.ts'
import { byHand, complaint, staff } from '../support/county.ts'
import { HttpCounty } from '../support/http.ts'
import { LiveClient } from '../support/live.ts'
import { Scenes } from './scenarios.ts'

const limits = {
  ...defaultLimits,
  live: { clientsMax: 300, clientsPerPersonMax: 3, heartbeatMs: 50, stallMsMax: 300, lifeMsMax: 60_000 },
}
let http: HttpCounty
let scenes: Scenes
beforeAll(async () => {
  http = await HttpCounty.open({ limits })
  scenes = new Scenes(http)
})
afterAll(() => http.close())

const open: LiveClient[] = []
afterEach(async () => {
  for (const client of open.splice(0)) await client.close()
})

async function follow(as: Actor | 'operator', lastId: string | null = null): Promise<LiveClient> {
  const client = await LiveClient.open(http, as, lastId)
  open.push(client)
  return client
}

/** Everything stored so far is shown, and whoever follows has been told of it. */
async function told(...clients: LiveClient[]): Promise<void> {
  await http.county.huiying.settled()
  const { head } = await http.county.extent()
  for (const client of clients) await client.until(() => (client.lastId ?? '') >= head)
}

/** What the store says of a stream's changes, for comparison. */
async function changesOf(stream: string): Promise<{ position: string; type: string; revision: number }[]> {
  return (await http.county.events(stream)).map(({ position, type, revision }) => ({ position, type, revision }))
}

const briefly = (client: LiveClient, id: string) =>
  client.events.filter((event) => event.id === id).map(({ position, type, revision }) => ({ position, type, revision }))

test('tells what changed, where and as what, with nothing that anybody wrote', async () => {
  const auditor = await follow(staff.auditor)
  const id = await scenes.triaged()
  await told(auditor)
  expect(briefly(auditor, id)).toEqual(await changesOf(`case-${id}`))
  const number = auditor.events.find((event) => event.id === id)!.number
  expect(number).toMatch(/^2026-\d{6}$/)
  const item = auditor.events.find(({ kind }) => kind === 'item')!
  expect(item).toEqual({
    position: expect.any(String),
    kind: 'item',
    id: item.id,
    // Its case was opened after it.
    number: null,
    type: 'ItemReceived',
    revision: 0,
  })
  expect(JSON.stringify(auditor.events)).not.toContain('滨河路')
})

test('shows everybody what they may see: a department its cases, from when they are its own', async () => {
  const [housing, transport, auditor] = [
    await follow(staff.housingOfficer),
    await follow(staff.transportOfficer),
    await follow(staff.auditor),
  ]
  const id = await scenes.signed()
  await told(housing, transport, auditor)
  expect(housing.events).toEqual([])
  expect(briefly(auditor, id)).toEqual(await changesOf(`case-${id}`))
  const types = briefly(transport, id).map(({ type }) => type)
  expect(types).toContain('CaseSignedFor')
  expect(types).not.toContain('CaseOpened')
})

test('the accused department of a 举报 sees nothing: not while it follows, not when it comes back', async () => {
  const housing = await follow(staff.housingOfficer)
  const id = await scenes.triaged()
  const toHousing = { lead: 'housing', assisting: [], basis: byHand }
  await scenes.give('RouteCase', id, toHousing, staff.coordinator)
  await scenes.give('SignForCase', id, {}, staff.housingOfficer)
  await told(housing)
  const known = housing.events.length
  expect(known).toBeGreaterThan(0)
  const before = housing.lastId
  await housing.close()

  // While it is away its own case turns out to accuse it.
  const supplement = { request: null, text: '住建局吃拿卡要', attachments: [], receivedAt: null }
  await scenes.give('RecordSupplement', id, supplement, staff.monitor)
  const report = { ...complaint, type: 'report', accused: { departments: ['housing'], persons: [] } }
  await scenes.give('TriageCase', id, report, staff.monitor)
  await scenes.give('RouteCase', id, { ...toHousing, lead: 'supervision' }, staff.coordinator)
  const [again, auditor] = [await follow(staff.housingOfficer, before), await follow(staff.auditor, before)]
  const other = await scenes.triaged()
  await scenes.give('RouteCase', other, toHousing, staff.coordinator)
  await told(again, auditor)
  expect(again.events.filter((event) => event.id === id)).toEqual([])
  expect(again.events.every(({ number }) => number !== numberIn(auditor, id))).toBe(true)
  expect(again.events.some((event) => event.id === other)).toBe(true)
  const types = briefly(auditor, id).map(({ type }) => type)
  expect(types).toEqual(expect.arrayContaining(['SupplementReceived', 'CaseTriaged', 'RoutingWithdrawn', 'CaseRouted']))

  // And nothing of what is done with it from here on.
  const count = again.events.length
  await scenes.give('RemindCase', id, { cause: 'person', deadlineId: null, note: null }, staff.monitor)
  await told(again, auditor)
  expect(again.events.length).toBe(count)
})

const numberIn = (client: LiveClient, id: string) => client.events.find((event) => event.id === id)!.number

test('resumes after any break, however long ago, without gap and without repeat', async () => {
  const steady = await follow(staff.auditor)
  const start = steady.lastId!
  let lastId = start
  const seen: string[] = []
  for (let round = 0; round < 5; round += 1) {
    const broken = await follow({ ...staff.auditor, person: 'auditor-2' }, lastId)
    await scenes.triaged()
    await broken.until(() => broken.events.length > round)
    await broken.close()
    seen.push(...broken.events.map(({ position }) => position))
    lastId = broken.lastId!
    // What happens while nobody of theirs is connected.
    await scenes.signed()
  }
  const last = await follow({ ...staff.auditor, person: 'auditor-2' }, lastId)
  await told(steady, last)
  seen.push(...last.events.map(({ position }) => position))
  const everything = steady.events.map(({ position }) => position)
  expect(seen).toEqual(everything)
  expect(new Set(seen).size).toBe(seen.length)
  expect(everything).toEqual(everything.toSorted())
})

test('whoever resumes from the first day reads the whole history in pages, and then goes on', async () => {
  const first = await follow('operator', '0000000000000001')
  await told(first)
  const stored: string[] = []
  for await (const page of http.county.huiying.application.ports.store.readStored('start')) {
    stored.push(
      ...page.filter(({ stream }) => /^(case|item|commitment|intake)-/.test(stream)).map(({ position }) => position),
    )
  }
  expect(first.events.map(({ position }) => position)).toEqual(stored)
  const id = await scenes.triaged()
  await told(first)
  expect(briefly(first, id)).toEqual(await changesOf(`case-${id}`))
})

test('a place that this store never gave is refused', async () => {
  for (const place of ['9999999999999999', 'zzz', '12', '0', '00000000000000001', 'start']) {
    const answered = await http.get('/api/live', { as: staff.auditor, headers: { 'Last-Event-ID': place } })
    expect(answered, place).toMatchObject({ status: 400, body: { code: 'CURSOR_INVALID' } })
  }
})

test('200 clients are told the same, each once', async () => {
  const clients = await Promise.all(
    Array.from({ length: 200 }, (_, at) => follow({ ...staff.auditor, person: `auditor-${at}` })),
  )
  const id = await scenes.signed()
  await told(...clients)
  const expected = await changesOf(`case-${id}`)
  for (const client of clients) expect(briefly(client, id)).toEqual(expected)
}, 30_000)

test('says from time to time that it is there, and moves the place to resume at past what is not shown', async () => {
  const housing = await follow(staff.housingOfficer)
  const start = housing.lastId!
  await scenes.triaged()
  await told(housing)
  expect(housing.events).toEqual([])
  expect(housing.lastId! > start).toBe(true)
  expect(housing.heartbeats).toBeGreaterThan(0)
})

test('takes so many of one person and no more, and takes more when one has gone', async () => {
  const clients = [await follow(staff.monitor), await follow(staff.monitor), await follow(staff.monitor)]
  const refused = await http.get('/api/live', { as: staff.monitor })
  expect(refused).toMatchObject({ status: 429, body: { code: 'LIVE_CLIENTS_FULL' } })
  expect(refused.headers.get('retry-after')).toBe('30')
  await clients[0]!.close()
  await expect
    .poll(async () => (await LiveClient.open(http, staff.monitor).then((client) => (open.push(client), client))).status)
    .toBe(200)
})

test('nobody follows who may not read: no client of a channel, no administrator, nobody unknown', async () => {
  for (const as of [staff.channel, staff.administrator]) {
    expect(await http.get('/api/live', { as })).toMatchObject({ status: 403, body: { code: 'ROLE_NOT_ALLOWED' } })
  }
  expect(await http.get('/api/live', {})).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } })
})

test('has no head without its body: that would be held open for nothing', async () => {
  const { status } = await fetch(`${http.serving.address}/api/live`, {
    method: 'HEAD',
    headers: http.headersOf(staff.auditor),
  })
  expect(status).toBe(405)
})

test('ends with its server, at once', async () => {
  const other = await HttpCounty.open({ limits })
  const client = await LiveClient.open(other, staff.auditor)
  const startedAt = performance.now()
  await other.close()
  await client.ended()
  expect(performance.now() - startedAt).toBeLessThan(5_000)
})

test('after its time a connection ends, and comes back to where it was', async () => {
  const brief = await HttpCounty.open({ limits: { ...limits, live: { ...limits.live, lifeMsMax: 150 } } })
  try {
    const client = await LiveClient.open(brief, staff.auditor)
    await client.ended()
    const id = await new Scenes(brief).triaged()
    const again = await LiveClient.open(brief, staff.auditor, client.lastId)
    await again.until(() => again.events.some((event) => event.id === id))
    expect(again.events[0]).toMatchObject({ type: 'ItemReceived' })
    await again.close()
  } finally {
    await brief.close()
  }
})
