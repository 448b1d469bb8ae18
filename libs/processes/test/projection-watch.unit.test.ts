import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ProjectionWatch } from '../src/index.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function watched() {
  const positions: Record<string, string> = { casework: '0005' }
  const failures: unknown[] = []
  let isAway = false
  let asked = 0
  const watch = new ProjectionWatch({
    views: {
      progress: (projection) => {
        asked += 1
        if (isAway) return Promise.reject(new Error('away'))
        const position = positions[projection]
        return Promise.resolve({ position: position ?? 'start', asOf: null, version: position ? 1 : null })
      },
    },
    projections: ['casework', 'intake'],
    onFailure: (error) => failures.push(error),
  })
  return { watch, positions, failures, asked: () => asked, goAway: (away: boolean) => (isAway = away) }
}

test('knows from its start how far projections are, and of one that was never built nothing', async () => {
  const { watch } = watched()
  await watch.start()
  expect(watch.checkpoint('casework')).toBe('0005')
  expect(watch.checkpoint('intake')).toBeNull()
  await watch.stop()
})

test('whoever waits for a token hears of it soon after another process has written it', async () => {
  const { watch, positions } = watched()
  await watch.start()
  expect(await watch.reached('casework', '0005')).toBe(true)
  const reached = watch.reached('casework', '0007')
  await vi.advanceTimersByTimeAsync(100)
  positions['casework'] = '0008'
  await vi.advanceTimersByTimeAsync(50)
  expect(await reached).toBe(true)
  await watch.stop()
})

test('waits no longer than it is told', async () => {
  const { watch } = watched()
  await watch.start()
  const reached = watch.reached('casework', '0007', 2_000)
  await vi.advanceTimersByTimeAsync(2_000)
  expect(await reached).toBe(false)
  await watch.stop()
})

test('asks often only while somebody waits', async () => {
  const { watch, asked } = watched()
  await watch.start()
  const before = asked()
  await vi.advanceTimersByTimeAsync(5_000)
  expect(asked() - before).toBeLessThanOrEqual(20)
  await watch.stop()
})

test('a read store that is away for a while is asked again, and what was known stays known', async () => {
  const { watch, positions, failures, goAway } = watched()
  await watch.start()
  goAway(true)
  positions['casework'] = '0009'
  await vi.advanceTimersByTimeAsync(2_000)
  expect(failures.length).toBeGreaterThan(0)
  expect(watch.checkpoint('casework')).toBe('0005')
  goAway(false)
  await vi.advanceTimersByTimeAsync(2_000)
  expect(watch.checkpoint('casework')).toBe('0009')
  await watch.stop()
})

test('tells of progress once each, of what this process keeps itself as well', async () => {
  const { watch, positions } = watched()
  const heard: string[] = []
  watch.onProgress((projection, checkpoint) => heard.push(`${projection} ${checkpoint}`))
  await watch.start()
  watch.note('search', '0004')
  positions['casework'] = '0006'
  await vi.advanceTimersByTimeAsync(3_000)
  expect(heard).toEqual(['casework 0005', 'search 0004', 'casework 0006'])
  await watch.stop()
})

test('who waits when it stops is told at once that nothing was reached', async () => {
  const { watch } = watched()
  await watch.start()
  const reached = watch.reached('casework', '0007')
  await watch.stop()
  expect(await reached).toBe(false)
})
