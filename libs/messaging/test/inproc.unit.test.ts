import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openMessaging } from '#messaging'
import type { Messaging } from '#messaging'

const MEBIBYTE = 1024 * 1024
const large = { key: 'a', value: new Uint8Array(MEBIBYTE / 2), headers: {} }
/** 50 MiB of the 64 that a topic may hold. */
const most = Array.from({ length: 100 }, () => large)

describe('a broker in memory', () => {
  let name: string
  let messaging: Messaging
  const topic = { name: 'topic', partitions: 1, replicas: 1, retentionMs: null }

  beforeEach(async () => {
    name = `inproc:${randomUUID()}`
    messaging = openMessaging(name)
    await messaging.ensureTopics([topic])
  })
  afterEach(() => messaging.close())

  const consumed = () =>
    messaging.consume({ topic: 'topic', group: 'g', handle: () => Promise.resolve(), onFailure: fail })
  const held = (gate: Promise<void>) =>
    messaging.consume({ topic: 'topic', group: 'held', handle: () => gate, onFailure: fail })

  test('is one for all who open its name, and only for them', async () => {
    await openMessaging(name).publish('topic', [large])
    const other = openMessaging(`inproc:${randomUUID()}`)
    await expect(other.publish('topic', [large])).rejects.toMatchObject({ code: 'TOPIC_UNKNOWN' })
  })

  test('is bounded: where nobody consumes, the oldest is forgotten', async () => {
    await messaging.publish('topic', most)
    await messaging.publish('topic', most)
    const gate = Promise.withResolvers<void>()
    const consumption = await held(gate.promise)
    expect(await consumption.lag()).toBeLessThan(130)
    gate.resolve()
  })

  test('is bounded: where a group has not handled the oldest, who publishes waits for it, in order', async () => {
    const gate = Promise.withResolvers<void>()
    const consumption = await held(gate.promise)
    await messaging.publish('topic', most)
    const order: string[] = []
    const giveUp = new AbortController()
    const given = messaging.publish('topic', most, giveUp.signal)
    const first = messaging.publish('topic', most).then(() => order.push('first'))
    const second = messaging.publish('topic', [large]).then(() => order.push('second'))
    giveUp.abort()
    await expect(given).rejects.toMatchObject({ code: 'PUBLISH_ABORTED' })
    expect(await consumption.lag()).toBe(100)
    gate.resolve()
    await Promise.all([first, second])
    expect(order).toEqual(['first', 'second'])
  })

  test('ends what waits when it is closed', async () => {
    await held(new Promise(() => undefined))
    await messaging.publish('topic', most)
    const other = openMessaging(name)
    const waiting = other.publish('topic', most)
    const rejected = expect(waiting).rejects.toMatchObject({ code: 'CLOSED' })
    await other.close()
    await rejected
    messaging = other
  })

  test('forgets what is older than its topic keeps', async () => {
    await messaging.ensureTopics([{ ...topic, name: 'short', retentionMs: 1 }])
    await messaging.publish('short', [large])
    const sent = Date.now()
    while (Date.now() <= sent + 1) await new Promise((resolve) => setImmediate(resolve))
    await messaging.publish('short', [large])
    const gate = Promise.withResolvers<void>()
    const consumption = await messaging.consume({
      topic: 'short',
      group: 'g',
      handle: () => gate.promise,
      onFailure: fail,
    })
    expect(await consumption.lag()).toBe(1)
    gate.resolve()
    await consumed()
  })
})

function fail(error: unknown): void {
  throw error
}
