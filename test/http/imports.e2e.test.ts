import { existsSync, readdirSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ImportReport } from '#application'
import type { Actor } from '#domain'
import { defaultLimits } from '../../apps/gateway/src/http/limits.ts'
import { staff } from '../support/county.ts'
import { jsonLines, row } from '../support/files.ts'
import { HttpCounty } from '../support/http.ts'
import type { Answered } from '../support/http.ts'
import { LiveClient } from '../support/live.ts'
import { problemIn, RawConnection } from '../support/raw-http.ts'

interface Import {
  run: string
  state: 'waiting' | 'running' | 'finished' | 'refused' | 'interrupted'
  counts: Record<string, number> | null
  refusals: { row: number; code: string; message: string }[] | null
  columns: { used: { field: string; column: string }[] } | null
  problem: { code: string; message: string } | null
  progress: { bytesRead: number; bytesTotal: number } | null
  fileName: string
  token: string | null
}

let http: HttpCounty
beforeAll(async () => {
  const limits = { ...defaultLimits, uploadBytesMax: 100_000, importsWaitingMax: 2, uploadSilenceMsMax: 300 }
  http = await HttpCounty.open({ limits })
})
afterAll(() => http.close())

const uploads = () => readdirSync(join(http.county.folder, 'uploads'))

function upload(
  content: string | Uint8Array<ArrayBuffer>,
  query: Record<string, string> = {},
  as: Actor | 'operator' = staff.monitor,
): Promise<Answered<Import>> {
  const parameters = new URLSearchParams({ channel: 'leaders-mailbox', fileName: 'messages.jsonl', ...query })
  const headers = { 'Content-Type': 'application/octet-stream' }
  return http.send<Import>('POST', `/api/imports?${parameters.toString()}`, content, { as, headers })
}

async function over(run: string): Promise<Import> {
  let found: Import
  do found = (await http.get<Import>(`/api/imports/${run}`, { as: staff.monitor })).body
  while (found.state === 'waiting' || found.state === 'running')
  return found
}

const rows = [
  row('1'),
  row('2', { time: '三月' }),
  row('3', { reply: '已修好。', reply_time: '2026-03-02T11:00:00+08:00' }),
]

test('a file is taken at once and imported, row by row; how far it is, is told, and live', async () => {
  const live = await LiveClient.open(http, staff.auditor)
  http.county.clock.moveTo('2026-03-05 09:00')
  const accepted = await upload(jsonLines(rows))
  expect(accepted).toMatchObject({
    status: 202,
    body: { channel: 'leaders-mailbox', dryRun: false, fileName: 'messages.jsonl' },
  })
  expect(accepted.headers.get('location')).toBe(`/api/imports/${accepted.body.run}`)
  const done = await over(accepted.body.run)
  expect(done).toMatchObject({
    state: 'finished',
    counts: { rows: 3, taken: 2, unchanged: 0, revised: 0, refused: 1 },
    refusals: [{ row: 2, code: 'TIME_INVALID' }],
    problem: null,
  })
  expect(done.columns!.used).toContainEqual({ column: 'time', field: 'receivedAt' })
  expect(uploads()).toEqual([])

  const page = await http.get<{ total: number }>('/api/cases', { as: staff.monitor, token: done.token! })
  expect(page.body.total).toBe(2)
  await http.county.huiying.settled()
  const { head } = await http.county.extent()
  await live.until(() => live.lastId! >= head)
  const told = live.events.filter(({ kind }) => kind === 'import').map(({ id, type }) => [id, type])
  expect(told).toEqual(['ImportStarted', 'RowsRefused', 'ImportFinished'].map((type) => [done.run, type]))
  await live.close()

  const again = await over((await upload(jsonLines(rows))).body.run)
  expect(again.counts).toEqual({ rows: 3, taken: 0, unchanged: 2, revised: 0, refused: 1 })
})

test('a dry run says what would happen, and nothing does', async () => {
  const before = (await http.county.extent()).events
  const { body } = await upload(jsonLines([row('dry-1'), row('')]), { dryRun: 'true' })
  const done = await over(body.run)
  expect(done).toMatchObject({ state: 'finished', dryRun: true, counts: { rows: 2, taken: 1, refused: 1 } })
  expect((await http.county.extent()).events).toBe(before)
})

test('columns may be named', async () => {
  const csv = '编号,何时,说了什么\nn-1,2026-03-02,路灯不亮\n'
  const columns = JSON.stringify({ externalId: '编号', receivedAt: '何时', content: '说了什么' })
  const done = await over((await upload(csv, { fileName: '台账.csv', columns })).body.run)
  expect(done).toMatchObject({ state: 'finished', fileName: '台账.csv', counts: { taken: 1 } })
  const broken = await upload(csv, { columns: '{' })
  expect(broken).toMatchObject({ status: 400, body: { code: 'PARAMETERS_INVALID', errors: [{ field: 'columns' }] } })
})

test('a file that cannot be read as a whole is refused, and its run says why', async () => {
  const pdf = await over((await upload('%PDF-1.7', { fileName: 'report.pdf' })).body.run)
  expect(pdf).toMatchObject({ state: 'refused', problem: { code: 'FORMAT_UNSUPPORTED' } })
  const listed = await http.get<{ documents: { id: string; problem: unknown }[] }>('/api/imports', {
    as: staff.monitor,
  })
  expect(listed.status).toBe(200)
  const empty = await over((await upload('', { fileName: 'empty.csv' })).body.run)
  expect(empty).toMatchObject({ state: 'refused', problem: { code: 'FILE_EMPTY' } })
})

test('an unknown channel, another role and a file that is too large are refused, and nothing is left of it', async () => {
  expect(await upload('', { channel: 'fax' })).toMatchObject({ status: 404, body: { code: 'UNKNOWN_CHANNEL' } })
  for (const as of [staff.transportOfficer, staff.administrator, staff.channel, staff.auditor]) {
    expect(await upload('', {}, as)).toMatchObject({ status: 403, body: { code: 'ROLE_NOT_ALLOWED' } })
  }
  expect(await upload('x'.repeat(100_001))).toMatchObject({ status: 413, body: { code: 'BODY_TOO_LARGE' } })
  const raw = new RawConnection(http.serving.address)
  const { host } = new URL(http.serving.address)
  raw.send(
    `POST /api/imports?channel=phone&fileName=a.csv HTTP/1.1\r\nHost: ${host}\r\nHuiying-Actor: monitor-1;office;monitor\r\n` +
      'Content-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n',
  )
  for (let sent = 0; sent < 4; sent += 1) raw.send(`8000\r\n${'x'.repeat(0x8000)}\r\n`)
  expect(problemIn(await raw.toTheEnd())).toEqual({ status: 413, code: 'BODY_TOO_LARGE' })
  await expect.poll(uploads).toEqual([])
})

test('a sender who goes away leaves nothing behind', async () => {
  const raw = new RawConnection(http.serving.address)
  const { host } = new URL(http.serving.address)
  raw.send(
    `POST /api/imports?channel=phone&fileName=a.csv HTTP/1.1\r\nHost: ${host}\r\nHuiying-Actor: monitor-1;office;monitor\r\n` +
      'Content-Type: text/csv\r\nContent-Length: 5000\r\n\r\nid,time\n',
  )
  await expect.poll(uploads).toHaveLength(1)
  raw.close()
  await expect.poll(uploads).toEqual([])
  expect(await over((await upload(jsonLines([row('after-1')]))).body.run)).toMatchObject({ state: 'finished' })
})

test('a sender who says nothing more is waited for no longer than is fair', async () => {
  const raw = new RawConnection(http.serving.address)
  const { host } = new URL(http.serving.address)
  raw.send(
    `POST /api/imports?channel=phone&fileName=a.csv HTTP/1.1\r\nHost: ${host}\r\nHuiying-Actor: monitor-1;office;monitor\r\n` +
      'Content-Type: text/csv\r\nContent-Length: 5000\r\n\r\nid,time\n',
  )
  expect(problemIn(await raw.toTheEnd())).toEqual({ status: 408, code: 'REQUEST_TIMEOUT' })
  await expect.poll(uploads).toEqual([])
})

test('one file at a time for each channel; others wait, so many and no more', async () => {
  const { application } = http.county.huiying
  const importFile = application.importFile.bind(application)
  const ends: (() => void)[] = []
  const running: string[] = []
  application.importFile = async (request) => {
    running.push(request.channelId)
    await new Promise<void>((resolve) => ends.push(resolve))
    return { run: request.run, rows: 0, refusals: [], columns: null, token: null } as unknown as ImportReport
  }
  try {
    const first = await upload('a')
    const second = await upload('b')
    const elsewhere = await upload('c', { channel: 'phone' })
    expect(running).toEqual(['leaders-mailbox', 'phone'])
    const states = async () =>
      Promise.all(
        [first, second, elsewhere].map(
          async ({ body }) => (await http.get<Import>(`/api/imports/${body.run}`, { as: staff.monitor })).body.state,
        ),
      )
    expect(await states()).toEqual(['running', 'waiting', 'running'])
    await upload('d')
    const refused = await upload('e')
    expect(refused).toMatchObject({ status: 429, body: { code: 'IMPORT_QUEUE_FULL' } })
    expect(refused.headers.get('retry-after')).toBe('30')
    ends.shift()!()
    await expect.poll(states).toEqual(['finished', 'running', 'running'])
    expect((await upload('e')).status).toBe(202)
  } finally {
    application.importFile = importFile
    while (uploads().length > 0) {
      ends.splice(0).forEach((end) => end())
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
})

test('what became of an import is known after a restart; one that the restart broke off says so', async () => {
  const finished = await over((await upload(jsonLines([row('kept-1')]))).body.run)
  const { id: broken } = await http.give(
    'StartImport',
    null,
    { channelId: 'phone', source: 'file', origin: 'live', fileName: 'a.csv', fileDigest: null, mapping: [] },
    staff.monitor,
  )
  const { folder } = http.county
  await http.serving.close()
  await http.county.huiying.close()
  const left = join(folder, 'uploads', 'left-behind.csv')
  await mkdir(join(folder, 'uploads'), { recursive: true })
  await writeFile(left, '张三,13800138000')

  const after = await HttpCounty.on(folder)
  try {
    expect(existsSync(left)).toBe(false)
    const known = await after.get<Import>(`/api/imports/${finished.run}`, { as: staff.auditor })
    expect(known.body).toMatchObject({ state: 'finished', counts: finished.counts, refusals: null })
    const told = await after.get<Import>(`/api/imports/${broken}`, { as: staff.auditor })
    expect(told.body).toMatchObject({ state: 'interrupted', finishedAt: null, counts: null })
    expect(await after.get('/api/imports/phone-none', { as: staff.auditor })).toMatchObject({ status: 404 })
  } finally {
    http = after
  }
})
