import { expect, test } from 'vitest'
import { DAY_MS, dateOf, dayNumberOf } from '../src/day.ts'

test('the date of every day of 1949 to 2200 is what Temporal says it is', () => {
  const first = dayNumberOf('1949-01-01')
  const last = dayNumberOf('2200-12-31')
  const wrong = []
  for (let day = first; day <= last; day++) {
    const date = Temporal.Instant.fromEpochMilliseconds(day * DAY_MS)
      .toString()
      .slice(0, 10)
    if (dateOf(day) !== date) wrong.push(date)
  }
  expect(wrong).toEqual([])
})
