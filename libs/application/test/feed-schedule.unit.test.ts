import { expect, test } from 'vitest'
import { retryAfterMs, waitMs } from '../src/intake/feeds/feed-schedule.ts'

const MINUTE_MS = 60_000

test('a feed that is well is looked at as often as it says, within a tenth', () => {
  expect(waitMs(15, 0, 0.5)).toBe(15 * MINUTE_MS)
  expect(waitMs(15, 0, 0)).toBe(13.5 * MINUTE_MS)
  expect(waitMs(15, 0, 1)).toBe(16.5 * MINUTE_MS)
})

test('each failure doubles the wait, up to six hours or its own if that is longer', () => {
  const waits = [0, 1, 2, 3, 4, 5, 10, 1_000_000].map((failures) => waitMs(15, failures, 0.5) / MINUTE_MS)
  expect(waits).toEqual([15, 30, 60, 120, 240, 360, 360, 360])
  expect(waitMs(1_440, 5, 0.5)).toBe(1_440 * MINUTE_MS)
})

test('a site is left alone as long as it asks, for a day at most', () => {
  const now = Date.parse('2026-03-02T01:00:00.000Z')
  expect(waitMs(15, 1, 0.5, 7_200_000)).toBe(7_200_000)
  expect(waitMs(15, 1, 0.5, 1_000)).toBe(30 * MINUTE_MS)
  expect(waitMs(15, 1, 0.5, 1e12)).toBe(24 * 60 * MINUTE_MS)
  expect(retryAfterMs('120', now)).toBe(120_000)
  expect(retryAfterMs('Mon, 02 Mar 2026 02:00:00 GMT', now)).toBe(3_600_000)
  for (const nothing of [undefined, '', 'soon', 'Mon, 02 Mar 2020 02:00:00 GMT']) {
    expect(retryAfterMs(nothing, now)).toBe(0)
  }
})
