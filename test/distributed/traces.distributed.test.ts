import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '#domain'
import { Closing } from '#processes'
import { OtlpStub } from '../../libs/observability/test/otlp-stub.ts'
import type { SentSpan } from '../../libs/observability/test/otlp-stub.ts'
import { complaint, staff } from '../support/county.ts'
import { DistributedStores } from '../support/distributed-county.ts'
import { pathOf } from '../support/http.ts'
import { servers } from '../support/servers.ts'

const { kafka, mongodb } = servers
const STARTING_MS_MAX = 120_000
const THEIRS = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' }

describe.skipIf(kafka === null || mongodb === null)('traces of a county in many processes', () => {
  const prefix = `huiying-test-${randomBytes(6).toString('hex')}`
  const topics = { inbound: `${prefix}.inbound`, dead: `${prefix}.inbound.dead`, events: `${prefix}.events` }
  const closing = new Closing()
  const broker = new Kafka({ brokers: kafka?.split(',') ?? [''], logLevel: logLevel.NOTHING })
  let collector: OtlpStub
  let gateway: string

  beforeAll(async () => {
    const stores = closing.add(await DistributedStores.make(), (open) => open.close())
    collector = closing.add(await OtlpStub.open(), (open) => open.close())
    await makeTopics()
    const { addresses, folder } = stores
    const environment = {
      HUIYING_EVENTS: addresses.events,
      HUIYING_VIEWS: addresses.views,
      HUIYING_MESSAGING: addresses.messaging!,
      HUIYING_BLOBS: addresses.blobs,
      HUIYING_KEYS: addresses.keys,
      HUIYING_MASTER_KEY: addresses.masterKey.fromEnvironment!,
      HUIYING_LEASE_SECONDS: '3',
      HUIYING_TOPIC_PREFIX: prefix,
      HUIYING_TOPIC_PARTITIONS: '1',
      HUIYING_SOURCE: 'urn:huiying:qingshan',
      HUIYING_OPERATIONS_PORT: '0',
      HUIYING_PORT: '0',
      HUIYING_DATA: folder,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.address,
      OTEL_BSP_SCHEDULE_DELAY: '50',
    }
    // The first one makes the keys, which the others must find.
    gateway = await started('gateway', environment, ['--development'])
    await Promise.all(['projector', 'sentinel', 'relay', 'ingest'].map((name) => started(name, environment)))
  }, STARTING_MS_MAX)
  afterAll(() => closing.close(), STARTING_MS_MAX)

  test(
    'a message of the broker is one trace from the ingester to the read model, linked to what its sender names',
    async () => {
      await publish({
        key: 'lamp-1',
        value: JSON.stringify({
          externalId: 'lamp-1',
          title: '路灯不亮',
          content: '滨河路小区门口的路灯坏了半个月。',
          receivedAt: new Date(Date.now() - 60_000).toISOString(),
        }),
        headers: {
          channel: 'governor-suggestions',
          'message-id': 'lamp-1',
          traceparent: `00-${THEIRS.traceId}-${THEIRS.spanId}-01`,
        },
      })
      const received = await collector.until('command ReceiveItem')
      const batch = await collector.until(`process ${topics.inbound}`)
      expect(linksOf(batch)).toContainEqual(THEIRS)
      expect(linksOf(received)).toContainEqual(idsOf(batch))
      expect([received.service, batch.service]).toEqual(['huiying-ingest', 'huiying-ingest'])

      const opened = await collector.until('event CaseOpened')
      const shown = await collector.until('project casework', ({ parentSpanId }) => parentSpanId === opened.spanId)
      expect(shown.service).toBe('huiying-projector')
      const followed = await collector.until('policy open-case', ({ service }) => service === 'huiying-sentinel')
      expect([opened.traceId, shown.traceId, followed.traceId]).toEqual(Array(3).fill(received.traceId))
    },
    STARTING_MS_MAX,
  )

  test(
    'a command over HTTP is one trace as far as the broker, whose message names the event’s span',
    async () => {
      const heard = await listening()
      const opened = await collector.until('event CaseOpened')
      const id = await caseShown()
      expect(opened.traceId).toBeDefined()
      await give('TriageCase', id, complaint, staff.monitor)
      const command = await collector.until('command TriageCase')
      const request = await collector.until('POST TriageCase')
      expect([command.service, request.service]).toEqual(['huiying-gateway', 'huiying-gateway'])
      expect(linksOf(command)).toContainEqual(idsOf(request))
      expect(linksOf(request)).toContainEqual(idsOf(command))

      const triaged = await collector.until('event CaseTriaged')
      const told = await collector.until('relay', ({ parentSpanId }) => parentSpanId === triaged.spanId)
      expect([triaged.traceId, told.traceId]).toEqual([command.traceId, command.traceId])
      expect(told.service).toBe('huiying-relay')
      const traceparent = `00-${triaged.traceId}-${triaged.spanId}-01`
      await heard.until(traceparent)
      await heard.stop()
    },
    STARTING_MS_MAX,
  )

  /** Starts a process; resolves with where it listens. It is stopped when all is closed. */
  async function started(name: string, environment: Record<string, string>, given: string[] = []): Promise<string> {
    const child = spawn(process.execPath, [`dist/apps/${name}/src/main.js`, ...given], {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
    closing.add(child, async () => {
      child.kill('SIGTERM')
      await ended
    })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
    return await new Promise<string>((resolve, reject) => {
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text
        const address = /"message":"serving","address":"([^"]+)"/.exec(said)?.[1]
        if (address !== undefined) resolve(address)
      })
      void ended.then(() => reject(new Error(`${name} ended: ${said}`)))
    })
  }

  async function give(command: string, target: string, payload: unknown, as: Actor): Promise<void> {
    if ('policy' in as) throw new Error('policies ask nothing over HTTP')
    const answer = await fetch(`${gateway}${pathOf(command, target)}`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'Idempotency-Key': randomBytes(8).toString('hex'),
        'Huiying-Actor': `${as.person};${as.department};${as.role}`,
      },
      body: JSON.stringify(payload),
    })
    expect([answer.status, await answer.text()]).toEqual([200, expect.anything()])
  }

  /** The case that the read model shows; the trace of the projector has said that it does. */
  async function caseShown(): Promise<string> {
    const { person, department, role } = staff.monitor as { person: string; department: string; role: string }
    const answer = await fetch(`${gateway}/api/cases`, {
      headers: { 'Huiying-Actor': `${person};${department};${role}` },
    })
    const { documents } = (await answer.json()) as { documents: { id: string }[] }
    return documents[0]!.id
  }

  async function publish(message: { key: string; value: string; headers: Record<string, string> }): Promise<void> {
    const producer = broker.producer()
    await producer.connect()
    await producer.send({ topic: topics.inbound, acks: -1, messages: [message] })
    await producer.disconnect()
  }

  async function listening() {
    const consumer = broker.consumer({ groupId: `${prefix}-listener` })
    await consumer.connect()
    await consumer.subscribe({ topic: topics.events, fromBeginning: true })
    const heard = new Set<string>()
    let wake = () => {}
    await consumer.run({
      eachMessage: ({ message }) => {
        heard.add(String(message.headers?.['traceparent']))
        wake()
        return Promise.resolve()
      },
    })
    return {
      until: async (traceparent: string) => {
        while (!heard.has(traceparent)) await new Promise<void>((resolve) => (wake = resolve))
      },
      stop: () => consumer.disconnect(),
    }
  }

  /** Beforehand, so that whoever listens need not wait for whoever tells. */
  async function makeTopics(): Promise<void> {
    const admin = closing.add(broker.admin(), async (open) => {
      await open.deleteTopics({ topics: Object.values(topics) })
      await open.disconnect()
    })
    await admin.connect()
    await admin.createTopics({ topics: Object.values(topics).map((topic) => ({ topic, numPartitions: 1 })) })
  }
})

function idsOf({ traceId, spanId }: SentSpan) {
  return { traceId, spanId }
}

function linksOf({ links = [] }: SentSpan) {
  return links.map(({ traceId, spanId }) => ({ traceId, spanId }))
}
