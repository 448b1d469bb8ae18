import { afterAll, beforeAll, expect, test } from 'vitest'
import { answer, staff } from '../support/county.ts'
import { HttpCounty } from '../support/http.ts'
import { readWorkbook } from '../support/read-workbook.ts'
import { Scenes } from './scenarios.ts'

let http: HttpCounty
beforeAll(async () => {
  http = await HttpCounty.open()
  const scenes = new Scenes(http)
  await scenes.published(answer('已列入计划，确保年底前完成。', '确保年底前完成'))
  await scenes.signed()
  await http.county.huiying.settled()
})
afterAll(() => http.close())

const period = 'from=2026-01-01&to=2026-12-31'
const ask = (report: string, query = period, as = staff.auditor) =>
  http.get<Record<string, unknown> & { rows: Record<string, unknown>[] }>(`/api/reports/${report}?${query}`, { as })

test.each(['ledger', 'replies', 'commitments'])('the report %s is one JSON document, of its period', async (report) => {
  const { status, headers, body } = await ask(report)
  expect(status).toBe(200)
  expect(headers.get('content-disposition')).toMatch(/^attachment; filename\*=UTF-8''%E.*2026-01-01_2026-12-31\.json$/)
  expect(body).toMatchObject({ report, from: '2026-01-01', to: '2026-12-31', count: body.rows.length })
  expect(body.rows.length).toBeGreaterThan(0)
  expect((await ask(report, 'from=2020-01-01&to=2020-12-31')).body['count']).toBeLessThan(body.rows.length)
})

test('a workbook and a CSV say the same', async () => {
  const { rows } = (await ask('ledger')).body
  const response = await fetch(`${http.serving.address}/api/reports/ledger?${period}&format=xlsx`, {
    headers: http.headersOf(staff.auditor),
  })
  expect(response.headers.get('content-type')).toContain('spreadsheetml')
  const [sheet] = await readWorkbook(Buffer.from(await response.arrayBuffer()))
  const csv = (await ask('ledger', `${period}&format=csv`)).body as unknown as string
  for (const { number } of rows) {
    expect(sheet!.rows.flatMap((row) => Object.values(row))).toContain(number)
    expect(csv).toContain(String(number))
  }
})

test('who asks finds what they may see; a department nothing of another one', async () => {
  expect((await ask('ledger', period, staff.transportOfficer)).body.rows.length).toBe(2)
  expect((await ask('ledger', period, staff.housingOfficer)).body.rows).toEqual([])
  expect((await ask('ledger', period, staff.administrator)).status).toBe(403)
})

test('days the wrong way round, days that are none, an unknown channel: each says what is wrong', async () => {
  expect(await ask('ledger', 'from=2026-02-01&to=2026-01-01')).toMatchObject({
    status: 400,
    body: { code: 'PARAMETERS_INVALID', errors: [{ field: 'from' }] },
  })
  expect(await ask('ledger', 'from=2026-02-30&to=2026-03-01')).toMatchObject({
    status: 400,
    body: { code: 'PARAMETERS_INVALID', errors: [{ field: 'from' }] },
  })
  expect(await ask('ledger', `${period}&channel=nowhere`)).toMatchObject({ body: { code: 'UNKNOWN_CHANNEL' } })
})
