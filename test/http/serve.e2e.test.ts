import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { huiying } from '../support/cli.ts'
import { RawConnection } from '../support/raw-http.ts'
import { ServerProcess } from '../support/server.ts'

let folder: string
let server: ServerProcess
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huiying-serve-'))
  server = await ServerProcess.start(join(folder, 'data'), { arguments: ['--development'] })
}, 60_000)
afterAll(async () => {
  await server.stop('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

/** One that must not start: what it says, and its exit code. */
async function refused(environment: Record<string, string>, given: string[] = [], data = 'other') {
  const refusing = new ServerProcess(join(folder, data), { environment, arguments: given })
  const { code } = await refusing.ended
  return { code, stderr: refusing.stderr }
}

describe('does not start, and says why in a sentence', () => {
  test('on a port that is taken', async () => {
    const { port } = new URL(server.address)
    const { code, stderr } = await refused({ HUIYING_PORT: port })
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        'huiying: another program listens there already; stop it, or choose another port with HUIYING_PORT (EADDRINUSE)\n',
    })
  })

  test('on stores that another process holds: exit code 4, as the command line', async () => {
    const { code, stderr } = await refused({}, [], 'data')
    expect(code).toBe(4)
    expect(stderr).toMatch(/in use by process \d+ .*\(STORE_IN_USE\)\n$/)
  })

  test('on a store that it does not understand', async () => {
    const foreign = join(folder, 'foreign')
    await mkdir(foreign)
    await writeFile(join(foreign, 'events.db'), Buffer.alloc(8192, 'x'))
    const { code, stderr } = await refused({}, [], 'foreign')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^huiying: .*events\.db.*\(STORE_[A-Z]+\)\n$/)
    expect(stderr.slice('huiying: '.length)).toBe(
      (await huiying(['cases'], { data: foreign })).stderr.slice('huiying: '.length),
    )
  })

  test.each([
    [{ HUIYING_PORT: '70000' }, 'HUIYING_PORT: a port, 0 to 65535'],
    [{ HUIYING_PORT: 'http' }, 'HUIYING_PORT: a port, 0 to 65535'],
    [{ HUIYING_HOST: 'my host' }, 'HUIYING_HOST: an address to listen on'],
    [{ HUIYING_HOST_NAMES: 'a.example,http://b' }, 'HUIYING_HOST_NAMES: names of hosts'],
    [{ HUIYING_HOST: '0.0.0.0' }, 'HUIYING_HOST_NAMES: a server that listens on 0.0.0.0'],
  ])('where its environment says what cannot be: %o', async (environment, sentence) => {
    const { code, stderr } = await refused(environment)
    expect(code).toBe(2)
    expect(stderr).toContain(sentence)
    expect(stderr).toContain('(CONFIGURATION_INVALID)')
  })

  test('in development where anybody else could reach it', async () => {
    const names = { HUIYING_HOST: '0.0.0.0', HUIYING_HOST_NAMES: 'county.example' }
    const { code, stderr } = await refused(names, ['--development'])
    expect(code).toBe(2)
    expect(stderr).toContain('only this machine may ask')
    expect(await refused({}, ['--develop'])).toMatchObject({ code: 2 })
  })
})

describe('started', () => {
  test('it logs JSON, a line for each thing, and nothing else', async () => {
    await fetch(`${server.address}/api/cases`, { headers: { 'X-Request-Id': 'first' } })
    await expect
      .poll(() => server.lines.find(({ requestId }) => requestId === 'first'))
      .toMatchObject({
        level: 'info',
        message: 'answered',
        route: 'ListCases',
        status: 401,
      })
    expect(server.lines[0]).toMatchObject({ message: 'serving', address: server.address, development: true })
    expect(server.stderr).toBe('')
  })

  test('without development nobody is believed: health and documentation are open, the rest is 401', async () => {
    const plain = await ServerProcess.start(join(folder, 'plain'))
    const status = async (path: string) => {
      const headers = { 'Huiying-Actor': 'a;office;monitor' }
      return (await fetch(`${plain.address}${path}`, { headers })).status
    }
    for (const path of ['/healthz', '/readyz', '/metrics', '/api/docs', '/api/openapi.json', '/api/errors/NOT_FOUND']) {
      expect(await status(path), path).toBe(200)
    }
    for (const path of ['/api/cases', '/api/settings', '/api/live', '/api/statistics']) {
      expect(await status(path), path).toBe(401)
    }
    expect(await plain.stop()).toEqual({ code: 0, signal: null })
  }, 30_000)

  test('told to stop it finishes what it has in hand, ends what would never end, and leaves the stores whole', async () => {
    const data = join(folder, 'data')
    const { host } = new URL(server.address)
    const live = new RawConnection(server.address)
    live.send(`GET /api/live HTTP/1.1\r\nHost: ${host}\r\nHuiying-Actor: a;office;auditor\r\n\r\n`)
    await live.until('\nid: ')
    // A command whose last byte comes only after the server was told to stop.
    const body = JSON.stringify({ department: { id: 'water', name: 'w', active: true }, reason: null })
    const command = new RawConnection(server.address)
    command.send(
      `POST /api/settings/departments/define-department HTTP/1.1\r\nHost: ${host}\r\nHuiying-Actor: a;office;administrator\r\n` +
        `Idempotency-Key: last\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, -1)}`,
    )
    // Answered after it, so that the server has it.
    await fetch(`${server.address}/healthz`)
    server.process.kill('SIGTERM')
    await live.toTheEnd()
    command.send(body.slice(-1))
    expect(await command.toTheEnd()).toMatch(/^HTTP\/1\.1 200 OK/)
    expect(await server.ended).toEqual({ code: 0, signal: null })
    expect(server.lines.slice(-2)).toMatchObject([expect.anything(), { message: 'stopped' }])
    const verified = await huiying(['verify', '--json'], { data })
    expect(verified.code).toBe(0)
    expect(JSON.parse(verified.stdout)).toMatchObject({ findings: 0 })
    server = await ServerProcess.start(data)
  }, 30_000)

  test('interrupted it stops as well', async () => {
    expect(await server.stop('SIGINT')).toEqual({ code: 0, signal: null })
    server = await ServerProcess.start(join(folder, 'data'))
  }, 30_000)
})
