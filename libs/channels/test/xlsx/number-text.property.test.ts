import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { PLAIN, numberFormat } from '../../src/xlsx/number-format.ts'
import { numberText } from '../../src/xlsx/number-text.ts'

const DAY_MS = 86_400_000
const SHOWN = numberFormat('yyyy-mm-dd hh:mm:ss')
const SHOWN_FINE = numberFormat('yyyy-mm-dd hh:mm:ss.000')

/** Behind the day that 1900 never had, so that days are counted as everybody counts them. */
const moments = fc
  .date({ min: new Date('1904-01-02T00:00:00Z'), max: new Date('9999-12-30T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.getTime())

const daysSince = (epoch: string, moment: number) => (moment - Date.parse(`${epoch}T00:00:00Z`)) / DAY_MS
/** `2019-04-25 09:32:09`, and `.006` where there are milliseconds. */
const spelled = (moment: number) =>
  new Date(moment)
    .toISOString()
    .slice(0, 23)
    .replace('T', ' ')
    .replace(/\.000$/, '')

test('A moment written as days since either epoch is read as it was', () => {
  fc.assert(
    fc.property(moments, fc.boolean(), (moment, epoch1904) => {
      const days = daysSince(epoch1904 ? '1904-01-01' : '1899-12-30', moment)
      expect(numberText(String(days), SHOWN_FINE, epoch1904)).toBe(spelled(moment))
      const second = Math.floor(moment / 1000) * 1000
      const wholeSecond = daysSince(epoch1904 ? '1904-01-01' : '1899-12-30', second)
      expect(numberText(String(wholeSecond), SHOWN, epoch1904)).toBe(spelled(second))
    }),
    { numRuns: 500 },
  )
})

test('A whole number of up to 15 digits is read digit by digit, however it is written', () => {
  fc.assert(
    fc.property(fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 }), (value) => {
      for (const written of [String(value), `${value}.0`, value.toExponential().toUpperCase()]) {
        expect(numberText(written, PLAIN, false)).toBe(String(value))
      }
    }),
    { numRuns: 500 },
  )
})

test('A number with up to 15 digits is read as it was typed', () => {
  const typed = fc
    .tuple(fc.integer({ min: 0, max: 999_999_999 }), fc.integer({ min: 1, max: 999_999 }))
    .map(([whole, fraction]) => `${whole}.${String(fraction).padStart(6, '0').replace(/0+$/, '')}`)
  fc.assert(
    fc.property(typed, (text) => {
      expect(numberText(Number(text).toPrecision(17), PLAIN, false)).toBe(text)
    }),
    { numRuns: 500 },
  )
})

test('Any text is a number or none, and never an error', () => {
  const noise = fc.string({ unit: fc.constantFrom('1', '0', '.', '-', '+', 'E', 'e', ' ', 'x', '9') })
  fc.assert(
    fc.property(noise, fc.constantFrom(PLAIN, SHOWN, SHOWN_FINE, numberFormat('0000')), (written, format) => {
      const text = numberText(written, format, false)
      expect(text === null || text !== '').toBe(true)
    }),
    { numRuns: 1000 },
  )
})
