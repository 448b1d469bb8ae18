import { request } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { defaultLimits } from '../../apps/gateway/src/http/limits.ts'
import { staff } from '../support/county.ts'
import { HttpCounty, pathOf } from '../support/http.ts'
import { problemIn, RawConnection } from '../support/raw-http.ts'

let http: HttpCounty
beforeAll(async () => {
  http = await HttpCounty.open({ limits: { ...defaultLimits, requestMsMax: 400, bodyBytesMax: 20_000 } })
})
afterAll(() => http.close())

const connections: RawConnection[] = []
afterEach(() => connections.splice(0).forEach((connection) => connection.close()))

function connection(): RawConnection {
  const made = new RawConnection(http.serving.address)
  connections.push(made)
  return made
}

const as = staff.administrator
const path = pathOf('DefineDepartment', null)
const department = (name: string) => ({ department: { id: 'water', name, active: true }, reason: null })
const host = () => new URL(http.serving.address).host

/** Sends bytes as a command's body. */
function bytes(body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) {
  const asking = { as, key: crypto.randomUUID(), headers: { 'Content-Type': 'application/json', ...headers } }
  return http.send<{ code: string; detail: string | null }>('POST', path, body, asking)
}

/** With headers that `fetch` does not let anybody set. */
async function withHeaders(
  method: string,
  at: string,
  headers: Record<string, string>,
): Promise<{ status: number; code: string }> {
  return await new Promise((resolve, reject) => {
    const asked = request(
      `${http.serving.address}${at}`,
      { method, headers: { ...http.headersOf(as), ...headers } },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (part) => (text += part))
        answer.on('end', () =>
          resolve({ status: answer.statusCode!, code: String((JSON.parse(text) as { code?: string }).code) }),
        )
      },
    )
    asked.on('error', reject).end()
  })
}

describe('a body', () => {
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`

  test.each([
    ['that is no JSON', '{"department":', 'not JSON'],
    ['that is no UTF-8', Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d), 'not UTF-8'],
    ['that is nested without end', nested(9_000), 'nested deeper than 32 levels'],
    [
      'that names __proto__',
      '{"department":{"__proto__":{"active":true}},"reason":null}',
      'a key has a name that is not taken',
    ],
    ['that names constructor', '{"constructor":{"prototype":{"a":1}}}', 'a key has a name that is not taken'],
    ['that holds half a character', '{"reason":"\\ud800"}', 'a text holds half a character'],
  ])('%s is refused without a word of it', async (_what, body, detail) => {
    expect(await bytes(body)).toMatchObject({ status: 400, body: { code: 'BODY_INVALID', detail } })
  })

  test.each([
    ['a list', '[]'],
    ['a word', '"部门"'],
    ['null', 'null'],
    ['nothing at all', ''],
  ])('that is %s does not fit', async (_what, body) => {
    expect(await bytes(body)).toMatchObject({ status: 400, body: { code: 'INVALID_COMMAND' } })
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''])(
    'of type “%s” is not taken',
    async (type) => {
      const answered = await bytes(JSON.stringify(department('水务局')), { 'Content-Type': type })
      expect(answered).toMatchObject({
        status: 415,
        body: { code: 'UNSUPPORTED_MEDIA_TYPE', detail: 'application/json' },
      })
    },
  )

  test('of no type that there could be is not taken, by whomever that is noticed', async () => {
    for (const type of ['json', 'application', ';;', 'a/b/c']) {
      const answered = await bytes('{}', { 'Content-Type': type })
      expect(answered, type).toMatchObject({ status: 415, body: { code: 'UNSUPPORTED_MEDIA_TYPE' } })
    }
    const raw = connection()
    const head = `Host: ${host()}\r\nHuiying-Actor: a;office;administrator\r\nIdempotency-Key: k\r\nConnection: close`
    raw.send(`POST ${path} HTTP/1.1\r\n${head}\r\nContent-Type: \r\nContent-Length: 0\r\n\r\n`)
    expect(problemIn(await raw.toTheEnd())).toEqual({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' })
  })

  test('that is compressed is not taken', async () => {
    const answered = await bytes(JSON.stringify(department('水务局')), { 'Content-Encoding': 'gzip' })
    expect(answered).toMatchObject({ status: 415, body: { code: 'UNSUPPORTED_MEDIA_TYPE' } })
  })

  test('that says it is too large is refused before any of it is read, and the connection ends', async () => {
    const raw = connection()
    raw.send(
      `POST ${path} HTTP/1.1\r\nHost: ${host()}\r\nHuiying-Actor: a;office;administrator\r\nIdempotency-Key: k\r\n` +
        'Content-Type: application/json\r\nContent-Length: 999999999\r\n\r\n{',
    )
    expect(problemIn(await raw.toTheEnd())).toEqual({ status: 413, code: 'BODY_TOO_LARGE' })
  })

  test('that does not say how large it is is read no further than it may be', async () => {
    const raw = connection()
    raw.send(
      `POST ${path} HTTP/1.1\r\nHost: ${host()}\r\nHuiying-Actor: a;office;administrator\r\nIdempotency-Key: k\r\n` +
        'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
    )
    for (let sent = 0; sent < 5; sent += 1) raw.send(`2000\r\n${' '.repeat(0x2000)}\r\n`)
    expect(problemIn(await raw.toTheEnd())).toEqual({ status: 413, code: 'BODY_TOO_LARGE' })
  })

  test('that comes too slowly is waited for no longer than its time, and the connection ends', async () => {
    const raw = connection()
    raw.send(
      `POST ${path} HTTP/1.1\r\nHost: ${host()}\r\nHuiying-Actor: a;office;administrator\r\nIdempotency-Key: k\r\n` +
        'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"department"',
    )
    expect(problemIn(await raw.toTheEnd())).toEqual({ status: 408, code: 'REQUEST_TIMEOUT' })
    expect(raw.received).toMatch(/connection: close/i)
  })

  test('of somebody unknown is not even looked at', async () => {
    const raw = connection()
    raw.send(
      `POST ${path} HTTP/1.1\r\nHost: ${host()}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n`,
    )
    expect(problemIn(await raw.toTheEnd())).toEqual({ status: 401, code: 'UNAUTHENTICATED' })
  })

  test('that is no command of this county is refused, and the county goes on', async () => {
    expect((await bytes(JSON.stringify(department('水务局')))).status).toBe(200)
  })
})

describe('an address', () => {
  test('that leads nowhere is a problem like every other', async () => {
    for (const at of ['/', '/api', '/api/nothing', '/api/cases/1/2/3', '/favicon.ico', '/api/docs/../../etc/passwd']) {
      const answered = await http.get<{ code: string }>(at, { as: staff.monitor })
      expect(answered, at).toMatchObject({ status: 404, body: { code: 'ROUTE_UNKNOWN', detail: null } })
    }
  })

  test('says which methods it takes', async () => {
    const answered = await http.send('DELETE', '/api/cases', undefined, { as: staff.monitor })
    expect(answered).toMatchObject({ status: 405, body: { code: 'METHOD_NOT_ALLOWED' } })
    expect(answered.headers.get('allow')).toBe('GET, HEAD')
    const command = await http.send('GET', path, undefined, { as })
    expect([command.status, command.headers.get('allow')]).toEqual([405, 'POST'])
    expect((await http.send('OPTIONS', '/api/cases', undefined, {})).status).toBe(405)
  })

  test('that is malformed or too long is refused', async () => {
    const malformed = connection()
    malformed.send(`GET /api/cases/%zz HTTP/1.1\r\nHost: ${host()}\r\nConnection: close\r\n\r\n`)
    expect(problemIn(await malformed.toTheEnd())).toEqual({ status: 400, code: 'URL_INVALID' })
    const long = connection()
    long.send(`GET /api/cases?search=${'a'.repeat(20_000)} HTTP/1.1\r\nHost: ${host()}\r\n\r\n`)
    expect(problemIn(await long.toTheEnd())).toEqual({ status: 431, code: 'HEADERS_TOO_LARGE' })
    const parameter = await http.get<{ code: string }>(`/api/cases/${'1'.repeat(200)}`, { as: staff.monitor })
    expect(parameter).toMatchObject({ status: 414, body: { code: 'URL_TOO_LONG' } })
  })

  test('what is no HTTP at all is answered and cut off', async () => {
    const raw = connection()
    raw.send('好\r\n\r\n')
    expect(problemIn(await raw.toTheEnd())).toEqual({ status: 400, code: 'REQUEST_INVALID' })
  })

  test('parameters are named where they do not fit, and what stood there is not repeated', async () => {
    const answered = await http.get<{ errors: { field: string }[] }>(
      '/api/cases?limit=201&limit2=1&state=13800138000&search=',
      { as: staff.monitor },
    )
    expect(answered).toMatchObject({ status: 400, body: { code: 'PARAMETERS_INVALID' } })
    expect(answered.body.errors.map(({ field }) => field).sort()).toEqual(['limit', 'limit2', 'search', 'state'])
    expect(JSON.stringify(answered.body)).not.toContain('13800138000')
    const twice = await http.get('/api/cases?limit=1&limit=2', { as: staff.monitor })
    expect(twice.status).toBe(400)
  })
})

describe('who asks', () => {
  test('says so in one way, or is refused', async () => {
    for (const said of ['monitor-1', 'monitor-1;office', 'monitor-1;office;king', 'a;b;monitor;d', 'a;B!;monitor']) {
      const answered = await http.get('/api/cases', { headers: { 'Huiying-Actor': said } })
      expect(answered, said).toMatchObject({ status: 400, body: { code: 'HEADER_INVALID' } })
    }
    expect((await http.get('/api/cases', { headers: { Authorization: 'Bearer wrong' } })).status).toBe(401)
    expect((await http.get('/api/cases', { headers: { Authorization: 'Basic YTpi' } })).status).toBe(401)
    expect((await http.get('/api/cases', { as: 'operator' })).status).toBe(200)
  })

  test('is believed nothing of whom a proxy asks for', async () => {
    for (const header of ['X-Forwarded-For', 'Forwarded', 'Via', 'X-Real-IP']) {
      const headers = { ...http.headersOf(staff.monitor), [header]: '192.0.2.1' }
      expect(await http.get('/api/cases', { headers }), header).toMatchObject({
        status: 401,
        body: { code: 'UNAUTHENTICATED' },
      })
    }
  })

  test('gives commands as somebody: the operator names whom', async () => {
    const answered = await http.post(path, department('水利局'), { as: 'operator', key: 'k' })
    expect(answered).toMatchObject({ status: 403, body: { code: 'ROLE_NOT_ALLOWED' } })
    expect((await http.post('/api/operator/settle', undefined, { as: staff.monitor })).status).toBe(403)
  })
})

describe('pages of other sites', () => {
  test('do not reach it under a name of their own (DNS rebinding)', async () => {
    const refused = { status: 421, code: 'HOST_NOT_SERVED' }
    for (const name of [
      'evil.example',
      'localhost.evil.example',
      '127.0.0.1.evil.example:80',
      '[::2]',
      '127.0.0.1@evil',
    ]) {
      expect(await withHeaders('GET', '/api/settings', { Host: name }), name).toEqual(refused)
    }
    const nameless = connection()
    nameless.send('GET /api/settings HTTP/1.0\r\n\r\n')
    expect(problemIn(await nameless.toTheEnd())).toEqual(refused)
    const { port } = new URL(http.serving.address)
    expect((await withHeaders('GET', '/api/settings', { Host: `localhost:${port}` })).status).toBe(200)
  })

  test('send it nothing', async () => {
    const refused = { status: 403, code: 'CROSS_SITE_REFUSED' }
    const other: Record<string, string>[] = [
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { Origin: 'http://127.0.0.1:1' },
    ]
    for (const headers of other) expect(await withHeaders('POST', path, headers)).toEqual(refused)
    const own = { Origin: http.serving.address, 'Sec-Fetch-Site': 'same-origin' }
    expect((await withHeaders('POST', path, own)).code).not.toBe('CROSS_SITE_REFUSED')
  })
})

describe('what is answered', () => {
  test('carries the id that the request came with, if it is sane, and is logged under it', async () => {
    const answered = await http.get('/api/settings', { as, headers: { 'X-Request-Id': 'desk-7.1' } })
    expect(answered.headers.get('x-request-id')).toBe('desk-7.1')
    expect(http.logged.map((line) => JSON.parse(line) as object)).toContainEqual(
      expect.objectContaining({ requestId: 'desk-7.1', route: 'GetSettings', status: 200 }),
    )
    for (const insane of ['a b', 'x'.repeat(65), '{"a":1}']) {
      const given = (await http.get('/api/settings', { as, headers: { 'X-Request-Id': insane } })).headers
      expect(given.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    }
  })

  test('is told of in the log without addresses, words searched for, or anything that was sent', async () => {
    http.logged.length = 0
    await http.get(`/api/cases?search=${encodeURIComponent('张三')}`, { as: staff.monitor })
    await http.get('/api/cases/13800138000', { as: staff.monitor })
    await http.get('/api/张三', { as: staff.monitor })
    await bytes(JSON.stringify({ department: '李四' }))
    const text = http.logged.join('')
    expect(http.logged.length).toBe(4)
    for (const said of ['张三', encodeURIComponent('张三'), '13800138000', '李四', 'search'])
      expect(text).not.toContain(said)
    for (const line of http.logged) {
      expect(Object.keys(JSON.parse(line) as object)).toEqual([
        'time',
        'level',
        'message',
        'requestId',
        'method',
        'route',
        'status',
        'ms',
      ])
    }
  })

  test('says that nobody may keep it, frame it or guess what it is', async () => {
    const { headers } = await http.get('/api/settings', { as })
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  })

  test('a fault of ours says nothing of itself, and the log says more under its number', async () => {
    const { huiying } = http.county
    const query = huiying.query.bind(huiying)
    huiying.query = () => Promise.reject(new Error('/data/secret is broken'))
    const answered = await http.get<{ code: string; instance: string }>('/api/settings', { as })
    huiying.query = query
    expect(answered).toMatchObject({ status: 500, body: { code: 'INTERNAL', detail: null } })
    expect(JSON.stringify(answered.body)).not.toContain('secret')
    const requestId = answered.headers.get('x-request-id')!
    expect(answered.body.instance).toBe(`urn:huiying:request:${requestId}`)
    const logged = http.logged.map((line) => JSON.parse(line) as { requestId: string; reason?: string })
    expect(logged.find((each) => each.requestId === requestId && each.reason)?.reason).toContain('secret')
  })

  test('a store that cannot write at the moment is worth another try', async () => {
    const { huiying } = http.county
    const command = huiying.command.bind(huiying)
    const full = Object.assign(new Error('full'), { code: 'STORE_DISK_FULL' })
    huiying.command = () => Promise.reject(full)
    const answered = await http.post(path, department('水利局'), { as, key: 'disk-full' })
    huiying.command = command
    expect(answered).toMatchObject({ status: 503, body: { code: 'STORE_UNAVAILABLE' } })
    expect(answered.headers.get('retry-after')).toBe('5')
  })
})

test('who asks too much waits: a person, and an address whoever asks from it', async () => {
  const limits = { ...defaultLimits, requestsPerPersonMax: 3, requestsPerAddressMax: 8 }
  const slow = await HttpCounty.open({ limits })
  try {
    const ask = (person: string) => slow.get('/api/settings', { as: { ...staff.monitor, person } as typeof as })
    for (let asked = 0; asked < 3; asked += 1) expect((await ask('eager')).status).toBe(200)
    const refused = await ask('eager')
    expect(refused).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    for (let asked = 0; asked < 3; asked += 1) expect((await ask('calm')).status).toBe(200)
    expect((await slow.get('/api/settings', {})).status).toBe(401)
    expect((await slow.get('/api/settings', {})).status).toBe(429)
  } finally {
    await slow.close()
  }
})

test('takes so many connections and no more, and the next when one has gone', async () => {
  const crowded = await HttpCounty.open({ limits: { ...defaultLimits, connectionsMax: 3 } })
  try {
    const greeting = `GET /healthz HTTP/1.1\r\nHost: ${new URL(crowded.serving.address).host}\r\n\r\n`
    const open = Array.from({ length: 3 }, () => new RawConnection(crowded.serving.address))
    for (const each of open) {
      each.send(greeting)
      expect(await each.until('"alive":true')).toContain('200 OK')
    }
    const surplus = new RawConnection(crowded.serving.address)
    surplus.send(greeting)
    expect(await surplus.toTheEnd()).toBe('')
    open[0]!.close()
    await expect
      .poll(async () => {
        const next = new RawConnection(crowded.serving.address)
        connections.push(next)
        next.send(greeting)
        return await next.until('"alive":true')
      })
      .toContain('200 OK')
    open.forEach((each) => each.close())
  } finally {
    await crowded.close()
  }
})
