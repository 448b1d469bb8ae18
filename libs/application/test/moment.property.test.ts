import { buildCalendar, dayOf } from '#calendar'
import { dailyMoment, dayAt, daysAfter, settingsOf, initialSettingsState } from '#domain'
import type { Settings } from '#domain'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { OpenDeadline } from '../src/projections/casework/case-document.ts'
import { hourlyWarningsUntil, momentAt, nextDailyMoment, warningsUntil, warnsAt } from '../src/sentinel/moment.ts'

const DAY_MS = 86_400_000
const START = Date.parse('2026-01-01T00:00:00.000Z')

/** A year with holidays and make-up days at random. */
const settings = fc
  .record({
    days: fc.uniqueArray(fc.record({ at: fc.integer({ min: 0, max: 364 }), off: fc.boolean() }), {
      selector: ({ at }) => at,
      maxLength: 60,
    }),
    warnWorkingDaysBefore: fc.integer({ min: 0, max: 5 }),
    warnHoursBefore: fc.integer({ min: 1, max: 48 }),
    dailyAt: fc.constantFrom('00:00', '08:30', '23:59'),
  })
  .map(({ days, ...reminders }): Settings => {
    const listed = days.map(({ at, off }) => ({ date: daysAfter('2026-01-01', at), name: '节', off }))
    const calendar = buildCalendar([{ year: 2026, source: '测试', days: listed }])
    const base = settingsOf(initialSettingsState)
    return { ...base, calendar, reminders: { ...reminders, promiseDaysBefore: 7 } }
  })
const deadline = fc
  .record({
    startMs: fc.integer({ min: 0, max: 300 * DAY_MS }),
    lengthMs: fc.integer({ min: 3_600_000, max: 30 * DAY_MS }),
    inHours: fc.boolean(),
    endsAnywhere: fc.boolean(),
  })
  .map(({ startMs, lengthMs, inHours, endsAnywhere }) => {
    const startedAt = new Date(START + startMs).toISOString()
    const dueMs = START + startMs + lengthMs
    // Counted in days, it ends as a day does, or where a person said.
    const due =
      inHours || endsAnywhere ? dueMs : Math.ceil((dueMs + 8 * 3_600_000) / DAY_MS) * DAY_MS - 8 * 3_600_000 - 1
    return { startedAt, due: new Date(due).toISOString(), inHours } as OpenDeadline
  })

/** The mornings at which a deadline might be warned of, found a day at a time; `before`: working days from it to the last. */
function mornings({ startedAt, due }: OpenDeadline, settings: Settings): { at: string; before: number }[] {
  const found = []
  const last = dayAt(due)
  let before = dayOf(settings.calendar, last).working ? 0 : 1
  for (let day = last; day > dayAt(startedAt); day = daysAfter(day, -1)) {
    const { working } = dayOf(settings.calendar, day)
    const at = dailyMoment(day, settings)
    if ((working || day === last) && at <= due) found.push({ at, before: working ? before : -1 })
    if (working) before += 1
  }
  return found
}

test('a warning comes after the start and before the end; by days on the morning set, else on the last there is', () => {
  const reached = { wanted: 0, last: 0, none: 0 }
  fc.assert(
    fc.property(settings, deadline, (settings, deadline) => {
      const at = warnsAt(deadline, settings)
      expect(at > deadline.startedAt && at <= deadline.due).toBe(true)
      if (deadline.inHours) return
      const all = mornings(deadline, settings)
      const isOff = !dayOf(settings.calendar, dayAt(deadline.due)).working
      const wanted = all.find(({ before }) => before === settings.reminders.warnWorkingDaysBefore + (isOff ? 1 : 0))
      if (wanted !== undefined) reached.wanted += 1
      else if (all.length > 0) reached.last += 1
      else reached.none += 1
      const expected = wanted ?? all[0]
      if (expected !== undefined) expect(at).toBe(expected.at)
    }),
    { numRuns: 500 },
  )
  expect(Math.min(...Object.values(reached))).toBeGreaterThan(3)
})

test('whatever is to be warned of lies before where one looks, whenever one looks', () => {
  fc.assert(
    fc.property(settings, deadline, fc.double({ min: 0, max: 1, noNaN: true }), (settings, deadline, part) => {
      const from = Date.parse(warnsAt(deadline, settings))
      const now = Math.floor(from + (Date.parse(deadline.due) - from) * part)
      const until = deadline.inHours ? hourlyWarningsUntil : warningsUntil
      expect(deadline.due <= until(momentAt(now, settings))).toBe(true)
    }),
    { numRuns: 1_000 },
  )
})

test('lists come next on a working day at their hour, with none between', () => {
  fc.assert(
    fc.property(settings, fc.integer({ min: 0, max: 330 * DAY_MS }), (settings, after) => {
      const moment = momentAt(START + after, settings)
      const next = nextDailyMoment(moment)
      expect(next > moment.now).toBe(true)
      expect(momentAt(Date.parse(next), settings).watchDay).toBe(dayAt(next))
      expect(next).toBe(dailyMoment(dayAt(next), settings))
      for (let day = moment.day; day < dayAt(next); day = daysAfter(day, 1)) {
        const isBetween = dailyMoment(day, settings) > moment.now && dayOf(settings.calendar, day).working
        expect(isBetween).toBe(false)
      }
    }),
    { numRuns: 500 },
  )
})
