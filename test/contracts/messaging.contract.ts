import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { MESSAGE_BYTES_MAX, MessagingError, PUBLISH_MESSAGES_MAX } from '#messaging'
import type {
  ConsumeOptions,
  Consumption,
  IncomingMessage,
  Messaging,
  MessagingOptions,
  OutgoingMessage,
} from '#messaging'

/** One broker, and as many clients of it as a test wants; whatever is made on it has names of its own. */
export interface BrokerUnderTest {
  open(options?: MessagingOptions): Messaging
  /** Removes what was made for the tests. */
  remove(topics: readonly string[], groups: readonly string[]): Promise<void>
}

/** How long a test waits for what is to happen, in milliseconds. */
const PATIENCE = { timeout: 30_000, interval: 20 }
const PAUSES = { firstMs: 10, longestMs: 100 }

export function outgoing(key: string, text: string, headers: Record<string, string> = {}): OutgoingMessage {
  return { key, value: Buffer.from(text), headers }
}

export function textOf(message: IncomingMessage): string {
  return Buffer.from(message.value).toString()
}

/** Keeps what a consumer is given. */
export class Seen {
  readonly messages: IncomingMessage[] = []
  readonly batches: string[][] = []

  readonly handle = async (messages: readonly IncomingMessage[]): Promise<void> => {
    this.messages.push(...messages)
    this.batches.push(messages.map(textOf))
    return Promise.resolve()
  }

  get texts(): string[] {
    return this.messages.map(textOf)
  }

  textsOf(key: string): string[] {
    return this.messages.filter((message) => message.key === key).map(textOf)
  }

  async count(count: number): Promise<void> {
    await vi.waitFor(() => expect(this.messages.length).toBeGreaterThanOrEqual(count), PATIENCE)
  }
}

/** What every adapter of messaging must do, whichever broker it talks to. */
export function messagingContract(name: string, broker: () => BrokerUnderTest): void {
  describe(`${name}: messaging`, () => {
    const topics: string[] = []
    const groups: string[] = []
    const opened: Messaging[] = []
    let messaging: Messaging
    let topic: string

    const open = (options: MessagingOptions = {}) => {
      const client = broker().open({ pauses: PAUSES, sessionTimeoutMs: 10_000, ...options })
      opened.push(client)
      return client
    }
    const newGroup = () => {
      const group = `contract-group-${randomUUID()}`
      groups.push(group)
      return group
    }
    const newTopic = async (partitions: number) => {
      const created = `contract-${randomUUID()}`
      topics.push(created)
      await messaging.ensureTopics([{ name: created, partitions, replicas: 1, retentionMs: 3_600_000 }])
      return created
    }
    const consume = async (options: Partial<ConsumeOptions> & Pick<ConsumeOptions, 'handle'>, client = messaging) => {
      // A broker that has just begun may not be ready yet.
      const fail = (error: unknown) => {
        if (!(error instanceof MessagingError && error.code === 'BROKER_AWAY')) failures.push(error)
      }
      return await client.consume({ topic, group: newGroup(), onFailure: fail, ...options })
    }
    const hasJoined = (consumption: Consumption) => vi.waitFor(() => expect(consumption.joined).toBe(true), PATIENCE)
    const hasLag = (consumption: Consumption, lag: number) =>
      vi.waitFor(async () => expect(await consumption.lag()).toBe(lag), PATIENCE)
    const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, index) => String(from + index))
    let failures: unknown[] = []

    beforeEach(async () => {
      failures = []
      messaging = open()
      topic = await newTopic(1)
    })
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((client) => client.close()))
      await broker().remove(topics.splice(0), groups.splice(0))
    })

    describe('topics', () => {
      test('one that is there is left as it is', async () => {
        await messaging.publish(topic, [outgoing('a', 'kept')])
        await messaging.ensureTopics([{ name: topic, partitions: 4, replicas: 1, retentionMs: null }])

        const seen = new Seen()
        await consume({ handle: seen.handle })
        await seen.count(1)
        expect(seen.texts).toEqual(['kept'])
        expect(seen.messages[0]!.partition).toBe(0)
      })

      test('two processes make the same at the same time', async () => {
        const name = `contract-${randomUUID()}`
        topics.push(name)
        const definition = { name, partitions: 2, replicas: 1, retentionMs: null }
        await Promise.all([open(), open(), open()].map((client) => client.ensureTopics([definition])))
        await messaging.publish(name, [outgoing('a', '1')])
      })

      test('more replicas than brokers are refused', async () => {
        const definition = { name: `contract-${randomUUID()}`, partitions: 1, replicas: 50, retentionMs: null }
        await expect(messaging.ensureTopics([definition])).rejects.toMatchObject({ code: 'BAD_TOPIC' })
      })

      test.each([
        { name: 'a topic', partitions: 1, replicas: 1, retentionMs: null },
        { name: '', partitions: 1, replicas: 1, retentionMs: null },
        { name: 'topic', partitions: 0, replicas: 1, retentionMs: null },
        { name: 'topic', partitions: 1.5, replicas: 1, retentionMs: null },
        { name: 'topic', partitions: 1, replicas: 0, retentionMs: null },
        { name: 'topic', partitions: 1, replicas: 1, retentionMs: -1 },
      ])(
        'no topic is made of $name, $partitions partitions, $replicas replicas, $retentionMs ms',
        async (definition) => {
          await expect(messaging.ensureTopics([definition])).rejects.toMatchObject({ code: 'BAD_TOPIC' })
        },
      )
    })

    describe('publishing', () => {
      test('nothing is published where nothing is given', async () => {
        await messaging.publish(topic, [])
        await messaging.publish(topic, [outgoing('a', 'first')])
        const seen = new Seen()
        await consume({ handle: seen.handle })
        await seen.count(1)
        expect(seen.messages[0]!.offset).toBe('0')
      })

      test('bytes, texts and headers arrive as they were sent', async () => {
        const binary = Uint8Array.from({ length: 256 }, (_, index) => index)
        const before = Date.now()
        await messaging.publish(topic, [
          { key: '乡道138号', value: binary, headers: { 标题: '路灯不亮 💡', empty: '', ['__proto__']: 'x' } },
          { key: 'k', value: new Uint8Array(), headers: {} },
        ])
        const seen = new Seen()
        await consume({ handle: seen.handle })
        await seen.count(2)
        const [first, second] = seen.messages
        expect(first).toMatchObject({ topic, partition: 0, offset: '0', key: '乡道138号' })
        expect(first!.headers).toMatchObject({ 标题: '路灯不亮 💡', empty: '' })
        expect([...first!.value]).toEqual([...binary])
        expect(first!.sentAtMs).toBeGreaterThanOrEqual(before - 1_000)
        expect(first!.sentAtMs).toBeLessThanOrEqual(Date.now() + 1_000)
        expect(second).toMatchObject({ offset: '1', key: 'k' })
        expect(second!.value.byteLength).toBe(0)
      })

      test('what a message may take at most goes through, and many of them at once', async () => {
        const large = { key: 'a', value: new Uint8Array(MESSAGE_BYTES_MAX - 200).fill(7), headers: { of: 'it' } }
        await messaging.publish(topic, [large, large, large])
        const seen = new Seen()
        await consume({ handle: seen.handle })
        await seen.count(3)
        expect(seen.messages.map(({ value }) => value.byteLength)).toEqual(Array(3).fill(MESSAGE_BYTES_MAX - 200))
      })

      test('more than a message may take is refused, and nothing of its company is sent', async () => {
        const tooLarge = { key: 'a', value: new Uint8Array(MESSAGE_BYTES_MAX), headers: {} }
        const published = messaging.publish(topic, [outgoing('a', '1'), tooLarge])
        await expect(published).rejects.toMatchObject({ code: 'MESSAGE_TOO_LARGE' })
        const consumption = await consume({ handle: new Seen().handle })
        await hasLag(consumption, 0)
      })

      test('headers count', async () => {
        const message = { key: 'a', value: new Uint8Array(), headers: { long: '路'.repeat(MESSAGE_BYTES_MAX / 3) } }
        await expect(messaging.publish(topic, [message])).rejects.toMatchObject({ code: 'MESSAGE_TOO_LARGE' })
      })

      test('as many at once as allowed, and no more', async () => {
        const many = numbers(PUBLISH_MESSAGES_MAX).map((text) => outgoing('a', text))
        await messaging.publish(topic, many)
        await expect(messaging.publish(topic, [...many, outgoing('a', 'x')])).rejects.toMatchObject({
          code: 'TOO_MANY_MESSAGES',
        })
        const seen = new Seen()
        await consume({ handle: seen.handle })
        await seen.count(PUBLISH_MESSAGES_MAX)
        expect(seen.texts).toEqual(numbers(PUBLISH_MESSAGES_MAX))
      })

      test('a message without a key is refused', async () => {
        await expect(messaging.publish(topic, [outgoing('', 'x')])).rejects.toMatchObject({ code: 'BAD_MESSAGE' })
      })

      test('a topic that is not there is said to be unknown', async () => {
        const published = messaging.publish(`contract-${randomUUID()}`, [outgoing('a', 'x')])
        await expect(published).rejects.toMatchObject({ code: 'TOPIC_UNKNOWN' })
      })

      test('a signal that has aborted already sends nothing', async () => {
        const published = messaging.publish(topic, [outgoing('a', 'x')], AbortSignal.abort())
        await expect(published).rejects.toMatchObject({ code: 'PUBLISH_ABORTED' })
      })

      test('whoever is closed publishes nothing', async () => {
        await messaging.close()
        await expect(messaging.publish(topic, [outgoing('a', 'x')])).rejects.toMatchObject({ code: 'CLOSED' })
        await expect(consume({ handle: new Seen().handle })).rejects.toMatchObject({ code: 'CLOSED' })
      })

      test('many who publish at once keep each their order', async () => {
        topic = await newTopic(3)
        const keys = numbers(20).map((number) => `key-${number}`)
        await Promise.all(
          keys.flatMap((key) => numbers(10).map((text) => messaging.publish(topic, [outgoing(key, text)]))),
        )
        const seen = new Seen()
        await consume({ handle: seen.handle })
        await seen.count(200)
        for (const key of keys) expect(seen.textsOf(key)).toEqual(numbers(10))
      })
    })

    describe('consuming', () => {
      test('from the oldest, each message once, in the order of its key', async () => {
        topic = await newTopic(4)
        const keys = numbers(10).map((number) => `key-${number}`)
        for (const text of numbers(30))
          await messaging.publish(
            topic,
            keys.map((key) => outgoing(key, text)),
          )
        const seen = new Seen()
        const consumption = await consume({ handle: seen.handle })
        await seen.count(300)
        await hasLag(consumption, 0)
        for (const key of keys) expect(seen.textsOf(key)).toEqual(numbers(30))
        expect(new Set(seen.messages.map(({ partition }) => partition)).size).toBeGreaterThan(1)
        expect(failures).toEqual([])
      })

      test('messages of one key have one partition, for every client', async () => {
        topic = await newTopic(4)
        await messaging.publish(topic, [outgoing('one', 'a')])
        await open().publish(topic, [outgoing('one', 'b')])
        const seen = new Seen()
        await consume({ handle: seen.handle })
        await seen.count(2)
        expect(seen.texts).toEqual(['a', 'b'])
      })

      test('what comes while it consumes', async () => {
        const seen = new Seen()
        const consumption = await consume({ handle: seen.handle })
        await hasJoined(consumption)
        await messaging.publish(topic, [outgoing('a', '1')])
        await seen.count(1)
        await messaging.publish(topic, [outgoing('a', '2')])
        await seen.count(2)
        expect(seen.texts).toEqual(['1', '2'])
      })

      test('two groups see all of it each', async () => {
        await messaging.publish(
          topic,
          numbers(10).map((text) => outgoing('a', text)),
        )
        const [one, other] = [new Seen(), new Seen()]
        await consume({ handle: one.handle })
        await consume({ handle: other.handle })
        await one.count(10)
        await other.count(10)
        expect(one.texts).toEqual(numbers(10))
        expect(other.texts).toEqual(numbers(10))
      })

      test('two of one group share the partitions', async () => {
        topic = await newTopic(4)
        const group = newGroup()
        const [one, other] = [new Seen(), new Seen()]
        await hasJoined(await consume({ group, handle: one.handle }))
        await hasJoined(await consume({ group, handle: other.handle }, open()))
        let sent = 0
        await vi.waitFor(async () => {
          const keys = numbers(20, sent)
          sent += 20
          await messaging.publish(
            topic,
            keys.map((key) => outgoing(key, key)),
          )
          expect(one.messages.length).toBeGreaterThan(0)
          expect(other.messages.length).toBeGreaterThan(0)
        }, PATIENCE)
        await vi.waitFor(
          () => expect(one.messages.length + other.messages.length).toBeGreaterThanOrEqual(sent),
          PATIENCE,
        )
        expect([...one.texts, ...other.texts].sort()).toEqual(numbers(sent).sort())
      })

      test('no more at once than asked for', async () => {
        await messaging.publish(
          topic,
          numbers(10).map((text) => outgoing('a', text)),
        )
        const seen = new Seen()
        await consume({ handle: seen.handle, batchMax: 3 })
        await seen.count(10)
        expect(seen.batches.every((batch) => batch.length <= 3)).toBe(true)
        expect(seen.texts).toEqual(numbers(10))
      })

      test.each([0, -1, 1.5, 1_001])('nobody can ask for %d at once', async (batchMax) => {
        await expect(consume({ handle: new Seen().handle, batchMax })).rejects.toMatchObject({ code: 'BAD_CONSUMER' })
      })

      test('a topic that is not there is told of, and consumed when it is made', async () => {
        topic = `contract-${randomUUID()}`
        topics.push(topic)
        const seen = new Seen()
        const consumption = await consume({ handle: seen.handle })
        await vi.waitFor(() => expect(failures[0]).toMatchObject({ code: 'TOPIC_UNKNOWN' }), PATIENCE)
        expect(consumption.joined).toBe(false)
        await messaging.ensureTopics([{ name: topic, partitions: 1, replicas: 1, retentionMs: null }])
        await messaging.publish(topic, [outgoing('a', 'late')])
        await seen.count(1)
        expect(consumption.joined).toBe(true)
      })
    })

    describe('handlers that reject', () => {
      test('the same messages come again, in order, and nothing after them is skipped', async () => {
        await messaging.publish(
          topic,
          numbers(9).map((text) => outgoing('a', text)),
        )
        const seen = new Seen()
        const reason = new Error('the store is away')
        let rejections = 0
        await consume({
          batchMax: 3,
          handle: async (messages) => {
            await seen.handle(messages)
            if (textOf(messages[0]!) === '3' && rejections < 3) {
              rejections += 1
              throw reason
            }
          },
        })
        await seen.count(18)
        expect(seen.batches.map((batch) => batch.join())).toEqual([
          '0,1,2',
          '3,4,5',
          '3,4,5',
          '3,4,5',
          '3,4,5',
          '6,7,8',
        ])
        expect(failures).toEqual([reason, reason, reason])
      })

      test('the other partitions go on', async () => {
        topic = await newTopic(2)
        const seen = new Seen()
        let stuck: number | null = null
        const consumption = await consume({
          handle: async (messages) => {
            stuck ??= messages[0]!.partition
            if (messages[0]!.partition === stuck) throw new Error('a poison message')
            await seen.handle(messages)
          },
        })
        await hasJoined(consumption)
        const keys = numbers(20)
        for (let round = 1; round <= 3; round += 1) {
          const before = seen.messages.length
          await messaging.publish(
            topic,
            keys.map((key) => outgoing(key, 'x')),
          )
          await seen.count(before + 1)
        }
        expect(failures.length).toBeGreaterThan(0)
      })

      test('a handler that throws before it promises anything has rejected', async () => {
        await messaging.publish(topic, [outgoing('a', '1')])
        const seen = new Seen()
        await consume({
          handle: (messages) => {
            if (failures.length === 0) throw new Error('at once')
            return seen.handle(messages)
          },
        })
        await seen.count(1)
        expect(failures).toHaveLength(1)
      })
    })

    describe('what is handled', () => {
      test('does not come again after closing', async () => {
        const group = newGroup()
        await messaging.publish(
          topic,
          numbers(5).map((text) => outgoing('a', text)),
        )
        const first = new Seen()
        const consumption = await consume({ group, handle: first.handle })
        await first.count(5)
        await hasLag(consumption, 0)
        await messaging.close()

        const client = open()
        await client.publish(
          topic,
          numbers(5, 5).map((text) => outgoing('a', text)),
        )
        const second = new Seen()
        await consume({ group, handle: second.handle }, client)
        await second.count(5)
        expect(second.texts).toEqual(numbers(5, 5))
      })

      test('is what a handler has resolved about: what was in hand when it was stopped comes again', async () => {
        const group = newGroup()
        await messaging.publish(
          topic,
          numbers(4).map((text) => outgoing('a', text)),
        )
        const first = new Seen()
        const consumption = await consume({
          group,
          batchMax: 2,
          handle: async (messages, signal) => {
            await first.handle(messages)
            if (first.batches.length === 2) await rejectedOnAbort(signal)
          },
        })
        await first.count(4)
        await hasLag(consumption, 2)
        await consumption.stop()
        expect(failures).toEqual([])

        const second = new Seen()
        await consume({ group, handle: second.handle })
        await second.count(2)
        expect(second.texts).toEqual(['2', '3'])
      })

      test('counts in what waits, over all partitions', async () => {
        topic = await newTopic(3)
        await messaging.publish(
          topic,
          numbers(30).map((text) => outgoing(text, text)),
        )
        const gate = Promise.withResolvers<void>()
        const consumption = await consume({ handle: () => gate.promise })
        await hasLag(consumption, 30)
        gate.resolve()
        await hasLag(consumption, 0)
      })
    })

    describe('back-pressure', () => {
      test('while a handler is busy it is given nothing further of that partition', async () => {
        await messaging.publish(
          topic,
          numbers(50).map((text) => outgoing('a', text)),
        )
        const gate = Promise.withResolvers<void>()
        const seen = new Seen()
        let running = 0
        let runningMost = 0
        const consumption = await consume({
          batchMax: 10,
          handle: async (messages) => {
            running += 1
            runningMost = Math.max(running, runningMost)
            await seen.handle(messages)
            await gate.promise
            running -= 1
          },
        })
        await seen.count(10)
        await messaging.publish(
          topic,
          numbers(50, 50).map((text) => outgoing('a', text)),
        )
        await hasLag(consumption, 100)
        expect(seen.texts).toEqual(numbers(10))
        gate.resolve()
        await seen.count(100)
        expect(seen.texts).toEqual(numbers(100))
        expect(runningMost).toBe(1)
      })

      test('partitions do not wait for each other', async () => {
        topic = await newTopic(2)
        const gate = Promise.withResolvers<void>()
        const seen = new Seen()
        let slow: number | null = null
        await consume({
          handle: async (messages) => {
            slow ??= messages[0]!.partition
            if (messages[0]!.partition === slow) await gate.promise
            else await seen.handle(messages)
          },
        })
        for (let round = 1; round <= 3; round += 1) {
          const before = seen.messages.length
          await messaging.publish(
            topic,
            numbers(20).map((key) => outgoing(key, 'x')),
          )
          await seen.count(before + 1)
        }
        gate.resolve()
      })
    })

    describe('stopping', () => {
      test('finishes what is in hand and commits it', async () => {
        const group = newGroup()
        await messaging.publish(
          topic,
          numbers(10).map((text) => outgoing('a', text)),
        )
        const entered = Promise.withResolvers<AbortSignal>()
        const gate = Promise.withResolvers<void>()
        const first = new Seen()
        const consumption = await consume({
          group,
          batchMax: 4,
          handle: async (messages, signal) => {
            entered.resolve(signal)
            await gate.promise
            await first.handle(messages)
          },
        })
        const signal = await entered.promise
        expect(signal.aborted).toBe(false)
        let stopped = false
        const stopping = consumption.stop().then(() => (stopped = true))
        await vi.waitFor(() => expect(signal.aborted).toBe(true), PATIENCE)
        expect(stopped).toBe(false)
        gate.resolve()
        await stopping
        expect(consumption.joined).toBe(false)
        expect(first.texts).toEqual(numbers(4))

        const second = new Seen()
        await consume({ group, handle: second.handle })
        await second.count(6)
        expect(second.texts).toEqual(numbers(6, 4))
      })

      test('gives the partitions to who stays', async () => {
        topic = await newTopic(2)
        const group = newGroup()
        const [one, other] = [new Seen(), new Seen()]
        const leaving = await consume({ group, handle: one.handle })
        await hasJoined(leaving)
        await hasJoined(await consume({ group, handle: other.handle }, open()))
        await leaving.stop()
        const handled = one.messages.length
        await messaging.publish(
          topic,
          numbers(20).map((key) => outgoing(key, key)),
        )
        await other.count(20)
        expect(one.messages).toHaveLength(handled)
      })

      test('twice is as once, and before anything came', async () => {
        const consumption = await consume({ handle: new Seen().handle })
        await Promise.all([consumption.stop(), consumption.stop()])
        await consumption.stop()
        expect(failures).toEqual([])
      })

      test('ends the pause after a handler that rejected', async () => {
        await messaging.publish(topic, [outgoing('a', '1')])
        const client = open({ pauses: { firstMs: 600_000, longestMs: 600_000 } })
        const consumption = await consume({ handle: () => Promise.reject(new Error('no')) }, client)
        await vi.waitFor(() => expect(failures).toHaveLength(1), PATIENCE)
        await consumption.stop()
      })
    })

    describe('whoever observes', () => {
      test('is told what was published, handled and failed', async () => {
        const told: string[] = []
        const client = open({
          observe: {
            published: (of, count, seconds) => told.push(`published ${count} ${of === topic} ${seconds >= 0}`),
            handled: (of, count, seconds) => told.push(`handled ${count} ${of === topic} ${seconds >= 0}`),
            failed: (of) => told.push(`failed ${of === topic}`),
          },
        })
        await client.publish(topic, [outgoing('a', '1'), outgoing('a', '2')])
        await consume(
          { handle: () => (told.includes('failed true') ? Promise.resolve() : Promise.reject(new Error('no'))) },
          client,
        )
        await vi.waitFor(() => expect(told).toHaveLength(3), PATIENCE)
        expect(told).toEqual(['published 2 true true', 'failed true', 'handled 2 true true'])
      })
    })
  })
}

function rejectedOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () => reject(signal.reason as Error)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort)
  })
}
