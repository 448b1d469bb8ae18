import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { OtlpStub } from '../../libs/observability/test/otlp-stub.ts'
import { ServerProcess } from '../support/server.ts'

let folder: string
let collector: OtlpStub
let server: ServerProcess
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huiying-'))
  collector = await OtlpStub.open()
  server = await ServerProcess.start(join(folder, 'data'), {
    arguments: ['--development'],
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.address,
      OTEL_SERVICE_NAME: 'huiying-county',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
      OTEL_BSP_SCHEDULE_DELAY: '20',
    },
  })
}, 30_000)
afterAll(async () => {
  if (server.process.exitCode === null) await server.stop()
  await collector.close()
  await rm(folder, { recursive: true })
})

async function openCase(key: string): Promise<Response> {
  const payload = {
    channelId: 'phone',
    externalId: key,
    origin: 'live',
    content: {
      kind: 'message',
      receivedAt: new Date(Date.now() - 60_000).toISOString(),
      title: '路灯不亮',
      content: '人民路的路灯不亮。',
      author: { name: null, contact: null },
      wish: 'public',
      place: null,
      address: null,
      attachments: [],
      workOrder: null,
      sourceDepartment: null,
      sourceType: null,
    },
    reach: null,
    arrival: { kind: 'webhook', delivery: null },
  }
  return await fetch(`${server.address}/api/items/receive-item`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Huiying-Actor': 'g;office;channel', 'Idempotency-Key': key },
    body: JSON.stringify(payload),
  })
}

test('a process sends one trace from the command to the read model, both of its threads theirs', async () => {
  const answer = await openCase('one')
  expect([answer.status, await answer.text()]).toMatchObject([200, expect.anything()])
  const projected = await collector.until('project casework')
  expect(projected.traceId).toMatch(/^[0-9a-f]{32}$/)
  expect(await server.stop()).toEqual({ code: 0, signal: null })

  const command = collector.spans.find(({ name }) => name === 'command ReceiveItem')!
  const ofTrace = collector.spans.filter(({ traceId }) => traceId === command.traceId)
  const names = ofTrace.map(({ name }) => name)
  for (const name of [
    'append',
    'event ItemReceived',
    'policy open-case',
    'command OpenCase',
    'event CaseOpened',
    'project casework',
  ]) {
    expect(names).toContain(name)
  }
  const opened = ofTrace.find(({ name }) => name === 'event CaseOpened')!
  const shown = ofTrace.filter(({ name }) => name === 'project casework')
  expect(shown.map(({ parentSpanId }) => parentSpanId)).toContain(opened.spanId)
  expect(collector.resource).toMatchObject({
    'service.name': 'huiying-county',
    'deployment.environment.name': 'test',
  })
  const told = JSON.stringify(collector.requests)
  for (const said of ['路灯不亮', '人民路']) expect(told).not.toContain(said)
}, 30_000)
