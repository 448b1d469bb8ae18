import canonicalize from 'canonicalize'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../src/index.ts'
import { canonicalJson } from '../src/index.ts'

const text = fc.string({ unit: 'binary' })
/** The engine's `JSON.parse` takes some escaped keys for others (docs/decisions/0011). */
const plainKey = text.filter((key) => !/["\\\p{Cc}]/u.test(key))
const value = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    text,
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(text, tie('value'), { maxKeys: 6, noNullPrototype: true }),
  ),
})).value

describe('canonical JSON', () => {
  test('is what the reference implementation of RFC 8785 gives', () => {
    fc.assert(
      fc.property(value, (any) => {
        expect(canonicalJson(any)).toBe(canonicalize(any))
      }),
      { numRuns: 2_000 },
    )
  })

  test('means what was given, whatever the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(plainKey, fc.oneof(text, fc.maxSafeInteger()), { noNullPrototype: true }), (any) => {
        const reversed = Object.fromEntries(Object.entries(any).toReversed())
        expect(canonicalJson(reversed)).toBe(canonicalJson(any))
        expect(JSON.parse(canonicalJson(any))).toEqual(JSON.parse(JSON.stringify(any)))
      }),
    )
  })

  test('sorts keys by their UTF-16 code units', () => {
    expect(canonicalJson({ '\ufb33': 1, '😀': 2, é: 3, '10': 4, '9': 5, a: 6 })).toBe(
      '{"10":4,"9":5,"a":6,"é":3,"😀":2,"\ufb33":1}',
    )
  })

  test('writes minus zero as zero and leaves out what is undefined', () => {
    expect(canonicalJson({ a: -0, b: undefined as unknown as null })).toBe('{"a":0}')
  })

  test.each<[string, unknown]>([
    ['a fraction', 1.5],
    ['an integer beyond 2^53', 2 ** 53],
    ['no number', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a lone surrogate', 'a\ud800b'],
    ['a lone surrogate in a key', { '\udc00': 1 }],
    ['undefined in an array', [undefined]],
    ['a date', new Date(0)],
    ['a big integer', 1n],
    ['a function', () => 1],
    ['endless nesting', JSON.parse(`${'['.repeat(80)}${']'.repeat(80)}`)],
  ])('refuses %s', (_, any) => {
    expect(() => canonicalJson(any as Json)).toThrow(expect.objectContaining({ code: 'VALUE_NOT_CANONICAL' }))
  })
})
