import { describe, expect, test } from 'vitest'
import { HEADER, number, oneSheet, row, text, typed } from '../../../../test/support/workbook.ts'
import { readParts } from './files.ts'

/** What becomes of time cells: the instant and its precision, or the code of the refusal. */
async function timesOf(cells: string[], formats: (string | number)[], properties = ''): Promise<string[]> {
  const rows = cells.map((cell, index) => row(text(`${index}`), text('题'), text('文'), cell))
  const { outcomes } = await readParts(oneSheet([HEADER, ...rows], { formats, properties }))
  return outcomes.map((outcome) =>
    outcome.kind === 'row' ? `${outcome.record.receivedAt} ${outcome.record.receivedAtPrecision}` : outcome.code,
  )
}

describe('A date is read as Shanghai’s', () => {
  test('with its time, to the second that is shown', async () => {
    const written = [43580.39732638889, 43580.397326, 43580.3973263, 43580.99999999]
    expect(
      await timesOf(
        written.map((value) => number(value, 1)),
        [22],
      ),
    ).toEqual([
      '2019-04-25T01:32:09.000Z instant',
      '2019-04-25T01:32:09.000Z instant',
      '2019-04-25T01:32:09.000Z instant',
      '2019-04-25T16:00:00.000Z instant',
    ])
  })

  test('to the millisecond where that is shown', async () => {
    expect(await timesOf([number(43580.39732645833, 1)], ['yyyy-mm-dd hh:mm:ss.000'])).toEqual([
      '2019-04-25T01:32:09.006Z instant',
    ])
  })

  test('as a day where no hour is shown and there is none, and with the hour that a format hides', async () => {
    expect(await timesOf([number(43580, 1), number(43580.5, 1), number(43580, 2)], [14, 22])).toEqual([
      '2019-04-24T16:00:00.000Z day',
      '2019-04-25T04:00:00.000Z instant',
      '2019-04-24T16:00:00.000Z instant',
    ])
  })

  test('by the built-in formats, those of Chinese Excel included', async () => {
    const days = [14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58]
    const times = [18, 19, 20, 21, 22, 32, 33, 34, 35, 45, 47, 55, 56]
    const cells = (ids: number[]) => ids.map((_, index) => number(43580.25, index + 1))
    expect(new Set(await timesOf(cells(days), days))).toEqual(new Set(['2019-04-24T22:00:00.000Z instant']))
    expect(new Set(await timesOf(cells(times), times))).toEqual(new Set(['2019-04-24T22:00:00.000Z instant']))
  })

  test.each([
    'yyyy-mm-dd hh:mm:ss',
    'yyyy"年"m"月"d"日"',
    'yyyy年m月d日',
    '[$-804]yyyy"年"m"月"d"日"\\ dddd',
    '[DBNum1][$-804]yyyy"年"m"月"d"日";@',
    '[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy',
    'yy/m/d;@',
    '[红色]m/d',
    'mmm',
    'aaaa',
    'e/m/d',
    'h:mm AM/PM',
    '上午/下午h"时"mm"分"',
    'mm:ss.0',
  ])('by a format of one’s own: %s', async (code) => {
    expect(await timesOf([number(43580.25, 1)], [code])).toEqual(['2019-04-24T22:00:00.000Z instant'])
  })

  test.each([
    'General',
    'G/通用格式',
    '0',
    '#,##0.00_);[Red]\\(#,##0.00\\)',
    '0.00E+00',
    '"共"0"天"',
    '0"d"',
    '0 \\d',
    '"yyyy-mm-dd"0',
    '[h]:mm:ss',
    '@',
    '#\\ ?/?',
    '[$￥-804]#,##0',
    '[<60]0"m";0"h"',
  ])('and a number stays one: %s', async (code) => {
    expect(await timesOf([number(43580.25, 1)], [code])).toEqual(['TIME_INVALID'])
  })

  test('and where the code is longer than Excel takes, whatever it says', async () => {
    expect(await timesOf([number(43580.25, 1)], [`yyyy${'"x"'.repeat(2000)}`])).toEqual(['TIME_INVALID'])
  })

  test('from 1904 on, where the workbook says so', async () => {
    for (const value of ['1', 'true']) {
      expect(await timesOf([number(42118.25, 1), number(0, 1)], [22], ` date1904="${value}"`)).toEqual([
        '2019-04-24T22:00:00.000Z instant',
        '1903-12-31T16:00:00.000Z instant',
      ])
    }
  })

  test('around the day that 1900 never had', async () => {
    expect(
      await timesOf(
        [0, 1, 59, 60, 61].map((value) => number(value, 1)),
        [14],
      ),
    ).toEqual([
      'TIME_INVALID',
      '1899-12-31T15:54:17.000Z day',
      '1900-02-27T15:54:17.000Z day',
      'TIME_INVALID',
      '1900-02-28T15:54:17.000Z day',
    ])
  })

  test('written out (ISO 8601), as strict files may', async () => {
    const cells = [
      typed('d', '2019-04-25T09:32:09'),
      typed('d', '2019-04-25'),
      '<c t="d" s="1"><v>2019-04-25T00:00:00.000</v></c>',
    ]
    expect(await timesOf(cells, [14])).toEqual([
      '2019-04-25T01:32:09.000Z instant',
      '2019-04-24T16:00:00.000Z day',
      '2019-04-24T16:00:00.000Z day',
    ])
  })

  test('but a time of day alone, a negative number or one beyond the year 9999 is no time', async () => {
    const cells = [number(0.5, 2), number(-1, 1), number(2958466, 1), number('1e305', 1)]
    expect(await timesOf(cells, [22, 21])).toEqual(cells.map(() => 'TIME_INVALID'))
  })

  test('an hour that summer time skipped never was', async () => {
    const halfPastTwo = 31536 + 2.5 / 24 // on 4 May 1986
    expect(await timesOf([number(halfPastTwo, 1)], [22])).toEqual(['TIME_INVALID'])
  })
})
