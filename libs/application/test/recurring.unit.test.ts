import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Recurring } from '../src/sentinel/recurring.ts'
import type { TickReport } from '../src/sentinel/report.ts'

const clock = { now: () => Date.now() }
const report = (changes: Partial<TickReport> = {}): TickReport => ({
  at: new Date(clock.now()).toISOString(),
  heldBack: false,
  done: {},
  failed: [],
  failures: 0,
  more: false,
  nextAt: null,
  ...changes,
})
const inMs = (milliseconds: number) => new Date(clock.now() + milliseconds).toISOString()

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-03-02T01:00:00.000Z') })
})
afterEach(() => {
  vi.useRealTimers()
})

function recurring(work: (signal: AbortSignal) => Promise<TickReport>) {
  const errors: unknown[] = []
  const reports: TickReport[] = []
  const loop = new Recurring({
    work,
    clock,
    patienceMs: 30_000,
    onReport: (each) => reports.push(each),
    onError: (error) => errors.push(error),
  })
  return { loop, errors, reports }
}

test('goes round when something is next due, and never later than its patience', async () => {
  const at: number[] = []
  const start = clock.now()
  const next = [5_000, 86_400_000, null, -1_000]
  const { loop } = recurring(async () => {
    at.push(clock.now() - start)
    const wait = next.shift()
    return report({ nextAt: wait == null ? null : inMs(wait) })
  })
  loop.start()
  await vi.advanceTimersByTimeAsync(66_000)
  await loop.stop()
  // At once, when due, after its patience twice, and after the shortest pause where that has passed already.
  expect(at).toEqual([0, 5_000, 35_000, 65_000, 65_100])
})

test('goes on at once while there is more', async () => {
  let rounds = 0
  const { loop } = recurring(async () => report({ more: ++rounds < 5 }))
  loop.start()
  await vi.advanceTimersByTimeAsync(1_000)
  await loop.stop()
  expect(rounds).toBe(5)
})

test('never runs beside itself, however long a round takes', async () => {
  let running = 0
  let most = 0
  let rounds = 0
  const { loop } = recurring(async () => {
    running += 1
    rounds += 1
    most = Math.max(most, running)
    await new Promise((resolve) => setTimeout(resolve, 90_000))
    running -= 1
    return report({ nextAt: inMs(1) })
  })
  loop.start()
  await vi.advanceTimersByTimeAsync(600_000)
  expect([most, rounds]).toEqual([1, 7])
  const stopped = loop.stop()
  await vi.advanceTimersByTimeAsync(90_000)
  await stopped
})

test('waits longer and longer while it fails, a minute at most, and is told of each failure', async () => {
  const at: number[] = []
  const start = clock.now()
  let fails = true
  const { loop, errors } = recurring(async () => {
    at.push((clock.now() - start) / 1_000)
    if (fails) throw new Error('the disk is full')
    return report()
  })
  loop.start()
  await vi.advanceTimersByTimeAsync(190_000)
  expect(at).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183])
  expect(errors).toHaveLength(9)
  expect(loop.status).toEqual({ succeededAtMs: null, failures: 9 })
  fails = false
  await vi.advanceTimersByTimeAsync(60_000)
  expect(loop.status).toEqual({ succeededAtMs: start + 243_000, failures: 0 })
  await loop.stop()
})

test('ends after the round in hand, and begins no other', async () => {
  let rounds = 0
  let ended = 0
  const held = Promise.withResolvers<void>()
  const { loop } = recurring(async () => {
    rounds += 1
    await held.promise
    ended += 1
    return report({ more: true })
  })
  loop.start()
  await vi.advanceTimersByTimeAsync(0)
  let isStopped = false
  const stopped = loop.stop().then(() => (isStopped = true))
  await vi.advanceTimersByTimeAsync(10_000)
  expect([rounds, ended, isStopped]).toEqual([1, 0, false])
  held.resolve()
  await stopped
  await vi.advanceTimersByTimeAsync(600_000)
  expect([rounds, ended]).toEqual([1, 1])
  expect(vi.getTimerCount()).toBe(0)
})

test('a round in hand is told to come to an end, and no later one of a new start is', async () => {
  const signals: AbortSignal[] = []
  const { loop } = recurring(async (signal) => {
    signals.push(signal)
    if (signals.length === 1) await new Promise((resolve) => signal.addEventListener('abort', resolve))
    return report()
  })
  loop.start()
  await vi.advanceTimersByTimeAsync(10)
  await loop.stop()
  loop.start()
  await vi.advanceTimersByTimeAsync(10)
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false])
  await loop.stop()
})

test('started twice it runs once; stopped before it began it never does', async () => {
  let rounds = 0
  const round = async () => {
    rounds += 1
    return report({ nextAt: inMs(20_000) })
  }
  const { loop } = recurring(round)
  loop.start()
  loop.start()
  await vi.advanceTimersByTimeAsync(20_500)
  expect(rounds).toBe(2)
  await loop.stop()
  const other = recurring(round)
  other.loop.start()
  await other.loop.stop()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(rounds).toBe(2)
})

test('tells of rounds in which something was done or went wrong, and of no others', async () => {
  const rounds = [report(), report({ done: { RemindCase: 2 } }), report({ failures: 1 }), report()]
  const { loop, reports } = recurring(async () => rounds.shift() ?? report())
  loop.start()
  await vi.advanceTimersByTimeAsync(120_000)
  await loop.stop()
  expect(reports).toMatchObject([{ done: { RemindCase: 2 } }, { failures: 1 }])
})

test('keeps no process alive', async () => {
  vi.useRealTimers()
  const keeping = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
  const before = keeping()
  const { loop } = recurring(async () => report())
  loop.start()
  expect(keeping()).toBe(before)
  const other = setTimeout(() => {}, 1_000)
  expect(keeping()).toBe(before + 1)
  clearTimeout(other)
  await loop.stop()
})
