import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseInboundTime } from '../src/time.ts'

const two = (value: number) => String(value).padStart(2, '0')
const wide = (text: string) =>
  text.replaceAll(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0))

/** Local times after 1991, when China's last summer time ended: each names one instant. */
const localTime = fc
  .record({
    year: fc.integer({ min: 1992, max: 2099 }),
    month: fc.integer({ min: 1, max: 12 }),
    day: fc.integer({ min: 1, max: 31 }),
    hour: fc.integer({ min: 0, max: 23 }),
    minute: fc.integer({ min: 0, max: 59 }),
    second: fc.integer({ min: 0, max: 59 }),
  })
  .map((fields) => Temporal.PlainDateTime.from(fields)) // a day beyond the month becomes its last

const spellings: ((time: Temporal.PlainDateTime) => string)[] = [
  (t) => t.toString(),
  (t) => `${t.toString({ smallestUnit: 'second' })}+08:00`,
  (t) => t.toString({ smallestUnit: 'second' }).replace('T', ' '),
  (t) => `${t.year}/${t.month}/${t.day} ${t.hour}:${two(t.minute)}:${two(t.second)}`,
  (t) => `${t.year}年${t.month}月${t.day}日 ${t.hour}时${t.minute}分${t.second}秒`,
  (t) => `${t.year}${two(t.month)}${two(t.day)} ${two(t.hour)}:${two(t.minute)}:${two(t.second)}`,
  (t) =>
    wide(`${t.year}-${two(t.month)}-${two(t.day)}`) + `　${wide(`${two(t.hour)}:${two(t.minute)}:${two(t.second)}`)}`,
]

test('Every valid local time, however it is written, reads as its instant in Shanghai', () => {
  fc.assert(
    fc.property(localTime, fc.constantFrom(...spellings), (time, spell) => {
      const expected = time.toZonedDateTime('Asia/Shanghai').toInstant().toString({ fractionalSecondDigits: 3 })
      expect(parseInboundTime(spell(time))).toEqual({ instant: expected, precision: 'instant' })
    }),
    { numRuns: 500 },
  )
})

test('Whatever is read is a time that exists: its date and hour stand in the text', () => {
  const digits = fc.tuple(
    fc.integer({ min: 1900, max: 2100 }),
    fc.integer({ min: 0, max: 40 }),
    fc.integer({ min: 0, max: 40 }),
    fc.integer({ min: 0, max: 30 }),
    fc.integer({ min: 0, max: 70 }),
  )
  fc.assert(
    fc.property(digits, ([year, month, day, hour, minute]) => {
      const parsed = parseInboundTime(`${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}`)
      if (!parsed) return
      const local = Temporal.Instant.from(parsed.instant).toZonedDateTimeISO('Asia/Shanghai')
      expect([local.year, local.month, local.day, local.hour, local.minute]).toEqual([year, month, day, hour, minute])
    }),
    { numRuns: 500 },
  )
})

test('No text makes the reader fail', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseInboundTime(text)))
})
