import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  caseIdOfMessage,
  commitmentIdOf,
  derivedId,
  itemIdOf,
  queryCodeOf,
  timeOrderedId,
} from '../src/identity/ids.ts'

const secret = new Uint8Array(32).fill(7)

/** Identities are for ever: a change that makes one of these differ would lose every case that exists. */
test('an item is the same item as ever', () => {
  expect(itemIdOf(secret, 'governor-suggestions', '2549')).toBe('193a9445-873b-8850-8c2e-73919466c484')
})

test('a message has the same case as ever', () => {
  expect(caseIdOfMessage('6a23b05d-769e-8642-be44-ec897864661b')).toBe('6e7700e1-5779-8348-9070-ccfc373fa1f1')
})

test('a promise is the same promise as ever', () => {
  expect(commitmentIdOf('6a23b05d-769e-8642-be44-ec897864661b', '018f0000-0000-7000-8000-000000000001', 'm1')).toBe(
    '29c16f00-21c4-854b-8e1a-f306be75a1b3',
  )
})

test('an asker has the same query code as ever: eight digits', () => {
  expect(queryCodeOf(secret, '6a23b05d-769e-8642-be44-ec897864661b')).toBe('46685165')
})

test('another store gives the same post another id', () => {
  expect(itemIdOf(new Uint8Array(32), 'phone', '1')).not.toBe(itemIdOf(secret, 'phone', '1'))
})

test('derived ids are UUIDs of version 8, one for each purpose and parts', () => {
  const parts = fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer()), { maxLength: 4 })
  fc.assert(
    fc.property(parts, parts, (a, b) => {
      expect(derivedId('x', ...a)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      expect(derivedId('x', ...a) === derivedId('x', ...b)).toBe(JSON.stringify(a) === JSON.stringify(b))
      expect(derivedId('x', ...a)).not.toBe(derivedId('y', ...a))
    }),
  )
})

test('ids of what people do are UUIDs of version 7 that sort by their time', () => {
  const earlier = timeOrderedId(1_700_000_000_000)
  const later = timeOrderedId(1_700_000_000_001)
  expect(earlier).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(earlier < later).toBe(true)
})
