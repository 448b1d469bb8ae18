import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { get } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { ListCases } from '#application'
import { S3 } from '@aws-sdk/client-s3'
import { Kafka, logLevel } from 'kafkajs'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RemoteHuiying } from '../../apps/cli/src/remote/remote-huiying.ts'
import { millisecondsOf, readComposeFile, servicesOfOurs } from '../deployment/compose-file.ts'
import type { ComposeFile } from '../deployment/compose-file.ts'
import { fillImageFolder, filesIn, imageEnvironment, nodeFolder } from '../deployment/image-folder.ts'
import { LocalHost, ownName } from '../deployment/local-host.ts'
import { ServiceProcess } from '../deployment/service-process.ts'
import { complaint, departments, staff } from '../support/county.ts'
import { viewsAddress } from '../support/distributed-county.ts'
import { servers } from '../support/servers.ts'

const { kafka, mongodb, s3 } = servers
/** Seven processes at once, on a machine that has other things to do: how long is not what is tried here. */
const PREPARING_MS_MAX = 300_000
const STARTING_MS_MAX = 300_000
const LIVING_MS_MAX = 180_000

describe.skipIf(kafka === null || mongodb === null || s3 === null)('docker-compose.yml, on this machine', () => {
  const name = ownName()
  const topics = { inbound: `${name}.inbound`, events: `${name}.events` }
  let folder: string
  let image: string
  let imageFiles: Set<string>
  let compose: ComposeFile
  let events: { address: string; stop: () => Promise<void> }
  const processes = new Map<string, ServiceProcess>()
  const broker = new Kafka({ brokers: kafka?.split(',') ?? [''], logLevel: logLevel.NOTHING })
  const files = new S3({
    endpoint: s3?.url ?? '',
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: s3?.accessKeyId ?? '', secretAccessKey: s3?.secretAccessKey ?? '' },
  })

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'huiying-compose-'))
    image = join(folder, 'app')
    await mkdir(image)
    await fillImageFolder(image)
    imageFiles = await filesIn(image)
    await files.createBucket({ Bucket: name })
    events = await startEvents()
    compose = await readComposeFile({
      HUIYING_HOST_NAMES: 'huiying.county.example',
      HUIYING_SOURCE: 'urn:huiying:qingshan',
      HUIYING_MASTER_KEY_FILE: './master.key',
      VIEWS_PASSWORD: randomBytes(24).toString('hex'),
      S3_SECRET_ACCESS_KEY: s3!.secretAccessKey,
      HUIYING_TOPIC_PREFIX: name,
      HUIYING_TOPIC_PARTITIONS: '2',
    })
    const host = new LocalHost(folder, {
      events: events.address,
      broker: kafka!,
      views: viewsAddress(name),
      files: s3!.url,
      bucket: name,
      accessKeyId: s3!.accessKeyId,
    })
    const environment = {
      ...(await imageEnvironment()),
      PATH: `${nodeFolder}:/usr/bin:/bin`,
      HOME: '/nonexistent',
    }
    for (const [each, service] of servicesOfOurs(compose)) {
      const local = await host.localise(service)
      await writeFile(host.masterKey, `${randomBytes(32).toString('hex')}\n`, { flag: 'wx' }).catch(() => {}) // for all
      processes.set(each, new ServiceProcess(each, local, { image, environment }))
    }
  }, PREPARING_MS_MAX)

  afterAll(async () => {
    for (const process of processes.values()) if (process.isRunning) await process.stop('SIGKILL')
    // Each for itself: what one server does not do must not leave the rest behind.
    const over = await Promise.allSettled([
      events.stop(),
      dropViews(),
      emptyBucket(),
      dropTopics(),
      rm(folder, { recursive: true, force: true }),
    ])
    expect(over.filter(({ status }) => status === 'rejected')).toEqual([])
  }, PREPARING_MS_MAX)

  test(
    'every service, started at once with its own command and environment, becomes healthy by its own health check',
    async () => {
      await Promise.all(
        servicesOfOurs(compose).map(([each, { healthcheck }]) =>
          processes.get(each)!.healthy({
            intervalMs: millisecondsOf(healthcheck.start_interval),
            timeoutMs: millisecondsOf(healthcheck.timeout),
            withinMs: STARTING_MS_MAX,
          }),
        ),
      )
      for (const process of processes.values()) await ready(process)
    },
    LIVING_MS_MAX,
  )

  test('a gateway answers under the names that it was given and under no other', async () => {
    const { service } = processes.get('gateway')!
    const statusAs = async (host: string) => {
      const [answer] = (await once(get({ port: service.port, path: '/healthz', headers: { host } }), 'response')) as [
        IncomingMessage,
      ]
      answer.resume()
      return answer.statusCode
    }
    expect(await statusAs('huiying.county.example')).toBe(200)
    expect(await statusAs('gateway:3000')).toBe(200)
    expect(await statusAs('elsewhere.example')).toBeGreaterThanOrEqual(400)
  })

  test(
    'a message on the broker becomes a case that every gateway lists, and what others may hear of it appears on the broker',
    async () => {
      const [first, second] = await Promise.all(['gateway', 'gateway-2'].map((each) => asked(each)))
      for (const [id, departmentName] of Object.entries(departments)) {
        const payload = { department: { id, name: departmentName, active: true }, reason: null }
        await given(first!, 'DefineDepartment', null, payload, staff.administrator)
      }
      const told = await listening(topics.events)
      await publish(topics.inbound, {
        key: 'lamp-1',
        value: JSON.stringify({
          externalId: 'lamp-1',
          title: '路灯不亮',
          content: '滨河路小区门口的路灯坏了半个月。',
          receivedAt: new Date(Date.now() - 60_000).toISOString(),
        }),
        headers: { channel: 'governor-suggestions', 'message-id': 'lamp-1' },
      })
      const found = await listed(first!)
      expect(found).toMatchObject({ title: '路灯不亮' })
      await given(first!, 'TriageCase', found.id, complaint, staff.monitor)
      expect(await listed(second!, '路灯')).toMatchObject({ id: found.id })
      const event = await told.next()
      expect(event).toMatchObject({ key: found.id, value: { specversion: '1.0', partitionkey: found.id } })
      await told.stop()
    },
    LIVING_MS_MAX,
  )

  test(
    'told to stop, every service ends by itself, in time and without a complaint',
    async () => {
      const services = servicesOfOurs(compose)
      await Promise.all(
        services.map(async ([each, { stop_grace_period: grace }]) => {
          const process = processes.get(each)!
          const beganAt = performance.now()
          expect(await process.stop(), `${each}: ${process.stderr}`).toEqual({ code: 0, signal: null })
          expect(performance.now() - beganAt).toBeLessThan(millisecondsOf(grace))
          expect(process.stderr).not.toMatch(/^huiying: /m)
        }),
      )
    },
    LIVING_MS_MAX,
  )

  test('nothing was written into the image, and nothing stays in the folder for what is temporary', async () => {
    expect(await filesIn(image)).toEqual(imageFiles)
    expect(await readdir(join(folder, 'tmp'))).toEqual([])
  })

  /** The event store that the environment names, or a stand-in as a process of its own. */
  async function startEvents(): Promise<typeof events> {
    if (servers.kurrentdb !== null) {
      return { address: new URL(servers.kurrentdb).host, stop: () => Promise.resolve() }
    }
    const main = 'test/stand-ins/kurrentdb/main.ts'
    const standIn: ChildProcess = spawn(process.execPath, ['--conditions=source', main], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [url] = (await once(createInterface(standIn.stdout!), 'line')) as [string]
    return {
      address: new URL(url).host,
      stop: async () => {
        const ended = once(standIn, 'exit')
        standIn.kill()
        await ended
      },
    }
  }

  async function asked(each: string): Promise<RemoteHuiying> {
    return (await RemoteHuiying.connect(processes.get(each)!.service.data!))!
  }

  async function given(
    huiying: RemoteHuiying,
    command: string,
    target: string | null,
    payload: unknown,
    actor: object,
  ) {
    const request = { command, target, payload, actor, idempotencyKey: null, occurredAt: null }
    const outcome = await huiying.command(request as never)
    expect(outcome, `${command}: ${JSON.stringify(outcome)}`).toMatchObject({ outcome: 'accepted' })
  }

  /** The first case of a list, as soon as there is one. */
  async function listed(huiying: RemoteHuiying, search: string | null = null) {
    const page = () =>
      huiying.query(new ListCases({ asker: 'operator', search, state: null, department: null, limit: 1, cursor: null }))
    const { documents } = await until(page, ({ documents }) => documents.length > 0)
    return documents[0]!
  }

  async function ready(process: ServiceProcess): Promise<void> {
    const ask = async () => {
      const answer = await process.get('/readyz')
      return { status: answer.status, body: await answer.text() }
    }
    await until(ask, ({ status }) => status === 200 || !process.isRunning)
    expect(process.isRunning, process.stderr).toBe(true)
  }

  /** Another process tells nothing by itself: it is asked again, until the test's own time is up. */
  async function until<Answer>(ask: () => Promise<Answer>, isEnough: (answer: Answer) => boolean): Promise<Answer> {
    for (;;) {
      const answer = await ask()
      if (isEnough(answer)) return answer
      await setTimeout(100)
    }
  }

  async function publish(topic: string, message: { key: string; value: string; headers: Record<string, string> }) {
    const producer = broker.producer()
    await producer.connect()
    await producer.send({ topic, acks: -1, messages: [message] })
    await producer.disconnect()
  }

  async function listening(topic: string) {
    const consumer = broker.consumer({ groupId: `${name}-listener` })
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    const heard = Promise.withResolvers<{ key: string; value: object }>()
    await consumer.run({
      eachMessage: ({ message }) => {
        heard.resolve({ key: String(message.key), value: JSON.parse(String(message.value)) as object })
        return Promise.resolve()
      },
    })
    return { next: () => heard.promise, stop: () => consumer.disconnect() }
  }

  async function dropViews(): Promise<void> {
    const client = await MongoClient.connect(viewsAddress(name), { socketTimeoutMS: 30_000 })
    await client.db().dropDatabase()
    await client.close()
  }

  async function emptyBucket(): Promise<void> {
    const { Contents: objects = [] } = await files.listObjectsV2({ Bucket: name })
    for (const { Key } of objects) await files.deleteObject({ Bucket: name, Key: Key! })
    await files.deleteBucket({ Bucket: name })
  }

  async function dropTopics(): Promise<void> {
    const admin = broker.admin()
    await admin.connect()
    const ours = (await admin.listTopics()).filter((topic) => topic.startsWith(name))
    if (ours.length > 0) await admin.deleteTopics({ topics: ours })
    await admin.disconnect()
  }
})
