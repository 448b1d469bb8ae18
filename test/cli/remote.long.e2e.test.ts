import { cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Log } from '#observability'
import { openEmbedded } from '../../apps/standalone/src/embedded.ts'
import { serve } from '../../apps/standalone/src/serve.ts'
import { huiying } from '../support/cli.ts'
import type { Ran } from '../support/cli.ts'
import { staff } from '../support/county.ts'
import { fileIn, jsonLines, row } from '../support/files.ts'
import { ServerProcess } from '../support/server.ts'

let folder: string
let data: string
let copy: string
let file: string
/** Serves from here, so that nothing happens because time passes: nothing but what is asked changes anything. */
let server: { routes: Set<unknown>; address: string; stop: () => Promise<void> }

async function startServer(): Promise<typeof server> {
  const embedded = await openEmbedded({ folder: data })
  const routes = new Set<unknown>()
  const log: Log = (_level, _message, fields) => routes.add(fields?.['route'])
  const options = { folder: data, host: '127.0.0.1', port: 0, development: false, log }
  const serving = await serve(embedded, options)
  return {
    routes,
    address: serving.address,
    stop: async () => {
      await serving.close()
      await embedded.close()
    },
  }
}

const defining = JSON.stringify({
  payload: { department: { id: 'housing', name: '住建局', active: true }, reason: null },
  actor: staff.administrator,
  idempotencyKey: 'define-housing',
})
const refusedActing = JSON.stringify({
  target: '00000000-0000-7000-8000-000000000000',
  payload: {},
  actor: staff.housingOfficer,
})
const rows = [
  row('r-1', { time: '2026-03-02T09:00:00+08:00' }),
  row('r-2', { reply: '已修好。', reply_time: '2026-03-04T10:00:00+08:00' }),
  row('r-3', { time: '三月' }),
]

/** What is asked, once with the files and once by way of the server: nothing that takes note of when it was asked. */
const asked: { given: string[]; input?: string; code: number }[] = [
  { given: ['cases'], code: 0 },
  { given: ['cases', '--search', '路灯', '--state', 'answered', '--limit', '1', '--json'], code: 0 },
  { given: ['cases', '--search', Array.from({ length: 20 }, (_, at) => `词${at}`).join(' ')], code: 3 },
  { given: ['cases', '--cursor', 'nonsense'], code: 3 },
  { given: ['case', '2026-000001', '--history', '--json'], code: 0 },
  { given: ['case', '2020-000001', '--json'], code: 3 },
  { given: ['refused'], code: 0 },
  { given: ['imports', '--json'], code: 0 },
  { given: ['deadline', '--channel', 'governor-suggestions', '--received', '2026-02-13 17:00'], code: 0 },
  { given: ['stats', '--from', '2026-01-01'], code: 0 },
  { given: ['act', 'DefineDepartment', '--json', '-'], input: defining, code: 0 },
  { given: ['act', 'SignForCase', '--json', '-'], input: refusedActing, code: 3 },
  { given: ['import', 'nowhere.csv', '--channel', 'phone', '--json'], code: 3 },
  { given: ['import', 'nowhere.csv', '--channel', 'fax'], code: 3 },
  { given: ['rebuild', '--check', '--json'], code: 0 },
  { given: ['verify', '--json'], code: 0 },
]

const withFiles: Ran[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huiying-remote-'))
  data = join(folder, 'data')
  copy = join(folder, 'copy')
  file = await fileIn(folder, 'rows.jsonl', jsonLines(rows))
  expect(await huiying(['import', file, '--channel', 'governor-suggestions'], { data })).toMatchObject({ code: 0 })
  expect(await huiying(['act', 'DefineDepartment', '--json', '-'], { data, input: defining })).toMatchObject({
    code: 0,
  })
  for (const { given, input } of asked)
    withFiles.push(await huiying(given, { data, ...(input !== undefined && { input }) }))
  await cp(data, copy, { recursive: true })
  server = await startServer()
}, 120_000)
afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

const remotely = (given: string[], input?: string) => huiying(given, { data, ...(input !== undefined && { input }) })

describe('while a server holds the stores, `huiying` asks it, and says the same byte for byte', () => {
  test.each(asked.map((each, at) => ({ ...each, at, said: each.given.join(' ').slice(0, 60) })))(
    '$said',
    async ({ given, input, code, at }) => {
      const ran = await remotely(given, input)
      expect(ran).toEqual(withFiles[at])
      expect(ran.code).toBe(code)
    },
  )

  test('the server was asked', () => {
    for (const name of [
      'ListCases',
      'GetCase',
      'Act',
      'Settle',
      'Compare',
      'Verify',
      'ExplainDeadline',
      'GetSettings',
    ]) {
      expect(server.routes, name).toContain(name)
    }
  })

  test('what changes something says the same as it does with the files', async () => {
    const more = await fileIn(folder, 'more.jsonl', jsonLines([...rows, row('m-1'), row('')]))
    const sequence = [
      ['import', more, '--channel', 'governor-suggestions', '--dry-run'],
      ['import', more, '--channel', 'governor-suggestions', '--json'],
      ['import', more, '--channel', 'governor-suggestions'],
      ['refused', '--retry', '--json'],
      ['cases'],
      ['stats', '--json'],
    ]
    for (const given of sequence) {
      const [remote, local] = await Promise.all([remotely(given), huiying(given, { data: copy })])
      expect(remote, given.join(' ')).toEqual(local)
      expect(remote.code).toBe(0)
    }
    expect(await remotely(['rebuild'])).toMatchObject({ code: 0, stdout: expect.stringContaining('已重建') as string })
  }, 60_000)
})

describe('how a server is found', () => {
  test('the file beside the stores is for their owner alone, and goes when the server goes', async () => {
    const path = join(data, 'server.json')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    const found = JSON.parse(await readFile(path, 'utf8')) as { address: string; token: string }
    expect(found).toEqual({ address: server.address, token: expect.stringMatching(/^[\w-]{43}$/) as string })
    const answered = await fetch(`${found.address}/api/cases`, { headers: { Authorization: `Bearer ${found.token}` } })
    expect(answered.status).toBe(200)
    expect((await fetch(`${found.address}/api/cases`)).status).toBe(401)
    await server.stop()
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' })
    server = await startServer()
    const next = JSON.parse(await readFile(path, 'utf8')) as { token: string }
    expect(next.token).not.toBe(found.token)
  }, 30_000)

  test('one that a killed server left behind does no harm', async () => {
    await server.stop()
    const killed = await ServerProcess.start(data)
    await killed.stop('SIGKILL')
    expect((await stat(join(data, 'server.json'))).isFile()).toBe(true)
    expect(await huiying(['cases'], { data })).toMatchObject({ code: 0 })
    server = await startServer()
    expect(await huiying(['cases'], { data })).toMatchObject({ code: 0 })
  }, 30_000)

  test('where it names nobody, somebody else, or nothing, who holds the stores is said as ever: exit code 4', async () => {
    const path = join(data, 'server.json')
    const right = await readFile(path, 'utf8')
    const { address } = JSON.parse(right) as { address: string }
    const wrong = [
      '{"address":"http://127.0.0.1:1","token":"x"}',
      JSON.stringify({ address, token: 'wrong' }),
      '{"address":"http://192.0.2.1:80","token":"x"}',
      '{',
    ]
    for (const text of wrong) {
      await writeFile(path, text)
      const { code, stderr } = await huiying(['cases', '--json'], { data })
      expect(code, text).toBe(4)
      expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'STORE_IN_USE' } })
    }
    await writeFile(path, right)
  }, 30_000)
})
