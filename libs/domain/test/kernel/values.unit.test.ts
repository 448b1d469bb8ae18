import { dayAt, daysAfter, instant, localDate, same, staffOf, withinStream } from '#domain'
import type { Decision } from '#domain'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { person, policy } from '../support/context.ts'

describe('values that say the same', () => {
  test('whatever the order of their keys', () => {
    expect(same({ a: 1, b: [{ c: null, d: 'x' }] }, { b: [{ d: 'x', c: null }], a: 1 })).toBe(true)
  })
  test('a missing key and undefined are one, but null is a word of its own', () => {
    expect(same({ a: undefined }, {})).toBe(true)
    expect(same({ a: null }, {})).toBe(false)
  })
  test('a key is a key, whatever its name', () => {
    expect(same(JSON.parse('{"__proto__": {}}'), {})).toBe(false)
    expect(same({ toString: null }, {})).toBe(false)
  })
  test('a list is no object, and its order counts', () => {
    expect(same([], {})).toBe(false)
    expect(same([1, 2], [2, 1])).toBe(false)
    expect(same(['a'], { 0: 'a' })).toBe(false)
  })
  test('as their JSON, keys sorted, says', () => {
    const sorted = (value: unknown): unknown =>
      Array.isArray(value)
        ? { list: value.map(sorted) }
        : value !== null && typeof value === 'object'
          ? {
              entries: Object.entries(value)
                .toSorted(([a], [b]) => (a < b ? -1 : 1))
                .map(([key, inner]) => [key, sorted(inner)]),
            }
          : value
    const values = fc.jsonValue({ maxDepth: 3, noUnicodeString: false })
    fc.assert(
      fc.property(values, values, (left, right) => {
        expect(same(left, structuredClone(left))).toBe(true)
        expect(same(left, right)).toBe(JSON.stringify(sorted(left)) === JSON.stringify(sorted(right)))
      }),
    )
  })
})

describe('business days', () => {
  test('begin at midnight in Shanghai', () => {
    expect(dayAt('2026-03-01T15:59:59.999Z')).toBe('2026-03-01')
    expect(dayAt('2026-03-01T16:00:00.000Z')).toBe('2026-03-02')
  })
  test('go on over months and leap days', () => {
    expect(daysAfter('2028-02-28', 1)).toBe('2028-02-29')
    expect(daysAfter('2026-12-31', 90)).toBe('2027-03-31')
  })
  test('are days that exist', () => {
    expect(localDate.safeParse('2026-02-29').success).toBe(false)
    expect(localDate.safeParse('2028-02-29').success).toBe(true)
    expect(instant.safeParse('2026-02-29T00:00:00.000Z').success).toBe(false)
  })
})

describe('the bound of a stream', () => {
  const one: Decision<string> = { outcome: 'accepted', events: ['event'] }

  test('leaves room for what must follow when people have to stop', () => {
    const officer = person('officer', 'housing-bureau')
    expect(withinStream(4_499, officer, one)).toEqual(one)
    expect(withinStream(4_500, officer, one)).toMatchObject({ outcome: 'refused', code: 'STREAM_NEARLY_FULL' })
    expect(withinStream(4_500, policy, one)).toEqual(one)
    expect(withinStream(4_990, policy, one)).toMatchObject({ outcome: 'refused', code: 'STREAM_NEARLY_FULL' })
  })
  test('does not stop what changes nothing', () => {
    expect(withinStream(4_999, policy, { outcome: 'nothing' })).toEqual({ outcome: 'nothing' })
  })
})

test('a policy is nobody of the staff', () => {
  expect(staffOf(policy)).toBeNull()
  expect(staffOf(person('officer', 'housing-bureau', 'li-jie'))).toEqual({
    person: 'li-jie',
    department: 'housing-bureau',
  })
})
