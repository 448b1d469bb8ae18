import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import kafkajs from 'kafkajs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { openMessaging } from '#messaging'
import type { Consumption, Messaging, MessagingOptions } from '#messaging'
import { outgoing, Seen, textOf } from '../../../test/contracts/messaging.contract.ts'
import { canOwnKafka, OwnKafka } from '../../../test/support/own-kafka.ts'
import { servers } from '../../../test/support/servers.ts'

const CHILD = fileURLToPath(new URL('./consuming-child.ts', import.meta.url))
const PATIENCE = { timeout: 90_000, interval: 20 }
const TEST_MS = 180_000
const PAUSES = { firstMs: 20, longestMs: 500 }
const KEYS = ['one', 'two', 'three', 'four', 'five', 'six']

const opened: Messaging[] = []
let failures: unknown[] = []
let topic = ''
let group = ''

function open(brokers: string, options: MessagingOptions = {}): Messaging {
  const client = openMessaging(`kafka://${brokers}`, { pauses: PAUSES, sessionTimeoutMs: 6_000, ...options })
  opened.push(client)
  return client
}

function consume(
  client: Messaging,
  handle: Parameters<Messaging['consume']>[0]['handle'],
  batchMax = 50,
): Promise<Consumption> {
  return client.consume({ topic, group, batchMax, handle, onFailure: (error) => failures.push(error) })
}

const becomes = (consumption: Consumption, joined: boolean) =>
  vi.waitFor(() => expect(consumption.joined).toBe(joined), PATIENCE)

/** Publishes numbers, one after the other for each key, until told to stop. */
class Load {
  readonly sent = new Map<string, number>(KEYS.map((key) => [key, 0]))
  #going = true
  readonly #running: Promise<unknown>

  constructor(client: Messaging) {
    this.#running = Promise.all(KEYS.map((key) => this.#publish(client, key)))
  }

  get total(): number {
    return [...this.sent.values()].reduce((sum, count) => sum + count, 0)
  }

  async more(count: number): Promise<void> {
    const until = this.total + count
    await vi.waitFor(() => expect(this.total).toBeGreaterThanOrEqual(until), PATIENCE)
  }

  async stop(): Promise<void> {
    this.#going = false
    await this.#running
  }

  /** Each number came, none before one that was sent earlier. */
  expectSeen(seen: Seen): void {
    for (const [key, count] of this.sent) {
      const first = [...new Set(seen.textsOf(key))]
      expect(first).toEqual(Array.from({ length: count }, (_, index) => String(index)))
    }
  }

  async #publish(client: Messaging, key: string): Promise<void> {
    while (this.#going) {
      const next = this.sent.get(key)!
      await client.publish(
        topic,
        [0, 1, 2].map((step) => outgoing(key, String(next + step))),
      )
      this.sent.set(key, next + 3)
    }
  }
}

async function makeTopic(client: Messaging, partitions: number): Promise<void> {
  topic = `failures-${randomUUID()}`
  group = `failures-group-${randomUUID()}`
  await client.ensureTopics([{ name: topic, partitions, replicas: 1, retentionMs: 3_600_000 }])
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((client) => client.close()))
})
beforeEach(() => {
  failures = []
})

describe.skipIf(!canOwnKafka)('a broker of our own', { timeout: TEST_MS }, () => {
  let kafka: OwnKafka
  let client: Messaging

  beforeAll(async () => {
    kafka = await OwnKafka.start()
  }, TEST_MS)
  afterAll(() => kafka?.remove(), TEST_MS)
  beforeEach(async () => {
    // A test that failed may have left it stopped.
    await kafka.start()
    client = open(kafka.brokers)
    await makeTopic(client, 3)
  }, TEST_MS)

  test('killed while many publish and one consumes: all arrives, in the order of each key', async () => {
    const seen = new Seen()
    const consumption = await consume(open(kafka.brokers), seen.handle)
    const load = new Load(client)
    await load.more(300)
    await seen.count(100)

    await kafka.kill()
    await becomes(consumption, false)
    expect(await consumption.lag()).toBe(null)
    await vi.waitFor(() => expect(failures.length).toBeGreaterThan(0), PATIENCE)
    expect(failures[0]).toMatchObject({ code: 'BROKER_AWAY' })
    await kafka.start()

    await load.more(300)
    await load.stop()
    await becomes(consumption, true)
    await vi.waitFor(async () => expect(await consumption.lag()).toBe(0), PATIENCE)
    load.expectSeen(seen)
  })

  test('stopped and started again: the same client goes on publishing', async () => {
    const seen = new Seen()
    await consume(open(kafka.brokers), seen.handle)
    const load = new Load(client)
    await load.more(100)
    await kafka.stop()
    await kafka.start()
    await load.more(100)
    await load.stop()
    await vi.waitFor(() => load.expectSeen(seen), PATIENCE)
  })

  test('frozen in the middle of a publish: what was under way arrives once it answers', async () => {
    const seen = new Seen()
    await client.publish(topic, [outgoing('one', 'before')])
    const consumption = await consume(open(kafka.brokers), seen.handle)
    await seen.count(1)
    await kafka.freeze()
    const published = client.publish(topic, [outgoing('one', 'during')])
    const told = vi.fn()
    void published.then(told)
    const next = client.publish(topic, [outgoing('one', 'after')])
    // Asking for what waits takes its time and comes to nothing, as publishing does.
    expect(await consumption.lag()).toBe(null)
    expect(told).not.toHaveBeenCalled()
    await kafka.thaw()
    await Promise.all([published, next])
    await seen.count(3)
    expect(seen.texts).toEqual(['before', 'during', 'after'])
  })

  test('frozen when somebody stops consuming: stopping comes to an end all the same', async () => {
    await client.publish(topic, [outgoing('one', '1')])
    const entered = Promise.withResolvers<void>()
    const gate = Promise.withResolvers<void>()
    const consumption = await consume(client, async () => {
      entered.resolve()
      await gate.promise
    })
    await entered.promise
    await kafka.freeze()
    const stopping = consumption.stop()
    gate.resolve()
    await stopping
    expect(failures[0]).toMatchObject({ code: 'BROKER_AWAY' })
    await kafka.thaw()

    const seen = new Seen()
    await consume(open(kafka.brokers), seen.handle)
    // What the broker had been sent it may have heard when it woke: then it is handled, and the next message is the first.
    await client.publish(topic, [outgoing('one', '2')])
    await vi.waitFor(() => expect(seen.texts.at(-1)).toBe('2'), PATIENCE)
  })

  test('away when somebody gives up publishing: they are told at once, and what comes later is not mistaken for it', async () => {
    await client.publish(topic, [outgoing('one', 'first')])
    await kafka.kill()
    const giveUp = new AbortController()
    const given = client.publish(topic, [outgoing('one', 'given up')], giveUp.signal)
    const kept = client.publish(topic, [outgoing('one', 'kept')])
    giveUp.abort(new Error('the request was broken off'))
    await expect(given).rejects.toMatchObject({
      code: 'PUBLISH_ABORTED',
      cause: { message: 'the request was broken off' },
    })
    await kafka.start()
    await kept
    await client.publish(topic, [outgoing('one', 'last')])

    const seen = new Seen()
    await consume(client, seen.handle)
    await vi.waitFor(() => expect(seen.texts).toContain('last'), PATIENCE)
    expect(seen.texts.filter((text) => text !== 'given up')).toEqual(['first', 'kept', 'last'])
  })

  test('away when it is closed: closing comes to an end, and what waits is rejected', async () => {
    const consumption = await consume(client, new Seen().handle)
    await becomes(consumption, true)
    await kafka.kill()
    const waiting = client.publish(topic, [outgoing('one', 'waits')])
    const rejected = expect(waiting).rejects.toMatchObject({ code: 'CLOSED' })
    await client.close()
    await rejected
    await kafka.start()
  })

  test('not there yet when somebody begins to consume and to make topics: they wait for it', async () => {
    await kafka.kill()
    const seen = new Seen()
    const consumption = await consume(client, seen.handle)
    const other = `failures-${randomUUID()}`
    const made = client.ensureTopics([{ name: other, partitions: 1, replicas: 1, retentionMs: null }])
    const published = client.publish(topic, [outgoing('one', '1')])
    expect(consumption.joined).toBe(false)
    await kafka.start()
    await Promise.all([made, published])
    await seen.count(1)
    expect(consumption.joined).toBe(true)
  })

  test('killed while a handler works: its messages come again when it is back', async () => {
    await client.publish(topic, [outgoing('one', '1'), outgoing('one', '2')])
    const seen = new Seen()
    const entered = Promise.withResolvers<AbortSignal>()
    const consumption = await consume(client, async (messages, signal) => {
      await seen.handle(messages)
      if (seen.batches.length > 1) return
      entered.resolve(signal)
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    })
    const signal = await entered.promise
    await kafka.kill()
    // Nobody knows who will have the partition: the handler is told, and nothing of it is committed.
    await vi.waitFor(() => expect(signal.aborted).toBe(true), PATIENCE)
    await kafka.start()
    await seen.count(4)
    expect(seen.texts).toEqual(['1', '2', '1', '2'])
    await vi.waitFor(async () => expect(await consumption.lag()).toBe(0), PATIENCE)
  })
})

describe.skipIf(servers.kafka === null)('against KAFKA_BROKERS', { timeout: TEST_MS }, () => {
  const brokers = servers.kafka!
  let client: Messaging

  beforeEach(async () => {
    client = open(brokers)
    await makeTopic(client, 6)
  })
  afterEach(async () => {
    const { Kafka, logLevel } = kafkajs
    const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin()
    await admin.connect()
    await admin.deleteTopics({ topics: [topic] })
    await admin.disconnect()
  })

  test('consumers that come and go under load: nothing is lost, nothing twice, each key in its order', async () => {
    const seen = new Seen()
    const running = new Map<string, number>()
    const handle = async (messages: Parameters<Seen['handle']>[0]) => {
      const key = String(messages[0]!.partition)
      running.set(key, (running.get(key) ?? 0) + 1)
      expect(running.get(key)).toBe(1)
      await new Promise((resolve) => setImmediate(resolve))
      await seen.handle(messages)
      running.set(key, 0)
    }
    const staying = await consume(client, handle)
    await becomes(staying, true)
    const load = new Load(open(brokers))
    for (let round = 0; round < 3; round += 1) {
      const coming = await consume(open(brokers), handle)
      await becomes(coming, true)
      await load.more(200)
      await coming.stop()
      await load.more(200)
    }
    await load.stop()
    await vi.waitFor(() => load.expectSeen(seen), PATIENCE)
    expect(seen.messages).toHaveLength(load.total)
    expect(failures).toEqual([])
  })

  test('a consumer killed in the middle of a batch: its messages come to another', async () => {
    await client.publish(
      topic,
      Array.from({ length: 20 }, (_, index) => outgoing('one', String(index))),
    )
    const child = fork(CHILD, [`kafka://${brokers}`, topic, group], { execArgv: ['--conditions=source'] })
    const [{ inHand }] = (await once(child, 'message')) as [{ inHand: string[] }]
    expect(inHand).toEqual(['0', '1', '2', '3', '4'])
    child.kill('SIGKILL')
    await once(child, 'exit')

    const seen = new Seen()
    await consume(client, seen.handle)
    await seen.count(20)
    expect(seen.texts).toEqual(Array.from({ length: 20 }, (_, index) => String(index)))
  })

  test('the same message five times is five messages, all of them handled, in order', async () => {
    const same = outgoing('one', 'same', { id: '7' })
    for (let time = 0; time < 5; time += 1) await client.publish(topic, [same])
    await client.publish(topic, [outgoing('one', 'last')])
    const seen = new Seen()
    await consume(client, seen.handle)
    await seen.count(6)
    expect(seen.texts).toEqual(['same', 'same', 'same', 'same', 'same', 'last'])
  })

  test('a handler slower than the session: heartbeats go on, nobody else is given its messages', async () => {
    const sessionTimeoutMs = 6_000
    await client.publish(topic, [outgoing('one', '1'), outgoing('one', '2')])
    const [slow, other] = [new Seen(), new Seen()]
    const begun = performance.now()
    const consumption = await consume(
      client,
      async (messages, signal) => {
        await slow.handle(messages)
        // The time itself is what is tried here.
        if (textOf(messages[0]!) === '1') await new Promise((resolve) => setTimeout(resolve, sessionTimeoutMs * 1.6))
        expect(signal.aborted).toBe(false)
      },
      1,
    )
    await becomes(consumption, true)
    await slow.count(1)
    while (slow.messages.length < 2) {
      expect(consumption.joined).toBe(true)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    expect(performance.now() - begun).toBeGreaterThan(sessionTimeoutMs * 1.5)
    await vi.waitFor(async () => expect(await consumption.lag()).toBe(0), PATIENCE)
    await consume(open(brokers), other.handle)
    expect(slow.texts).toEqual(['1', '2'])
    expect(other.texts).toEqual([])
    expect(failures).toEqual([])
  })

  test('a handler that outlasts a sharing out is told, and its messages come again to who has them', async () => {
    await client.publish(
      topic,
      KEYS.map((key) => outgoing(key, key)),
    )
    const [stuck, other] = [new Seen(), new Seen()]
    const told: boolean[] = []
    const holding = await consume(client, async (messages, signal) => {
      if (told.length === 0 || !signal.aborted) await stuck.handle(messages)
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve()
        else signal.addEventListener('abort', () => resolve())
      })
      told.push(signal.aborted)
    })
    await becomes(holding, true)
    await stuck.count(1)
    const coming = await consume(open(brokers), other.handle)
    await becomes(coming, true)
    await vi.waitFor(() => expect(told.length).toBeGreaterThan(0), PATIENCE)
    await holding.stop()
    await vi.waitFor(async () => expect(await coming.lag()).toBe(0), PATIENCE)
    expect(failures).toEqual([])
  })
})
