import { describe, expect, test } from 'vitest'
import { emptyCalendar, explainPeriod } from '../src/index.ts'
import type { Duration, Period } from '../src/index.ts'
import { calendar, inShanghai, lastDay, shanghai } from './fixtures.ts'

function explain(local: string, amount: number, unit: Duration['unit'], more: Partial<Period> = {}) {
  return explainPeriod({
    startedAt: shanghai(local),
    within: { amount, unit },
    endsAt: 'midnight',
    calendar,
    ...more,
  })
}

describe('a period in working days', () => {
  test.each([
    ['2026-11-06 20:00', 5, '2026-11-13', 'a message of Friday evening is due on the next Friday'],
    ['2026-11-07 10:00', 5, '2026-11-13', 'a message of Saturday too'],
    ['2026-11-08 10:00', 5, '2026-11-13', 'a message of Sunday too'],
    ['2026-11-09 00:00', 5, '2026-11-16', 'one of Monday, the first moment, a week later'],
    ['2026-11-08 23:59:59.999', 5, '2026-11-13', 'one of Sunday, the last moment, does not'],
    ['2026-02-13 09:00', 5, '2026-02-27', 'the Spring Festival of 2026: 14 worked, 15–23 off'],
    ['2026-02-14 09:00', 5, '2026-02-28', 'from its make-up Saturday to the next make-up Saturday'],
    ['2026-09-30 18:00', 3, '2026-10-10', 'the National Day week, the make-up Saturday counted'],
    ['2026-09-19 08:00', 1, '2026-09-20', 'a make-up Sunday is a working day'],
    ['2020-01-23 12:00', 5, '2020-02-07', 'the lengthened Spring Festival of 2020'],
    ['2019-04-26 12:00', 3, '2019-04-30', 'the amended May of 2019: Sunday the 28th worked'],
    ['2019-04-30 12:00', 1, '2019-05-05', 'and then the 1st to the 4th off, Sunday the 5th worked'],
    ['2018-12-28 12:00', 2, '2019-01-02', 'a year end whose days the next year’s notice moved'],
    ['2022-12-30 12:00', 1, '2023-01-03', 'another'],
    ['2024-02-28 12:00', 1, '2024-02-29', 'a leap day'],
    ['2023-02-28 12:00', 1, '2023-03-01', 'none in 2023'],
  ])('%s and %i working days: %s (%s)', (start, amount, expected) => {
    const { due, days } = explain(start, amount, 'working-days')
    expect(lastDay(due)).toBe(expected)
    expect(days.filter((day) => day.counted)).toHaveLength(amount)
  })

  test('ends at midnight: the last millisecond of the day is in time', () => {
    expect(inShanghai(explain('2026-11-06 20:00', 5, 'working-days').due)).toBe('2026-11-13 23:59:59.999')
  })

  test('or at close of business, 17:30 where the county says nothing else', () => {
    const closing = explain('2026-11-06 20:00', 5, 'working-days', { endsAt: 'close-of-business' })
    expect(inShanghai(closing.due)).toBe('2026-11-13 17:30:00.000')
    const early = explain('2026-11-06 20:00', 5, 'working-days', {
      endsAt: 'close-of-business',
      closeOfBusinessMinutes: 17 * 60,
    })
    expect(inShanghai(early.due)).toBe('2026-11-13 17:00:00.000')
  })

  test('is explained day by day', () => {
    expect(explain('2020-01-18 09:00', 5, 'working-days').days.slice(0, 8)).toEqual([
      { date: '2020-01-18', counted: false, reason: 'start', name: null },
      { date: '2020-01-19', counted: true, reason: 'make-up-working-day', name: '春节' },
      { date: '2020-01-20', counted: true, reason: 'working-day', name: null },
      { date: '2020-01-21', counted: true, reason: 'working-day', name: null },
      { date: '2020-01-22', counted: true, reason: 'working-day', name: null },
      { date: '2020-01-23', counted: true, reason: 'working-day', name: null },
    ])
    expect(explain('2026-04-30 09:00', 1, 'working-days').days.slice(1)).toEqual([
      { date: '2026-05-01', counted: false, reason: 'holiday', name: '劳动节' },
      { date: '2026-05-02', counted: false, reason: 'holiday', name: '劳动节' },
      { date: '2026-05-03', counted: false, reason: 'holiday', name: '劳动节' },
      { date: '2026-05-04', counted: false, reason: 'holiday', name: '劳动节' },
      { date: '2026-05-05', counted: false, reason: 'holiday', name: '劳动节' },
      { date: '2026-05-06', counted: true, reason: 'working-day', name: null },
    ])
    expect(explain('2026-11-06 20:00', 1, 'working-days').days.map((day) => day.reason)).toEqual([
      'start',
      'weekend',
      'weekend',
      'working-day',
    ])
  })

  test('of the longest amount stays within the longest explanation', () => {
    expect(explain('2007-01-04 09:00', 1_000, 'working-days').days.length).toBeLessThan(1_500)
  })

  test('is provisional as soon as a day to be counted or skipped is unknown', () => {
    expect(explain('2026-12-21 09:00', 5, 'working-days')).toMatchObject({ provisional: false })
    expect(explain('2026-12-21 09:00', 6, 'working-days')).toMatchObject({ provisional: true })
    expect(explain('2027-03-01 09:00', 1, 'working-days')).toMatchObject({ provisional: true })
    expect(explain('2026-11-09 09:00', 1, 'working-days', { calendar: emptyCalendar })).toMatchObject({
      provisional: true,
    })
  })

  test('does not ask about the day on which it starts', () => {
    expect(explain('2006-12-29 09:00', 2, 'working-days')).toMatchObject({ provisional: false })
  })
})

describe('a period in calendar days', () => {
  test.each([
    ['2026-11-09 09:00', 10, '2026-11-19', 'ends on a working day as it is'],
    ['2026-11-09 09:00', 5, '2026-11-16', 'ends on a Saturday: goes on to Monday'],
    ['2026-09-21 09:00', 10, '2026-10-08', 'ends on 1 October: goes on past the National Day week'],
    ['2026-09-10 09:00', 10, '2026-09-20', 'ends on a make-up Sunday: a working day'],
    ['2020-01-23 09:00', 1, '2020-02-03', 'ends on the first day of the Spring Festival of 2020'],
  ])('%s and %i days: %s (%s)', (start, amount, expected) => {
    const { due, days } = explain(start, amount, 'calendar-days')
    expect(lastDay(due)).toBe(expected)
    expect(days.filter((day) => day.counted)).toHaveLength(amount)
    expect(days.at(-1)?.date).toBe(expected)
  })

  test('says which days it went on over', () => {
    expect(explain('2026-11-12 09:00', 2, 'calendar-days').days).toEqual([
      { date: '2026-11-12', counted: false, reason: 'start', name: null },
      { date: '2026-11-13', counted: true, reason: 'calendar-day', name: null },
      { date: '2026-11-14', counted: true, reason: 'calendar-day', name: null },
      { date: '2026-11-15', counted: false, reason: 'rolled-over', name: null },
      { date: '2026-11-16', counted: false, reason: 'rolled-over', name: null },
    ])
  })

  test('is provisional only if a day on which it might end is unknown', () => {
    expect(explain('2026-12-01 09:00', 27, 'calendar-days')).toMatchObject({ provisional: false })
    expect(explain('2026-12-01 09:00', 28, 'calendar-days')).toMatchObject({ provisional: true })
  })
})

describe('a period in hours', () => {
  test('runs around the clock from the instant itself, days off or not', () => {
    expect(inShanghai(explain('2026-10-01 22:30:15.250', 5, 'hours').due)).toBe('2026-10-02 03:30:15.250')
    expect(inShanghai(explain('2026-02-28 12:00', 24, 'hours').due)).toBe('2026-03-01 12:00:00.000')
    expect(inShanghai(explain('2024-02-28 12:00', 24, 'hours').due)).toBe('2024-02-29 12:00:00.000')
    expect(inShanghai(explain('2026-12-31 00:00', 48, 'hours').due)).toBe('2027-01-02 00:00:00.000')
  })

  test('is the same on the nights on which other countries change their clocks', () => {
    expect(inShanghai(explain('2026-03-28 23:00', 5, 'hours').due)).toBe('2026-03-29 04:00:00.000')
    expect(inShanghai(explain('2026-10-24 23:00', 5, 'hours').due)).toBe('2026-10-25 04:00:00.000')
  })

  test('is never provisional, lists the days it touches and knows no close of business', () => {
    const { due, provisional, days } = explain('2026-12-31 20:00', 5, 'hours', { endsAt: 'close-of-business' })
    expect(inShanghai(due)).toBe('2027-01-01 01:00:00.000')
    expect(provisional).toBe(false)
    expect(days.map((day) => [day.date, day.reason])).toEqual([
      ['2026-12-31', 'hours'],
      ['2027-01-01', 'hours'],
    ])
  })
})

describe('a period that cannot be counted', () => {
  test.each([
    '2026-11-23',
    'yesterday',
    '2026-02-30T00:00:00.000Z',
    '0001-01-01T00:00:00.000Z',
    '9999-12-31T00:00:00.000Z',
  ])('starts at %s', (startedAt) => {
    expect(() =>
      explainPeriod({ startedAt, within: { amount: 1, unit: 'hours' }, endsAt: 'midnight', calendar }),
    ).toThrowError(expect.objectContaining({ code: 'INSTANT_INVALID' }))
  })

  test('goes on past 2,000 days', () => {
    expect(() => explain('2026-11-23 09:00', 2_000, 'calendar-days')).toThrowError(
      expect.objectContaining({ code: 'PERIOD_TOO_LONG' }),
    )
  })
})
