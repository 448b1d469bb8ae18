import { expect, test } from 'vitest'
import { DAY_MS, dateOf, dayNumberOf } from '../src/day.ts'

test('dates and numbers of every day of 1949 to 2200 are what Temporal says they are', () => {
  const first = dayNumberOf('1949-01-01')
  const last = dayNumberOf('2200-12-31')
  const wrong = []
  for (let day = first; day <= last; day++) {
    const date = Temporal.Instant.fromEpochMilliseconds(day * DAY_MS)
      .toString()
      .slice(0, 10)
    if (dateOf(day) !== date || dayNumberOf(date) !== day) wrong.push(date)
  }
  expect(wrong).toEqual([])
})

test.each(['2026-02-30', '2025-02-29', '2026-13-01', '2026-00-10', '2026-1-1', '26-01-01', '', '2026-11-23T00:00'])(
  '%j is no day',
  (text) => expect(() => dayNumberOf(text)).toThrow('is no day'),
)
