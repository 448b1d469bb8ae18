import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { buildCalendar, dayOf, emptyCalendar } from '../src/index.ts'
import { calendar, notices, sharedHolidays } from './fixtures.ts'

interface HolidayFile {
  days: { date: string; isOffDay: boolean }[]
}

describe('the shipped calendar', () => {
  test.skipIf(sharedHolidays === null)('agrees with the published table on every day of 2007–2026', () => {
    const published = new Map<string, boolean>()
    for (let year = 2007; year <= 2026; year++) {
      const file = JSON.parse(readFileSync(`${sharedHolidays}${year}.json`, 'utf8')) as HolidayFile
      for (const { date, isOffDay } of file.days) published.set(date, isOffDay)
    }
    const disagreements: string[] = []
    let days = 0
    let day = Temporal.PlainDate.from('2006-12-30')
    while (Temporal.PlainDate.compare(day, '2026-12-31') <= 0) {
      const off = published.get(day.toString()) ?? day.dayOfWeek > 5
      if (dayOf(calendar, day.toString()).working === off) disagreements.push(day.toString())
      day = day.add({ days: 1 })
      days++
    }
    expect(disagreements).toEqual([])
    expect(days).toBe(7_305 + 2)
  })

  test.each([
    ['2006-12-30', 'make-up-working-day', 'a Saturday worked by the notice for 2007'],
    ['2007-12-31', 'holiday', 'a Monday off by the notice for 2008'],
    ['2007-12-29', 'make-up-working-day', 'the Saturday worked for it'],
    ['2011-12-31', 'make-up-working-day', 'a Saturday worked by the notice for 2012'],
    ['2012-02-29', 'working-day', 'a leap day'],
    ['2014-04-06', 'weekend', 'a Sunday between two listed days of 清明节'],
    ['2015-09-03', 'holiday', 'off by the paper of May 2015'],
    ['2015-09-06', 'make-up-working-day', 'worked by the paper of May 2015'],
    ['2018-12-31', 'holiday', 'off by the notice for 2019'],
    ['2019-04-28', 'make-up-working-day', 'worked by the paper of March 2019'],
    ['2019-05-02', 'holiday', 'off by the paper of March 2019'],
    ['2020-01-31', 'holiday', 'the Spring Festival of 2020 was lengthened'],
    ['2020-02-01', 'holiday', 'first a make-up day, then off by the paper of January 2020'],
    ['2020-02-03', 'working-day', 'a Monday that a paper lists as worked is no make-up day'],
    ['2022-12-31', 'holiday', 'a Saturday off by the notice for 2023'],
    ['2023-10-07', 'make-up-working-day', 'a Saturday after the National Day week'],
    ['2024-02-09', 'working-day', 'New Year’s Eve was no holiday in 2024'],
    ['2025-01-26', 'make-up-working-day', 'a Sunday before the Spring Festival'],
    ['2026-02-23', 'holiday', 'the ninth day of the Spring Festival'],
    ['2026-09-20', 'make-up-working-day', 'a Sunday in September'],
    ['2026-11-23', 'working-day', 'a Monday'],
    ['2026-11-22', 'weekend', 'a Sunday'],
  ])('%s is a %s: %s', (date, reason) => {
    const day = dayOf(calendar, date)
    expect(day.reason).toBe(reason)
    expect(day.working).toBe(reason === 'working-day' || reason === 'make-up-working-day')
    expect(day.known).toBe(true)
  })

  test('names a holiday as its notice does', () => {
    expect(dayOf(calendar, '2015-09-03').name).toBe('抗日战争暨世界反法西斯战争胜利70周年纪念日')
    expect(dayOf(calendar, '2026-11-23').name).toBeNull()
  })

  test('does not know 2027: weekdays are taken as worked, and nothing is sure', () => {
    expect(dayOf(calendar, '2027-01-01')).toEqual({
      date: '2027-01-01',
      working: true,
      reason: 'working-day',
      name: null,
      known: false,
    })
    expect(dayOf(calendar, '2027-05-01')).toMatchObject({ working: false, reason: 'weekend', known: false })
  })

  test('does not know the days around the New Year before the next notice is out', () => {
    expect(dayOf(calendar, '2026-12-28').known).toBe(true)
    expect(dayOf(calendar, '2026-12-29').known).toBe(false)
    expect(dayOf(calendar, '2025-12-31').known).toBe(true)
  })

  test('does not know the year before its first notice, but what that notice lists of it', () => {
    expect(dayOf(calendar, '2006-12-29').known).toBe(false)
    expect(dayOf(calendar, '2006-12-31')).toMatchObject({ working: true, known: true })
  })

  test('names its version by the years and what it holds', () => {
    expect(calendar.version).toMatch(/^2007-2026\/[0-9a-f]{8}$/)
    expect(buildCalendar(notices).version).toBe(calendar.version)
    expect(buildCalendar(notices.slice(1)).version).not.toBe(calendar.version)
  })

  test('refuses what is no day', () => {
    expect(() => dayOf(calendar, '2026-02-29')).toThrowError(expect.objectContaining({ code: 'DAY_INVALID' }))
    expect(() => dayOf(calendar, 'tomorrow')).toThrowError(expect.objectContaining({ code: 'DAY_INVALID' }))
  })
})

describe('a calendar of notices', () => {
  const source = '国办发明电〔2027〕1号'
  const first = { year: 2028, source, days: [{ date: '2028-01-03', name: '元旦', off: true }] }

  test('without any knows no year', () => {
    expect(buildCalendar([])).toBe(emptyCalendar)
    expect(dayOf(emptyCalendar, '2026-01-01')).toMatchObject({ working: true, known: false })
  })

  test('takes the later of two notices for the days that both list', () => {
    const amended = { ...first, days: [{ date: '2028-01-03', name: '元旦', off: false }] }
    expect(dayOf(buildCalendar([first, amended]), '2028-01-03').working).toBe(true)
    expect(dayOf(buildCalendar([amended, first]), '2028-01-03').working).toBe(false)
  })

  test('leaves unknown a year between two that it knows', () => {
    const gap = buildCalendar([...notices, first])
    expect(dayOf(gap, '2027-06-01').known).toBe(false)
    expect(dayOf(gap, '2028-06-01').known).toBe(true)
  })

  test('holds a bounded number of notices', () => {
    const many = Array.from({ length: 501 }, () => first)
    expect(() => buildCalendar(many)).toThrowError(expect.objectContaining({ code: 'NOTICES_TOO_MANY' }))
  })
})
