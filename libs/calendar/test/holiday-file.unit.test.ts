import { describe, expect, test } from 'vitest'
import { holidayNotice, holidayNoticesFrom } from '../src/index.ts'
import { notices } from './fixtures.ts'

function problems(notice: object) {
  const result = holidayNoticesFrom({ notices: [{ year: 2026, source: '国办发明电〔2025〕7号', ...notice }] })
  return result.outcome === 'accepted' ? [] : result.problems.map(({ code, place }) => [code, place])
}

describe('a file of holiday notices', () => {
  test('lists ranges and single days with their names', () => {
    const content = {
      notices: [
        { year: 2026, source: '通知', off: ['2026-01-01..2026-01-03 元旦'], work: ['2026-01-04 元旦'] },
        { year: 2027, source: '通知', off: ['2026-12-31..2027-01-01 元旦'] },
      ],
    }
    expect(holidayNoticesFrom(content)).toEqual({
      outcome: 'accepted',
      notices: [
        {
          year: 2026,
          source: '通知',
          days: [
            { date: '2026-01-01', name: '元旦', off: true },
            { date: '2026-01-02', name: '元旦', off: true },
            { date: '2026-01-03', name: '元旦', off: true },
            { date: '2026-01-04', name: '元旦', off: false },
          ],
        },
        {
          year: 2027,
          source: '通知',
          days: [
            { date: '2026-12-31', name: '元旦', off: true },
            { date: '2027-01-01', name: '元旦', off: true },
          ],
        },
      ],
    })
  })

  test('as shipped gives 23 notices for 20 years, each of the form that is stored', () => {
    expect(notices).toHaveLength(23)
    expect(new Set(notices.map((notice) => notice.year)).size).toBe(20)
    for (const notice of notices) expect(holidayNotice.parse(notice)).toEqual(notice)
    for (const notice of notices) expect(notice.source).toMatch(/^https:\/\/www\.gov\.cn\//)
  })

  test.each([
    [{ off: ['2026-01-01'] }, 'DAY_ENTRY_INVALID', 'notices[0].off[0]'],
    [{ off: ['2026-02-30 春节'] }, 'DAY_ENTRY_INVALID', 'notices[0].off[0]'],
    [{ off: ['1 January 元旦'] }, 'DAY_ENTRY_INVALID', 'notices[0].off[0]'],
    [{ off: ['2026-01-03..2026-01-01 元旦'] }, 'RANGE_INVALID', 'notices[0].off[0]'],
    [{ off: ['2026-01-01..2026-02-01 元旦'] }, 'RANGE_INVALID', 'notices[0].off[0]'],
    [{ off: ['2026-01-01 元旦'], work: ['2026-01-01 元旦'] }, 'DAY_TWICE', 'notices[0]'],
    [{ off: ['2062-01-01 元旦'] }, 'DAY_OUT_OF_PLACE', 'notices[0]'],
    [{ off: ['2026-01-01 元旦'], rest: [] }, 'KEY_UNKNOWN', 'notices[0]'],
    [{ off: [20260101] }, 'SHAPE_INVALID', 'notices[0].off[0]'],
    [{ off: ['2026-01-01 元旦'], year: '2026' }, 'SHAPE_INVALID', 'notices[0].year'],
  ])('with %j is refused: %s at %s', (notice, code, place) => {
    expect(problems(notice)).toContainEqual([code, place])
  })

  test('without a day, or without notices, is refused', () => {
    expect(problems({})).toEqual([['NOTICE_EMPTY', 'notices[0]']])
    for (const content of [null, [], 'holidays', {}, { notices: [] }]) {
      expect(holidayNoticesFrom(content)).toMatchObject({ outcome: 'refused' })
    }
  })
})
