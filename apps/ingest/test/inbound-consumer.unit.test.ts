import type { Consumption, ConsumeOptions, Messaging } from '#messaging'
import { expect, test } from 'vitest'
import { InboundConsumer } from '../src/inbound-consumer.ts'

const topic = (name: string) => ({ name, partitions: 6, replicas: 1, retentionMs: null })

function setUp(messaging: Partial<Messaging>) {
  const failures: unknown[] = []
  const pauses: number[] = []
  const consumer = new InboundConsumer({
    messaging: messaging as Messaging,
    intake: { take: () => Promise.resolve() },
    topics: { inbound: topic('in'), deadLetters: topic('dead') },
    group: 'ingest',
    batchMax: 50,
    onFailure: (error) => failures.push(error),
    wait: (milliseconds) => {
      pauses.push(milliseconds)
      return Promise.resolve()
    },
  })
  return { consumer, failures, pauses }
}

test('a broker that comes later than we is waited for, longer each time', async () => {
  const consuming = Promise.withResolvers<ConsumeOptions>()
  const topics: string[] = []
  let absent = 3
  const { consumer, failures, pauses } = setUp({
    ensureTopics: (wanted) => {
      if (absent-- > 0) return Promise.reject(new Error('no broker'))
      topics.push(...wanted.map(({ name }) => name))
      return Promise.resolve()
    },
    consume: (options) => {
      consuming.resolve(options)
      return Promise.resolve({ joined: true, lag: () => Promise.resolve(7), stop: () => Promise.resolve() })
    },
  })
  expect([consumer.joined, await consumer.lag()]).toEqual([false, null])
  consumer.onApplicationBootstrap()
  expect(await consuming.promise).toMatchObject({ topic: 'in', group: 'ingest', batchMax: 50 })
  expect(topics).toEqual(['in', 'dead'])
  expect([failures.length, pauses]).toEqual([3, [1_000, 2_000, 4_000]])
  await new Promise((resolve) => setImmediate(resolve))
  expect([consumer.joined, await consumer.lag()]).toEqual([true, 7])
})

test('told to stop it finishes what it consumes, also where it was joining just then', async () => {
  const joining = Promise.withResolvers<Consumption>()
  const stopped = Promise.withResolvers<void>()
  const { consumer } = setUp({ ensureTopics: () => Promise.resolve(), consume: () => joining.promise })
  consumer.onApplicationBootstrap()
  await consumer.beforeApplicationShutdown()
  joining.resolve({
    joined: true,
    lag: () => Promise.resolve(0),
    stop: () => {
      stopped.resolve()
      return Promise.resolve()
    },
  })
  await stopped.promise
})
