import 'reflect-metadata'
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { CHANNEL_HEADER, MESSAGE_ID_HEADER, projections, RELAY } from '#application'
import type { OutgoingMessage } from '#messaging'
import { openReadStore } from '#read-store'
import type { ReadStore } from '#read-store'
import { MongoClient } from 'mongodb'
import { inventedMessages } from '../../apps/cli/src/demo/invented-county.ts'
import { Installation } from '../support/processes-installation.ts'
import { servers } from '../support/servers.ts'
import { until } from '../support/until.ts'
import { CHANNEL } from './intake.ts'
import { say } from './measure.ts'
import { figure, readable, rounded } from './row.ts'
import type { BenchRow } from './row.ts'

/**
 * npm run bench:distributed [-- --json FILE] [--messages N]: intake, projection and relay of the distributed profile, as
 * processes on the servers that KAFKA_BROKERS and MONGODB_URL name, with one process and with two, in one run. Figures
 * without a target: what stands in for a server says nothing of that server's speed.
 */
const PUBLISH_AT_ONCE = 500
const SEED = 1
/** However slow the machine: that it comes to an end is not what is measured. */
const PATIENCE_MS = 3_600_000

const { values } = parseArgs({
  options: { json: { type: 'string' }, messages: { type: 'string', default: '20000' } },
})
const messages = Number(values.messages)
if (!Number.isInteger(messages) || messages < 100) throw new Error('--messages takes a whole number from 100')
if (servers.kafka === null || servers.mongodb === null) {
  throw new Error('KAFKA_BROKERS and MONGODB_URL must name servers: eval "$(../shared/servers/up kafka mongo)"')
}

const rows: BenchRow[] = []
const readServer = await readServerName(servers.mongodb)
let standing: Record<string, string> = {}
for (const count of [1, 2]) {
  const installation = await Installation.open({ direct: true })
  standing = { eventStore: installation.eventStore, broker: `Kafka at ${servers.kafka}`, readStore: readServer }
  try {
    rows.push(await intakeRow(installation, count))
    if (count < 2) continue
    // What the second intake has left is projected and told.
    for (const projectors of [1, 2]) rows.push(await projectionRow(installation, projectors))
    rows.push(await relayRow(installation))
  } finally {
    await installation.close()
  }
}
say('done')
if (values.json) await writeFile(values.json, `${JSON.stringify(rows, null, 2)}\n`)
process.stdout.write(`${readable(rows)}\n`)

/** From the first message's publishing to the last one's item being in the event store. */
async function intakeRow(installation: Installation, ingesters: number): Promise<BenchRow> {
  const processes = await Promise.all(Array.from({ length: ingesters }, () => installation.start('ingest')))
  const { inbound, deadLetters } = installation.topics
  await installation.messaging.ensureTopics([inbound, deadLetters])
  await Promise.all(processes.map((one) => one.ready()))
  const { store } = await installation.stores()
  const counted = new Map<string, number>()
  const watching = new AbortController()
  const wanted = Promise.withResolvers<void>()
  const watch = (async () => {
    for await (const message of store.subscribeStored('start', { signal: watching.signal })) {
      if (message.kind !== 'events') continue
      for (const { type } of message.events) counted.set(type, (counted.get(type) ?? 0) + 1)
      if ((counted.get('ItemReceived') ?? 0) >= messages) wanted.resolve()
    }
  })()
  watch.catch(wanted.reject)
  say(`intake through Kafka, ${ingesters} of ingest`)
  const start = performance.now()
  let batch: OutgoingMessage[] = []
  for (const invented of inventedMessages(messages, SEED)) {
    batch.push(inboundOf(invented))
    if (batch.length === PUBLISH_AT_ONCE) await installation.messaging.publish(inbound.name, batch.splice(0))
  }
  if (batch.length > 0) await installation.messaging.publish(inbound.name, batch)
  const publishedMs = performance.now() - start
  await wanted.promise
  const takenMs = performance.now() - start
  await until('every message has its case', () => (counted.get('CaseOpened') ?? 0) >= messages, PATIENCE_MS)
  const openedMs = performance.now() - start
  const memory = await Promise.all(processes.map((one) => one.measured('process_resident_memory_bytes')))
  watching.abort()
  await watch
  await installation.stop()
  return figure({
    name: `intake through Kafka, ${ingesters} of ingest`,
    value: (messages * 1_000) / takenMs,
    unit: 'messages a second',
    details: {
      ...standing,
      messages,
      publishedMs: rounded(publishedMs),
      takenMs: rounded(takenMs),
      casesOpenedMs: rounded(openedMs),
      rssMib: memory.map((bytes) => Math.round((bytes ?? 0) / 2 ** 20)).join(', '),
      partitions: inbound.partitions,
    },
  })
}

/** Every read model, by so many projectors, from an empty read store until all have caught up. */
async function projectionRow(installation: Installation, projectors: number): Promise<BenchRow> {
  const views = installation.anotherReadStore()
  const { store } = await installation.stores()
  const head = await store.head()
  let events = 0
  for await (const page of store.readStored('start')) events += page.length
  say(`projection, ${projectors} of projector, ${events} events`)
  const environment = { HUIYING_VIEWS: views }
  await Promise.all(Array.from({ length: projectors }, () => installation.start('projector', environment)))
  const start = performance.now()
  const reading = await openReadStore(views)
  const ms: Record<string, number> = {}
  try {
    await Promise.all(
      projections.map(async ({ name }) => {
        await reached(reading, name, head)
        ms[`${name}Ms`] = rounded(performance.now() - start)
      }),
    )
  } finally {
    await reading.close()
  }
  const tookMs = performance.now() - start
  await installation.stop()
  return figure({
    name: `projection, ${projectors} of projector`,
    value: (events * 1_000) / tookMs,
    unit: 'events a second',
    details: { ...standing, events, tookMs: rounded(tookMs), ...ms },
  })
}

/** Everything that other systems are told, from an empty topic until the relay has come to the end of the store. */
async function relayRow(installation: Installation): Promise<BenchRow> {
  const { store, views } = await installation.stores()
  const head = await store.head()
  let events = 0
  for await (const page of store.readStored('start')) events += page.length
  say(`relay, ${events} events`)
  const relay = await installation.start('relay')
  const start = performance.now()
  await reached(views, RELAY, head)
  const tookMs = performance.now() - start
  const told = await relay.measured('huiying_messages_total', { topic: installation.topics.events.name })
  await installation.stop()
  return figure({
    name: 'relay, one leads',
    value: (events * 1_000) / tookMs,
    unit: 'events a second',
    details: { ...standing, events, told: told ?? 0, tookMs: rounded(tookMs) },
  })
}

async function reached(views: Pick<ReadStore, 'progress'>, name: string, head: string): Promise<void> {
  await until(
    `${name} has caught up`,
    async () => {
      const { position } = await views.progress(name)
      return position !== 'start' && position >= head
    },
    PATIENCE_MS,
  )
}

/** As a platform would send it. */
function inboundOf({
  id,
  user,
  subject,
  time,
  body,
}: ReturnType<typeof inventedMessages> extends Iterable<infer One> ? One : never): OutgoingMessage {
  const item = {
    externalId: id,
    title: subject,
    content: body,
    receivedAt: time,
    author: { name: user, contact: null },
  }
  return {
    key: id,
    headers: { [CHANNEL_HEADER]: CHANNEL, [MESSAGE_ID_HEADER]: id },
    value: Buffer.from(JSON.stringify(item)),
  }
}

/** What answers at the address of MongoDB, as it says itself. */
async function readServerName(address: string): Promise<string> {
  const client = await MongoClient.connect(address)
  try {
    const built = await client.db().admin().command({ buildInfo: 1 })
    return 'ferretdbVersion' in built ? 'FerretDB, standing in for MongoDB' : `MongoDB ${String(built['version'])}`
  } finally {
    await client.close()
  }
}
