import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { FeedLoop } from '../src/feed-loop.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function loop() {
  let polls = 0
  let finish = () => {}
  const poller = {
    pollDue: () => {
      polls += 1
      return new Promise<never[]>((resolve) => {
        finish = () => resolve([])
      })
    },
    stop: () => {
      finish()
      return Promise.resolve()
    },
  }
  return { feeds: new FeedLoop(poller), polled: () => polls, finish: () => finish() }
}

test('asks which feeds are due every quarter of a minute, never before the last time is over', async () => {
  const { feeds, polled, finish } = loop()
  feeds.onApplicationBootstrap()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(polled()).toBe(1)
  finish()
  await vi.advanceTimersByTimeAsync(15_000)
  expect(polled()).toBe(2)
  await feeds.beforeApplicationShutdown()
})

test('asks no more once it is stopped', async () => {
  const { feeds, polled } = loop()
  feeds.onApplicationBootstrap()
  await vi.advanceTimersByTimeAsync(15_000)
  await feeds.beforeApplicationShutdown()
  await vi.advanceTimersByTimeAsync(120_000)
  expect(polled()).toBe(1)
})
