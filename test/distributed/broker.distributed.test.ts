import { randomUUID } from 'node:crypto'
import kafkajs from 'kafkajs'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { Relay } from '#application'
import type { DeadLetters, InboundIntake } from '#application'
import { openMessaging } from '#messaging'
import type { Messaging } from '#messaging'
import { InboundConsumer } from '../../apps/ingest/src/inbound-consumer.ts'
import { openSmallCounty, sent } from '../../libs/application/test/flow/small-county.ts'
import type { Sent, SmallCounty } from '../../libs/application/test/flow/small-county.ts'
import { servers } from '../support/servers.ts'

/** What the application makes of messages, on a broker that is one. */

const { Kafka, logLevel } = kafkajs
const brokers = servers.kafka
const prefix = `huiying-${randomUUID().slice(0, 8)}`
const topic = (name: string) => ({ name: `${prefix}.${name}`, partitions: 3, replicas: 1, retentionMs: 3_600_000 })
const topics = { inbound: topic('inbound'), deadLetters: topic('inbound.dead'), events: topic('events') }
/** Joining a group takes a broker some seconds. */
const PATIENCE = { timeout: 40_000, interval: 100 }

describe.skipIf(brokers === null)('on Kafka', () => {
  let county: SmallCounty
  let messaging: Messaging
  let consumer: InboundConsumer
  let intake: InboundIntake
  let deadLetters: DeadLetters

  beforeAll(async () => {
    county = await openSmallCounty()
    messaging = openMessaging(`kafka://${brokers}`)
    const parts = { messaging, keys: county.keys, deadLetterTopic: topics.deadLetters.name }
    ;({ intake, deadLetters } = county.application.inbound(parts))
    consumer = new InboundConsumer({ messaging, intake, topics, group: `${prefix}-ingest`, onFailure: () => {} })
    consumer.onApplicationBootstrap()
  })
  afterAll(async () => {
    await consumer.beforeApplicationShutdown()
    await messaging.close()
    await county.close()
    const admin = new Kafka({ brokers: brokers!.split(','), logLevel: logLevel.NOTHING }).admin()
    await admin.connect()
    await admin.deleteTopics({ topics: Object.values(topics).map(({ name }) => name) })
    await admin.disconnect()
  })

  const publish = async (...messages: Sent[]): Promise<void> => {
    await messaging.ensureTopics([topics.inbound])
    await messaging.publish(
      topics.inbound.name,
      messages.map(sent).map(({ key, value, headers }) => ({ key, value, headers })),
    )
  }
  const handled = () => vi.waitFor(async () => expect(await consumer.lag()).toBe(0), PATIENCE)

  test('messages five times are items once, and what cannot be taken is listed, mended and taken', async () => {
    const items = ['a', 'b', 'c', 'd'].flatMap((externalId) => [
      { externalId, title: '第一稿' },
      { externalId, title: '第二稿' },
    ])
    for (let time = 0; time < 5; time += 1) await publish(...items)
    await publish({ value: '{' }, { externalId: 'e', channel: 'later' })
    await handled()
    expect(intake.counts).toMatchObject({ refused: 2, poisoned: 0, failedBatches: 0 })
    const titles = (await county.events()).flatMap(({ type, data }) => (type.startsWith('Item') ? [data['title']] : []))
    expect(titles.filter((title) => title === '第一稿')).toHaveLength(4)
    expect(titles.filter((title) => title === '第二稿')).toHaveLength(4)

    expect(await deadLetters.list({ limit: 10 })).toMatchObject({ total: 2 })
    const model = county.application.settings.current.channels.get('governor-suggestions')!
    await county.administer('DefineChannel', { channel: { ...model, id: 'later', active: true }, reason: null })
    expect(await deadLetters.replay({ limit: 10 })).toMatchObject({ read: 2, taken: 1, refused: 1 })
    expect(await deadLetters.list({ limit: 10 })).toMatchObject({ total: 1, letters: [{ attempts: 2 }] })
  })

  test('what others may hear is told', async () => {
    await publish({
      externalId: 'post',
      channel: 'monitoring',
      value: JSON.stringify({ externalId: 'post', title: '帖' }),
    })
    await handled()
    const relay = new Relay({
      store: county.store,
      messaging,
      topic: topics.events,
      source: 'urn:huiying:test',
      checkpoints: { load: () => Promise.resolve('start'), save: () => Promise.resolve() },
      retry: { pauseMs: 1, pauseMsMax: 1, wait: () => Promise.resolve(), onFailure: () => {} },
    })
    await messaging.ensureTopics([topics.events])
    await relay.start()
    const told = Promise.withResolvers<string>()
    const consumption = await messaging.consume({
      topic: topics.events.name,
      group: `${prefix}-others`,
      handle: ([message]) => {
        told.resolve(Buffer.from(message!.value).toString())
        return Promise.resolve()
      },
      onFailure: () => {},
    })
    expect(JSON.parse(await told.promise)).toMatchObject({ specversion: '1.0', type: 'cn.huiying.item.received.v1' })
    await consumption.stop()
    await relay.stop()
  })
})
