import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { ListCases, Relay } from '#application'
import type { DeadLetters, InboundIntake } from '#application'
import { loadMasterKey, openSqliteKeyStore } from '#key-store'
import type { KeyStore } from '#key-store'
import { InboundConsumer } from '../../apps/ingest/src/inbound-consumer.ts'
import { itemIdOf } from '../../libs/application/src/identity/ids.ts'
import { MemoryBroker } from '../../libs/application/test/flow/memory-broker.ts'
import { complaint, County, staff } from '../support/county.ts'

/** What a platform puts into a broker comes out of it again, for others, as far as they may hear of it. */

const topic = (name: string) => ({ name, partitions: 2, replicas: 1, retentionMs: null })
const [inbound, deadLetterTopic, events] = ['huiying.inbound', 'huiying.inbound.dead', 'huiying.events']
const channel = 'governor-suggestions'
const PERSONAL = { name: '欧阳某某', contact: '13912345678' }

let county: County
let keys: KeyStore
let broker: MemoryBroker
let consumer: InboundConsumer
let intake: InboundIntake
let deadLetters: DeadLetters

beforeAll(async () => {
  county = await County.open('2026-03-02 09:00')
  const masterKey = loadMasterKey({
    path: join(county.folder, 'master.key'),
    fromEnvironment: undefined,
    mustExist: true,
  })
  keys = openSqliteKeyStore({ path: join(county.folder, 'keys.db'), masterKey })
  broker = new MemoryBroker()
  ;({ intake, deadLetters } = county.huiying.application.inbound({ messaging: broker, keys, deadLetterTopic }))
  consumer = new InboundConsumer({
    messaging: broker,
    intake,
    topics: { inbound: topic(inbound), deadLetters: topic(deadLetterTopic) },
    group: 'ingest',
    batchMax: 7,
    onFailure: (error) => {
      throw error
    },
  })
  consumer.onApplicationBootstrap()
})
afterAll(async () => {
  await consumer.beforeApplicationShutdown()
  await broker.close()
  await keys.close()
  await county.close()
})

function message(externalId: string, title: string, value?: string) {
  const item = {
    externalId,
    title,
    content: '滨河路小区门口的路灯坏了半个月。',
    receivedAt: '2026-03-02T08:30:00+08:00',
    author: PERSONAL,
  }
  return {
    key: `${channel}:${externalId}`,
    headers: { channel, 'message-id': `${externalId} ${title}` },
    value: Buffer.from(value ?? JSON.stringify(item)),
  }
}

const handled = async () => {
  await vi.waitFor(async () => expect(await consumer.lag()).toBe(0), { timeout: 15_000 })
  await county.huiying.settled()
}
const itemOf = (externalId: string) => itemIdOf(county.huiying.application.ports.storeSecret, channel, externalId)
const caseOf = async (externalId: string) => (await county.events(`item-${itemOf(externalId)}`))[0]!.metadata.caseId!

describe('a broker', () => {
  test('brings each message five times; each item is there once, as its last message says', async () => {
    const messages = Array.from({ length: 30 }, (_, at) => [
      message(`GD-${at}`, '第一稿'),
      message(`GD-${at}`, '第二稿'),
    ]).flat()
    for (let time = 0; time < 5; time += 1) await broker.publish(inbound, messages)
    await broker.publish(inbound, [message('GD-broken', '', '{')])
    await handled()
    const { documents } = await county.huiying.query(new ListCases({ asker: 'operator', limit: 100 }))
    expect(documents).toHaveLength(30)
    for (let at = 0; at < 30; at += 1) {
      expect((await county.events(`item-${itemOf(`GD-${at}`)}`)).map(({ data }) => data['title'])).toEqual([
        '第一稿',
        '第二稿',
      ])
    }
    expect(await deadLetters.list({ limit: 10 })).toMatchObject({ total: 1, letters: [{ code: 'MESSAGE_NOT_JSON' }] })
  })

  test('takes out what others may hear: of the complaint, and nothing of the report or of what nobody judged', async () => {
    const [complained, reported] = [await caseOf('GD-0'), await caseOf('GD-1')]
    await county.give('TriageCase', complained, complaint, staff.monitor)
    const accused = { departments: ['transport'], persons: [] }
    await county.give('TriageCase', reported, { ...complaint, type: 'report', accused }, staff.monitor)
    const basis = { kind: 'person', reason: '道路设施属交通局' }
    await county.give('RouteCase', complained, { lead: 'transport', assisting: [], basis }, staff.monitor)
    await county.give('RouteCase', reported, { lead: 'housing', assisting: [], basis }, staff.monitor)

    const { store } = county.huiying.application.ports
    const relay = new Relay({
      store,
      messaging: broker,
      topic: topic(events),
      source: 'urn:huiying:test',
      checkpoints: { load: () => Promise.resolve('start'), save: () => Promise.resolve() },
      retry: { pauseMs: 1, pauseMsMax: 1, wait: () => Promise.resolve(), onFailure: () => {} },
    })
    await relay.start()
    await vi.waitFor(async () => expect(relay.handled).toBe(await store.head()), { timeout: 15_000 })
    await relay.stop()

    const published = broker.messages(events).map(({ key, value }) => ({ key, text: Buffer.from(value).toString() }))
    expect(new Set(published.map(({ key }) => key))).toEqual(new Set([complained]))
    const types = published.map(({ text }) => (JSON.parse(text) as { type: string }).type.replace('cn.huiying.', ''))
    expect(types).toEqual(expect.arrayContaining(['case.opened.v1', 'case.triaged.v1', 'case.routed.v1']))
    expect(types[0]).toBe('case.opened.v1')
    const whole = published.map(({ text }) => text).join('\n')
    for (const text of [...Object.values(PERSONAL), '路灯', '第一稿', '第二稿', '交通局', reported]) {
      expect(whole).not.toContain(text)
    }
  })
})
