import { request } from 'node:http'
import { afterEach, expect, test, vi } from 'vitest'
import { healthOf, openOperationsServer, ProcessMetrics } from '../src/index.ts'
import type { Health, OperationsServer } from '../src/index.ts'

type Line = { level: string; message: string; fields?: object }

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  vi.useRealTimers()
  for (const close of closers.splice(0).toReversed()) await close()
})

const well: Health = { alive: true, ready: true, hindrances: [] }

async function open(health: () => Promise<Health>, metrics = new ProcessMetrics()) {
  const logged: Line[] = []
  const server = await openOperationsServer({
    host: '127.0.0.1',
    port: 0,
    metrics,
    health,
    log: (level, message, fields) => logged.push({ level, message, ...(fields && { fields }) }),
  })
  closers.push(() => server.close())
  return { server, logged }
}

async function ask(server: OperationsServer, path: string, init: RequestInit = {}) {
  const response = await fetch(`${server.address}${path}`, init)
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') === true
  return { status: response.status, body: isJson && text !== '' ? (JSON.parse(text) as unknown) : text }
}

test('says whether it lives, whether it is ready, and what it measures', async () => {
  const metrics = new ProcessMetrics()
  metrics.deadLetter('ROW_INVALID')
  const { server, logged } = await open(() => Promise.resolve(well), metrics)
  expect(await ask(server, '/healthz')).toEqual({ status: 200, body: { alive: true } })
  expect(await ask(server, '/readyz')).toEqual({ status: 200, body: { ready: true, hindrances: [] } })
  const { status, body } = await ask(server, '/metrics')
  expect(status).toBe(200)
  expect(body).toContain('huiying_dead_letters_total{reason="ROW_INVALID"} 1')
  expect(body).toContain('process_resident_memory_bytes')
  expect(logged).toEqual([])
})

test('not ready is 503 with reasons; the log says when that begins and ends, and not at every question', async () => {
  let health: Health = {
    alive: true,
    ready: false,
    hindrances: [{ code: 'SUBSCRIPTION_BEHIND', detail: 'relay: 70 s behind' }],
  }
  const { server, logged } = await open(() => Promise.resolve(health))
  for (let time = 0; time < 3; time += 1) {
    expect(await ask(server, '/readyz')).toEqual({
      status: 503,
      body: { ready: false, hindrances: [{ code: 'SUBSCRIPTION_BEHIND', detail: 'relay: 70 s behind' }] },
    })
  }
  expect(await ask(server, '/healthz')).toMatchObject({ status: 200 })
  health = well
  expect(await ask(server, '/readyz')).toMatchObject({ status: 200 })
  expect(logged.map(({ message }) => message)).toEqual(['not ready', 'ready again'])
})

test('what will not come right by itself is not alive', async () => {
  const { server } = await open(() => Promise.resolve({ ...well, alive: false, ready: false }))
  expect(await ask(server, '/healthz')).toEqual({ status: 503, body: { alive: false } })
})

test('a dependency that never answers: alive at once, not ready and says who, measured all the same', async () => {
  const metrics = new ProcessMetrics()
  metrics.overdue(() => new Promise(() => {}))
  let asked = 0
  const log = () => {}
  const health = healthOf(
    {
      'the read store': () => {
        asked += 1
        return new Promise(() => {})
      },
      'the broker': () => [],
    },
    log,
  )
  const { server } = await open(health, metrics)
  const [ready, again, alive, measured] = await Promise.all([
    ask(server, '/readyz'),
    ask(server, '/readyz'),
    ask(server, '/healthz'),
    ask(server, '/metrics'),
  ])
  expect(ready).toEqual({
    status: 503,
    body: { ready: false, hindrances: [{ code: 'NO_ANSWER', detail: 'the read store did not answer within 2 s' }] },
  })
  expect(again).toEqual(ready)
  expect(alive).toEqual({ status: 200, body: { alive: true } })
  expect(measured.status).toBe(200)
  expect(measured.body).toContain('huiying_append_duration_seconds')
  expect(measured.body).not.toMatch(/^huiying_deadlines_overdue/m)
  // However often it is asked, it asks who does not answer once.
  expect(asked).toBe(1)
}, 15_000)

test('a check that throws hinders; why stands in the log and not in the answer', async () => {
  const logged: Line[] = []
  const health = healthOf(
    {
      'the read store': () => {
        throw new Error('mongodb://huiying:secret@db refused')
      },
    },
    (level, message, fields) => logged.push({ level, message, ...(fields && { fields }) }),
  )
  const { server } = await open(health)
  await ask(server, '/readyz')
  const { body } = await ask(server, '/readyz')
  expect(body).toEqual({
    ready: false,
    hindrances: [{ code: 'CHECK_FAILED', detail: 'the read store cannot be asked; the log says why' }],
  })
  expect(logged).toMatchObject([{ message: 'a health check failed', fields: { check: 'the read store' } }])
})

test('anything else is refused in a sentence', async () => {
  const { server } = await open(() => Promise.resolve(well))
  expect(await ask(server, '/')).toEqual({
    status: 404,
    body: { status: 404, detail: 'this server answers /healthz, /readyz and /metrics' },
  })
  expect(await ask(server, '/__proto__')).toMatchObject({ status: 404 })
  expect(await ask(server, '/constructor')).toMatchObject({ status: 404 })
  expect(await ask(server, '/metrics', { method: 'POST', body: 'x'.repeat(100_000) })).toMatchObject({ status: 405 })
  expect(await ask(server, '/healthz', { method: 'HEAD' })).toEqual({ status: 200, body: '' })
  expect(await ask(server, '/readyz?from=probe')).toMatchObject({ status: 200 })
})

test('it closes although somebody holds a connection open', async () => {
  const { server } = await open(() => Promise.resolve(well))
  const held = request(`${server.address}/metrics`, { method: 'POST', headers: { 'Content-Length': '100' } })
  held.on('error', () => {
    // It is cut off, as it should be.
  })
  await new Promise<void>((resolve) => {
    held.on('response', () => resolve())
    held.write('x')
  })
  await server.close()
})

test('a port that is taken is said to whoever starts it', async () => {
  const { server } = await open(() => Promise.resolve(well))
  const options = { host: '127.0.0.1', port: Number(new URL(server.address).port), metrics: new ProcessMetrics() }
  await expect(
    openOperationsServer({ ...options, health: () => Promise.resolve(well), log: () => {} }),
  ).rejects.toMatchObject({
    code: 'EADDRINUSE',
  })
})
