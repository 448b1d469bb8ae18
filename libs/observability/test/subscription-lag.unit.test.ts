import { afterEach, expect, test, vi } from 'vitest'
import type { From } from '#event-store'
import { SubscriptionLag } from '../src/index.ts'

const at = (count: number) => String(count).padStart(16, '0')

afterEach(() => {
  for (const stop of stops.splice(0)) stop()
  vi.useRealTimers()
})
const stops: (() => void)[] = []

/** A relay that follows a store, each where a test says it is. */
function setUp({ head = () => Promise.resolve(state.head) }: { head?: () => Promise<From> } = {}) {
  const logged: string[] = []
  const lag = new SubscriptionLag({ head, log: (_level, message) => logged.push(message), nowMs: () => state.nowMs })
  stops.push(() => lag.stop())
  const unwatch = lag.watch({ name: 'relay', position: () => state.relay, boundSeconds: 60 })
  return { lag, logged, unwatch }
}
const state: { nowMs: number; head: From; relay: From | null } = { nowMs: 0, head: at(1), relay: at(1) }
afterEach(() => Object.assign(state, { nowMs: 0, head: at(1), relay: at(1) }))

test('who is behind is so since the store was first seen to be further, and moves until it has stood for half a minute', async () => {
  const { lag } = setUp()
  await lag.note()
  state.head = at(5)
  await lag.note()
  state.nowMs = 29_000
  expect(lag.standings()).toEqual([{ name: 'relay', behindSeconds: 29, boundSeconds: 60, built: true, moving: true }])
  state.nowMs = 31_000
  expect(lag.standings()).toMatchObject([{ behindSeconds: 31, moving: false }])
  state.relay = at(2)
  expect(lag.standings()).toMatchObject([{ behindSeconds: 31, moving: true }])
  state.relay = at(5)
  state.nowMs = 3_600_000
  expect(lag.standings()).toMatchObject([{ behindSeconds: 0, moving: true }])
})

test('further behind than it may be is a hindrance, and so is what is not there yet', async () => {
  const { lag } = setUp()
  await lag.note()
  expect(await lag.hindrances()).toEqual([])
  state.head = at(5)
  await lag.note()
  state.nowMs = 61_000
  expect(await lag.hindrances()).toEqual([{ code: 'SUBSCRIPTION_BEHIND', detail: 'relay: 61 s behind' }])
  state.relay = null
  expect(await lag.hindrances()).toEqual([{ code: 'SUBSCRIPTION_BEHIND', detail: 'relay is being built' }])
})

test('who is no longer watched is no longer told of; a part of the work may go to another process', async () => {
  const { lag, unwatch } = setUp()
  lag.watch({ name: 'casework-3', position: () => at(1), boundSeconds: 10 })
  unwatch()
  expect(lag.standings().map(({ name }) => name)).toEqual(['casework-3'])
})

test('a store that fails is a hindrance, and one line in the log until it answers again', async () => {
  vi.useFakeTimers()
  let fails = true
  const { lag, logged } = setUp({
    head: () => (fails ? Promise.reject(new Error('connection refused')) : Promise.resolve(state.head)),
  })
  await vi.advanceTimersByTimeAsync(5_000)
  expect(logged).toEqual(['it is not known how far the store is'])
  expect(await lag.hindrances()).toEqual([
    { code: 'EVENT_STORE_SILENT', detail: 'the event store does not say how far it is' },
  ])
  await expect(lag.note()).rejects.toThrow('connection refused')
  fails = false
  await vi.advanceTimersByTimeAsync(2_000)
  expect(logged).toEqual(['it is not known how far the store is', 'it is known again how far the store is'])
  expect(await lag.hindrances()).toEqual([])
})

test('a store that never answers is asked once, and the lag goes on by what was last known', async () => {
  vi.useFakeTimers()
  let asked = 0
  let answers = true
  const { lag } = setUp({
    head: () => {
      asked += 1
      return answers ? Promise.resolve(state.head) : new Promise(() => {})
    },
  })
  state.head = at(5)
  await lag.note()
  answers = false
  asked = 0
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked).toBe(1)
  state.nowMs = 61_000
  const found = lag.hindrances()
  await vi.advanceTimersByTimeAsync(2_000)
  expect((await found).map(({ code }) => code)).toEqual(['EVENT_STORE_SILENT', 'SUBSCRIPTION_BEHIND'])
})
