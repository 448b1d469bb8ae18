import {
  caseNumber,
  evolveNumbering,
  initialNumbering,
  numberingCommands,
  numberingEventFormats,
  parseCaseNumber,
} from '#domain'
import type { NumberingEvent } from '#domain'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contextOf } from '../support/context.ts'
import { specification } from '../support/spec.ts'

const { given } = specification({
  initial: initialNumbering,
  evolve: evolveNumbering,
  formats: numberingEventFormats,
  commands: numberingCommands,
})
const reserved = (from: number, to: number, reservation: string): NumberingEvent => ({
  type: 'NumbersReserved',
  data: { from, to, reservation },
})

describe('reserving numbers', () => {
  test('a year begins with 1', () => {
    given()
      .when('ReserveNumbers', { size: 1_000, reservation: 'a' })
      .thenEvents(reserved(1, 1_000, 'a'))
  })
  test('the next block follows the last', () => {
    given(reserved(1, 1_000, 'a'))
      .when('ReserveNumbers', { size: 10, reservation: 'b' })
      .thenEvents(reserved(1_001, 1_010, 'b'))
  })
  test('the same reservation again reserves nothing', () => {
    given(reserved(1, 1_000, 'a'))
      .when('ReserveNumbers', { size: 1_000, reservation: 'a' })
      .thenNothing()
  })
  test('until a year’s numbers are used up', () => {
    given(reserved(1, 999_999_500, 'a'))
      .when('ReserveNumbers', { size: 500, reservation: 'b' })
      .thenRefused('NUMBERS_EXHAUSTED')
  })
  test('or its stream is nearly full', () => {
    const full = Array.from({ length: 4_990 }, (_, at) => reserved(at + 1, at + 1, `r${at}`))
    given(...full)
      .when('ReserveNumbers', { size: 1, reservation: 'b' }, contextOf())
      .thenRefused('STREAM_NEARLY_FULL')
  })
})

describe('a case number', () => {
  test('has the year and at least six digits', () => {
    expect(caseNumber(2026, 123)).toBe('2026-000123')
    expect(caseNumber(2026, 1_234_567)).toBe('2026-1234567')
  })
  test('reads back, whatever it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1000, max: 9999 }), fc.integer({ min: 1, max: 999_999_999 }), (year, running) => {
        expect(parseCaseNumber(caseNumber(year, running))).toEqual({ year, running })
      }),
    )
  })
  test('anything else is none', () => {
    for (const text of [
      '',
      '2026',
      '2026-123',
      '2026-0000123',
      '2026-000000',
      ' 2026-000123',
      '2026-000123a',
      '２０２６-000123',
    ]) {
      expect(parseCaseNumber(text), text).toBeNull()
    }
  })
})
