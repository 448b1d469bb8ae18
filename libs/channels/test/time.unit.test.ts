import { describe, expect, test } from 'vitest'
import { parseInboundTime } from '../src/time.ts'

const at = (instant: string) => ({ instant, precision: 'instant' })
const day = (instant: string) => ({ instant, precision: 'day' })

describe('A time is read', () => {
  test.each([
    ['2019-04-25T09:32:09+08:00', '2019-04-25T01:32:09.000Z'],
    ['2019-04-25T09:32:09Z', '2019-04-25T09:32:09.000Z'],
    ['2019-04-25T09:32:09.1234+0800', '2019-04-25T01:32:09.123Z'],
    ['2019-04-25T09:32:09,5-03', '2019-04-25T12:32:09.500Z'],
    ['2019-04-25 09:32:09 +08:00', '2019-04-25T01:32:09.000Z'],
    ['2019-04-25T09:32', '2019-04-25T01:32:00.000Z'],
    ['2019/4/25 9:32:09', '2019-04-25T01:32:09.000Z'],
    ['2019.4.25 9:32', '2019-04-25T01:32:00.000Z'],
    ['2019年4月25日 9时32分', '2019-04-25T01:32:00.000Z'],
    ['2019年04月25日09时32分09秒', '2019-04-25T01:32:09.000Z'],
    ['2019年4月25日 9点32分', '2019-04-25T01:32:00.000Z'],
    ['2019年4月25日 09:32:09', '2019-04-25T01:32:09.000Z'],
    ['20190425 09:32', '2019-04-25T01:32:00.000Z'],
    ['２０１９－０４－２５　０９：３２：０９', '2019-04-25T01:32:09.000Z'],
    [' 2019-04-25 00:00:00 ', '2019-04-24T16:00:00.000Z'],
  ])('%s', (text, instant) => {
    expect(parseInboundTime(text)).toEqual(at(instant))
  })

  test.each(['2019-04-25', '2019/4/25', '2019.04.25', '20190425', '2019年4月25日', '２０１９年４月２５日'])(
    'as a day, which begins in Shanghai: %s',
    (text) => {
      expect(parseInboundTime(text)).toEqual(day('2019-04-24T16:00:00.000Z'))
    },
  )

  test('of an hour that summer time repeated, as the first', () => {
    expect(parseInboundTime('1986-09-14 01:30')).toEqual(at('1986-09-13T16:30:00.000Z'))
  })
})

describe('No time is', () => {
  test.each([
    ['', 'empty'],
    ['昨天上午', 'text'],
    ['2019-02-30', 'a day that the month does not have'],
    ['2019-02-29 08:00', 'a leap day of another year'],
    ['2019-13-01', 'a thirteenth month'],
    ['2019-00-10', 'month zero'],
    ['2019-04-25 24:00', 'hour 24'],
    ['2019-04-25 09:60', 'minute 60'],
    ['2019-04-25 09:32:60', 'second 60'],
    ['2019-04/25', 'mixed marks'],
    ['19-04-25', 'a year of two digits'],
    ['0019-04-25', 'a year before 1900'],
    ['2019-04-2509:32', 'a date run into its time'],
    ['2019-04-25 9', 'an hour alone'],
    ['2019-04-25 09:32 下午', 'what is followed by something else'],
    ['2019-04-25T09:32:09+24:00', 'an offset beyond the world'],
    ['2019-04-25T09:32:09+08:75', 'an offset with 75 minutes'],
    ['43580.39732', 'a spreadsheet’s serial number'],
    ['1556155929000', 'a count of milliseconds'],
    ['1986-05-04 02:30', 'an hour that summer time skipped'],
  ])('%s: %s', (text) => {
    expect(parseInboundTime(text)).toBeNull()
  })
})
