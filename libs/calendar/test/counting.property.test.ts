import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildCalendar, computeDeadline, dayOf, explainPeriod, recomputeDeadline } from '../src/index.ts'
import type { Deadline, Duration } from '../src/index.ts'
import { calendar, deadlineFor, inShanghai, lastDay, norm, notices, now } from './fixtures.ts'

const FIRST_MS = Temporal.Instant.from('2006-06-01T00:00:00Z').epochMilliseconds
const LAST_MS = Temporal.Instant.from('2028-06-01T00:00:00Z').epochMilliseconds

function instant(milliseconds: number): string {
  return Temporal.Instant.fromEpochMilliseconds(milliseconds).toString({ smallestUnit: 'millisecond' })
}

const start = fc.integer({ min: FIRST_MS, max: LAST_MS })
const units: Duration['unit'][] = ['hours', 'working-days', 'calendar-days']
const within = fc.record({ amount: fc.integer({ min: 1, max: 60 }), unit: fc.constantFrom(...units) })
const endsAt = fc.constantFrom('midnight' as const, 'close-of-business' as const)

/** The rules once more, read off the notices day by day, with nothing of ours but what the notices say. */
function isWorked(day: Temporal.PlainDate): boolean {
  for (const notice of notices.toReversed()) {
    const listed = notice.days.find(({ date }) => date === day.toString())
    if (listed !== undefined) return !listed.off
  }
  return day.dayOfWeek <= 5
}

function naiveLastDay(startedAt: string, { amount, unit }: Duration): string {
  let day = Temporal.Instant.from(startedAt).toZonedDateTimeISO('Asia/Shanghai').toPlainDate()
  let left = amount
  while (left > 0) {
    day = day.add({ days: 1 })
    if (unit === 'calendar-days' || isWorked(day)) left--
  }
  if (unit === 'calendar-days') {
    while (!isWorked(day)) day = day.add({ days: 1 })
  }
  return day.toString()
}

function explain(milliseconds: number, period: Duration, end: 'midnight' | 'close-of-business' = 'midnight') {
  return explainPeriod({ startedAt: instant(milliseconds), within: period, endsAt: end, calendar })
}

describe('counting', () => {
  test('agrees with a naive count', () => {
    fc.assert(
      fc.property(start, within, endsAt, (milliseconds, period, end) => {
        const { due } = explain(milliseconds, period, end)
        if (period.unit === 'hours') {
          expect(Temporal.Instant.from(due).epochMilliseconds).toBe(milliseconds + period.amount * 3_600_000)
          return
        }
        const closing = end === 'midnight' ? '23:59:59.999' : '17:30:00.000'
        expect(inShanghai(due)).toBe(`${naiveLastDay(instant(milliseconds), period)} ${closing}`)
      }),
      { numRuns: 400 },
    )
  })

  test('lists every day from the start to the last without gap, and counts exactly the amount', () => {
    fc.assert(
      fc.property(start, within, (milliseconds, period) => {
        const { due, days } = explain(milliseconds, period)
        const dates = days.map(({ date }) => Temporal.PlainDate.from(date))
        expect(days[0]?.date).toBe(inShanghai(instant(milliseconds)).slice(0, 10))
        expect(days.at(-1)?.date).toBe(lastDay(due))
        for (const [index, date] of dates.entries()) {
          expect(date.equals((dates[0] ?? date).add({ days: index }))).toBe(true)
        }
        if (period.unit !== 'hours') expect(days.filter(({ counted }) => counted)).toHaveLength(period.amount)
      }),
    )
  })

  test('in days ends on a working day', () => {
    fc.assert(
      fc.property(start, within, (milliseconds, period) => {
        fc.pre(period.unit !== 'hours')
        expect(dayOf(calendar, lastDay(explain(milliseconds, period).due)).working).toBe(true)
      }),
    )
  })

  test('from a later start ends no earlier', () => {
    fc.assert(
      fc.property(start, fc.integer({ min: 0, max: 20 * 86_400_000 }), within, endsAt, (first, more, period, end) => {
        expect(explain(first, period, end).due <= explain(first + more, period, end).due).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  test('one more working day or hour ends later, one more calendar day no earlier', () => {
    fc.assert(
      fc.property(start, within, (milliseconds, period) => {
        const more = explain(milliseconds, { ...period, amount: period.amount + 1 }).due
        const { due } = explain(milliseconds, period)
        expect(period.unit === 'calendar-days' ? due <= more : due < more).toBe(true)
      }),
    )
  })

  test('goes the same for every moment of a day', () => {
    fc.assert(
      fc.property(start, within, (milliseconds, period) => {
        fc.pre(period.unit !== 'hours')
        const dayStart = Math.floor((milliseconds + 28_800_000) / 86_400_000) * 86_400_000 - 28_800_000
        expect(explain(dayStart, period)).toEqual(explain(milliseconds, period))
        expect(explain(dayStart + 86_399_999, period)).toEqual(explain(milliseconds, period))
      }),
    )
  })
})

describe('a calendar', () => {
  // From 29 December on, as a notice for 2027 may.
  const day = fc
    .integer({ min: -3, max: 364 })
    .map((offset) => Temporal.PlainDate.from('2027-01-01').add({ days: offset }).toString())
  const notice = fc
    .uniqueArray(day, { minLength: 1, maxLength: 60 })
    .chain((dates) => fc.tuple(...dates.map((date) => fc.record({ date: fc.constant(date), off: fc.boolean() }))))
    .map((days) => ({ year: 2027, source: 'test', days: days.map((listed) => ({ ...listed, name: '测试' })) }))

  function deadlineOf(milliseconds: number, periods: readonly Duration[]): Deadline {
    const norms = periods.map((period, index) => norm({ id: `norm-${index}`, within: period }))
    const deadline = deadlineFor({ startedAt: instant(milliseconds), norms, now })
    if (deadline === null) throw new Error('no norm applies')
    return deadline
  }

  const periods = fc.array(within, { minLength: 1, maxLength: 4 })

  test('counted by again changes nothing', () => {
    fc.assert(
      fc.property(start, periods, (milliseconds, list) => {
        const deadline = deadlineOf(milliseconds, list)
        expect(recomputeDeadline(deadline, calendar)).toEqual(deadline)
      }),
    )
  })

  test('that learns a new year moves only deadlines that were provisional', () => {
    const from = Temporal.Instant.from('2026-12-01T00:00:00Z').epochMilliseconds
    const until = Temporal.Instant.from('2027-12-01T00:00:00Z').epochMilliseconds
    const inDays = fc.record({
      amount: fc.integer({ min: 1, max: 20 }),
      unit: fc.constantFrom(...units.filter((unit) => unit !== 'hours')),
    })
    const mixed = fc.array(fc.oneof({ weight: 9, arbitrary: inDays }, { weight: 1, arbitrary: within }), {
      minLength: 1,
      maxLength: 4,
    })
    const learnt = fc.array(notice, { minLength: 4, maxLength: 4 })
    let moved = 0
    fc.assert(
      fc.property(
        learnt,
        fc.array(fc.tuple(fc.integer({ min: from, max: until }), mixed), { minLength: 50 }),
        (year, all) => {
          const later = buildCalendar([...notices, ...year])
          for (const [milliseconds, list] of all) {
            const deadline = deadlineOf(milliseconds, list)
            if (recomputeDeadline(deadline, later).due === deadline.due) continue
            expect(deadline.provisional).toBe(true)
            moved++
          }
        },
      ),
      { numRuns: 15 },
    )
    expect(moved).toBeGreaterThan(50)
  })

  test('that learns a year that a deadline does not touch changes nothing but the calendar’s name', () => {
    const later = buildCalendar([
      ...notices,
      { year: 2027, source: 'test', days: [{ date: '2027-01-01', name: '元旦', off: true }] },
    ])
    const known = fc.integer({
      min: Temporal.Instant.from('2007-01-01T00:00:00Z').epochMilliseconds,
      max: Temporal.Instant.from('2026-06-01T00:00:00Z').epochMilliseconds,
    })
    fc.assert(
      fc.property(known, periods, (milliseconds, list) => {
        const deadline = deadlineOf(milliseconds, list)
        expect(recomputeDeadline(deadline, later)).toEqual({ ...deadline, calendarVersion: later.version })
      }),
    )
  })

  test('answers the same, whatever the order of the norms', () => {
    fc.assert(
      fc.property(start, periods, (milliseconds, list) => {
        const norms = list.map((period, index) => norm({ id: `norm-${index}`, within: period }))
        const question = { startedAt: instant(milliseconds), norms }
        expect(deadlineFor({ ...question, norms: norms.toReversed() })).toEqual(deadlineFor(question))
      }),
    )
  })
})

test('a deadline costs a fraction of a millisecond', () => {
  const question = {
    norms: [norm()],
    facts: { kind: 'message' as const, origin: 'live' as const },
    purpose: 'final-answer' as const,
    startsAt: 'received' as const,
    now,
    calendar,
  }
  const before = performance.now()
  for (let index = 0; index < 1_000; index++) {
    computeDeadline({ ...question, startedAt: instant(FIRST_MS + index * 86_400_000) })
  }
  expect(performance.now() - before).toBeLessThan(500)
})
