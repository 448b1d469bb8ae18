import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '../../apps/gateway/src/routes/index.ts'
import { staff } from '../support/county.ts'
import { HttpCounty } from '../support/http.ts'
import { Scenes } from './scenarios.ts'

interface Ready {
  ready: boolean
  hindrances: { code: string; detail: string }[]
  behindSeconds: Record<string, number>
}

const failures: number[] = []
const policyRetry = {
  pauseMs: 10,
  pauseMsMax: 20,
  wait: (milliseconds: number, signal: AbortSignal) => setTimeout(milliseconds, undefined, { signal }).catch(() => {}),
  onFailure: (_error: unknown, inARow: number) => failures.push(inARow),
}

let http: HttpCounty
let scenes: Scenes
beforeAll(async () => {
  http = await HttpCounty.open({ policyRetry })
  scenes = new Scenes(http)
  await http.county.huiying.settled()
})
afterAll(() => http.close())

const ready = async () => (await http.get<Ready>('/readyz')).body
const metric = async (line: RegExp) => line.exec((await http.get<string>('/metrics')).body)?.[1]

test('says to anybody whether it is alive and ready, and nothing of anybody', async () => {
  expect(await http.get('/healthz')).toMatchObject({ status: 200, body: { alive: true } })
  const { status, body } = await http.get<Ready>('/readyz')
  expect({ status, body }).toMatchObject({
    status: 200,
    body: { ready: true, hindrances: [], behindSeconds: { casework: 0, intake: 0, search: 0 } },
  })
  expect(Object.values(body.behindSeconds).every((seconds) => seconds === 0)).toBe(true)
})

test('policies that fail are tried again until they work; meanwhile it is not ready, and says why', async () => {
  const { store } = http.county.huiying.application.ports
  const append = store.append.bind(store)
  store.append = (stream, ...given) =>
    stream.startsWith('case-')
      ? Promise.reject(Object.assign(new Error('events.db: the disk is full'), { code: 'STORE_DISK_FULL' }))
      : append(stream, ...given)
  const { id } = await scenes.give('ReceiveItem', null, scenes.delivery('message', 'phone'), staff.channel)
  await expect.poll(() => failures.length).toBeGreaterThan(2)
  const red = await http.get<Ready>('/readyz')
  expect(red).toMatchObject({ status: 503, body: { ready: false, hindrances: [{ code: 'POLICIES_FAILING' }] } })
  expect(red.body.hindrances[0]!.detail).toMatch(/^\d+ times in a row: events\.db: the disk is full$/)
  expect(Number(await metric(/^huiying_policies_failures (\d+)$/m))).toBeGreaterThan(2)
  // Everything else goes on.
  expect((await http.get('/api/cases', { as: staff.monitor })).status).toBe(200)

  store.append = append
  await expect.poll(ready).toMatchObject({ ready: true, hindrances: [] })
  await http.county.huiying.settled()
  expect((await http.county.types(`item-${id}`)).filter((type) => type === 'ItemReceived')).toHaveLength(1)
  expect(await http.get('/api/cases?channel=phone', { as: staff.monitor })).toMatchObject({ body: { total: 1 } })
  expect(await metric(/^huiying_policies_failures (\d+)$/m)).toBe('0')
})

test('read models that are no longer kept make it not ready', async () => {
  const other = await HttpCounty.open()
  await other.county.huiying.projector.stop()
  expect(await other.get('/readyz')).toMatchObject({
    status: 503,
    body: { hindrances: [{ code: 'PROJECTIONS_STOPPED', detail: 'the projector has stopped' }] },
  })
  expect((await other.get<string>('/metrics')).body).toMatch(/^huiying_projecting 0$/m)
  await other.close()
})

test('measures itself in Prometheus’s words: routes by name, and no value that anybody sent', async () => {
  await http.get('/api/cases?search=13800138000', { as: staff.monitor })
  await http.get('/api/cases/13800138000', { as: staff.monitor })
  await http.get('/api/13800138000', { as: staff.monitor })
  await http.give(
    'DefineDepartment',
    null,
    { department: { id: 'water', name: '水务局', active: true }, reason: null },
    staff.administrator,
  )
  const { body, headers } = await http.get<string>('/metrics')
  expect(headers.get('content-type')).toMatch(/^text\/plain; version=/)
  for (const name of [
    'huiying_http_request_duration_seconds_count{method="GET",route="ListCases",status="200"}',
    'huiying_http_request_duration_seconds_count{method="GET",route="GetCase",status="404"}',
    'huiying_http_request_duration_seconds_count{method="ANY",route="none",status="404"}',
    'huiying_http_request_duration_seconds_count{method="POST",route="DefineDepartment",status="200"}',
    'huiying_projection_behind_seconds{projection="casework"}',
    'huiying_policies_behind_seconds ',
    'huiying_subscription_behind_seconds{subscription="policies"} 0',
    'huiying_subscription_moving{subscription="search"} 1',
    '# TYPE huiying_deadlines_overdue gauge',
    'huiying_projecting 1',
    'huiying_live_clients 0',
    'huiying_imports_waiting 0',
    'process_resident_memory_bytes',
    'nodejs_eventloop_lag_seconds',
  ]) {
    expect(body).toContain(`\n${name}`)
  }
  expect(Number(await metric(/^huiying_events_written_total (\d+)$/m))).toBe((await http.county.extent()).events)
  const known = new Set([...routes.map(({ name }) => name), 'none'])
  for (const [, route] of body.matchAll(/route="([^"]*)"/g)) expect(known).toContain(route)
  for (const said of ['13800138000', '水务局', 'monitor-1']) expect(body).not.toContain(said)
})

test('shows its documentation from its own files: the page, what it is made of, the document, every error', async () => {
  const page = await fetch(`${http.serving.address}/api/docs`)
  expect(page.status).toBe(200)
  expect(page.headers.get('content-security-policy')).toContain("default-src 'self'")
  const html = await page.text()
  const parts = [...html.matchAll(/(?:src|href)=['"]([^'"]+)['"]/g)].map(([, address]) => address!)
  expect(parts.length).toBeGreaterThan(2)
  for (const part of parts) {
    const found = await fetch(new URL(part, `${http.serving.address}/api/docs`))
    expect([found.url, found.status]).toEqual([found.url, 200])
    expect(found.url.startsWith(http.serving.address)).toBe(true)
    await found.arrayBuffer()
  }
  expect((await http.get<{ openapi: string }>('/api/openapi.json')).body.openapi).toBe('3.1.0')
  expect(await http.get('/api/errors/NOT_FOUND')).toMatchObject({ status: 200, body: { status: 404 } })
  expect(await http.get('/api/errors/NO_SUCH_CODE')).toMatchObject({ status: 404 })
  const problem = await http.get<{ type: string }>('/api/cases', {})
  expect((await http.get(problem.body.type)).status).toBe(200)
})
