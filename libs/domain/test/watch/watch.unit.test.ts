import { buildCalendar } from '#calendar'
import { dailyMoment, evolveWatch, initialWatch, watchCommands, watchDayAt, watchEventFormats, weekOf } from '#domain'
import type { WatchEvent } from '#domain'
import { describe, expect, test } from 'vitest'
import { contextOf, county } from '../support/context.ts'
import { specification } from '../support/spec.ts'

const { given } = specification({
  initial: initialWatch,
  evolve: evolveWatch,
  formats: watchEventFormats,
  commands: watchCommands,
})

/** The week of 5 October 2026: the holiday lasts until Wednesday, Saturday is worked. */
const holiday = {
  year: 2026,
  source: '国办发明电',
  days: [
    ...['05', '06', '07'].map((day) => ({ date: `2026-10-${day}`, name: '国庆节', off: true })),
    { date: '2026-10-10', name: '国庆节', off: false },
  ],
}
const settings = { ...county('housing'), calendar: buildCalendar([holiday]) }
const at = (local: string) => contextOf({ now: new Date(`${local}+08:00`).toISOString(), settings })

const none = { total: 0, entries: [] }
const sections = {
  toSign: none,
  dueToday: none,
  overdue: none,
  promisesDue: none,
  promisesOverdue: none,
  promisesStalled: none,
  rechecksDue: none,
}
const list = (date: string, department = 'housing') => ({ department, date, ...sections })
const drawn = (date: string): WatchEvent => ({ type: 'WatchListDrawn', data: list(date) })

describe('the daily list', () => {
  test('is drawn on a working day from half past eight, once', () => {
    given().when('DrawWatchList', list('2026-10-08'), at('2026-10-08T08:30')).thenEvents(drawn('2026-10-08'))
    given().when('DrawWatchList', list('2026-10-08'), at('2026-10-08T23:59')).thenEvents(drawn('2026-10-08'))
    given(drawn('2026-10-08')).when('DrawWatchList', list('2026-10-08'), at('2026-10-08T09:00')).thenNothing()
  })

  test('is drawn on a make-up working day, and not on a day off', () => {
    given().when('DrawWatchList', list('2026-10-10'), at('2026-10-10T09:00')).thenEvents(drawn('2026-10-10'))
    given().when('DrawWatchList', list('2026-10-07'), at('2026-10-07T09:00')).thenRefused('WATCH_LIST_NOT_DUE')
    given().when('DrawWatchList', list('2026-10-11'), at('2026-10-11T09:00')).thenRefused('WATCH_LIST_NOT_DUE')
  })

  test('is never drawn before its hour, nor for another day', () => {
    given().when('DrawWatchList', list('2026-10-08'), at('2026-10-08T08:29:59.999')).thenRefused('WATCH_LIST_NOT_DUE')
    given().when('DrawWatchList', list('2026-10-08'), at('2026-10-09T09:00')).thenRefused('WATCH_LIST_NOT_DUE')
    given().when('DrawWatchList', list('2026-10-09'), at('2026-10-08T09:00')).thenRefused('WATCH_LIST_NOT_DUE')
  })

  test('is drawn for active departments', () => {
    given()
      .when('DrawWatchList', list('2026-10-08', 'former'), at('2026-10-08T09:00'))
      .thenRefused('UNKNOWN_DEPARTMENT')
  })

  test('names no more than it can hold', () => {
    const entry = { caseId: '0190a1b2-c3d4-8e5f-8a6b-7c8d9e0f1a2b', routedAt: '2026-10-08T00:00:00.000Z' }
    const toSign = (count: number) => ({ total: count, entries: Array.from({ length: count }, () => entry) })
    const { schema } = watchCommands.DrawWatchList
    expect(schema.safeParse({ ...list('2026-10-08'), toSign: toSign(200) }).success).toBe(true)
    expect(schema.safeParse({ ...list('2026-10-08'), toSign: toSign(201) }).success).toBe(false)
  })
})

describe('the weekly reminder', () => {
  const week = { department: 'housing', from: '2026-10-08', to: '2026-10-11', deadlinesDue: none, promisesDue: none }
  const reminded: WatchEvent = { type: 'WeeklyReminderGiven', data: week }

  test('is given on the first working day of the week, once', () => {
    given().when('GiveWeeklyReminder', week, at('2026-10-08T08:30')).thenEvents(reminded)
    given(reminded).when('GiveWeeklyReminder', week, at('2026-10-09T08:30')).thenNothing()
  })

  test('is given later in the week where nothing ran on its first day, but for no other week', () => {
    given(drawn('2026-10-08')).when('GiveWeeklyReminder', week, at('2026-10-09T10:00')).thenEvents(reminded)
    given().when('GiveWeeklyReminder', week, at('2026-10-12T10:00')).thenRefused('WATCH_LIST_NOT_DUE')
    given()
      .when('GiveWeeklyReminder', { ...week, from: '2026-10-09' }, at('2026-10-09T10:00'))
      .thenRefused('WATCH_LIST_NOT_DUE')
    given()
      .when('GiveWeeklyReminder', { ...week, to: '2026-12-31' }, at('2026-10-08T10:00'))
      .thenRefused('WATCH_LIST_NOT_DUE')
  })

  test('is given on working days only, to active departments', () => {
    given().when('GiveWeeklyReminder', week, at('2026-10-07T10:00')).thenRefused('WATCH_LIST_NOT_DUE')
    given()
      .when('GiveWeeklyReminder', { ...week, department: 'former' }, at('2026-10-08T09:00'))
      .thenRefused('UNKNOWN_DEPARTMENT')
  })
})

describe('days and hours', () => {
  test('the hour is the county’s, in Shanghai', () => {
    expect(dailyMoment('2026-10-08', settings)).toBe('2026-10-08T00:30:00.000Z')
    const reminders = { ...settings.reminders, dailyAt: '00:00' }
    expect(dailyMoment('2026-10-08', { reminders })).toBe('2026-10-07T16:00:00.000Z')
    expect(watchDayAt('2026-10-08T00:29:59.999Z', settings)).toBeNull()
    expect(watchDayAt('2026-10-08T00:30:00.000Z', settings)).toBe('2026-10-08')
  })

  test('a week runs from Monday to Sunday', () => {
    for (const day of ['2026-10-05', '2026-10-08', '2026-10-11']) {
      expect(weekOf(day, settings.calendar)).toEqual({
        monday: '2026-10-05',
        sunday: '2026-10-11',
        firstWorking: '2026-10-08',
      })
    }
  })

  test('a week that is all holiday has no first working day', () => {
    const days = Array.from({ length: 7 }, (_, at) => ({
      date: `2026-10-${String(5 + at).padStart(2, '0')}`,
      name: '国庆节',
      off: true,
    }))
    expect(weekOf('2026-10-07', buildCalendar([{ ...holiday, days }])).firstWorking).toBeNull()
  })
})
