import { expect, test } from 'vitest'
import { Lag } from '../src/lag/lag.ts'

const at = (count: number) => String(count).padStart(16, '0')

test('who has reached the newest event is not behind, however long ago that was written', () => {
  const lag = new Lag()
  lag.note(at(5), 1_000)
  expect(lag.behindSeconds(at(5), 60_000)).toBe(0)
  expect(lag.behindSeconds(at(6), 60_000)).toBe(0)
})

test('who has not is behind since the store was first seen to be further', () => {
  const lag = new Lag()
  lag.note(at(5), 1_000)
  lag.note(at(8), 2_000)
  lag.note(at(9), 3_000)
  expect(lag.behindSeconds(at(5), 4_000)).toBe(2)
  expect(lag.behindSeconds(at(7), 4_000)).toBe(2)
  expect(lag.behindSeconds(at(8), 4_000)).toBe(1)
  expect(lag.behindSeconds('start', 4_000)).toBe(3)
  expect(lag.behindSeconds(null, 4_000)).toBe(3)
})

test('an empty store is ahead of nobody', () => {
  const lag = new Lag()
  lag.note('start', 1_000)
  expect(lag.behindSeconds(null, 9_000)).toBe(0)
})

test('what all have reached is forgotten, what one has not is not', () => {
  const lag = new Lag()
  for (let count = 1; count <= 10; count += 1) lag.note(at(count), count * 1_000)
  lag.forget([at(9), at(4), at(10)])
  expect(lag.behindSeconds(at(4), 20_000)).toBe(15)
  lag.forget([at(9), null])
  expect(lag.behindSeconds(at(4), 20_000)).toBe(15)
  lag.forget([at(10), at(10)])
  expect(lag.behindSeconds(at(4), 20_000)).toBe(0)
})

test('a wait that never ends takes no more room than a long one, and is still known to have begun', () => {
  const lag = new Lag()
  for (let count = 1; count <= 100_000; count += 1) lag.note(at(count), count * 1_000)
  expect(lag.behindSeconds(null, 100_000_000)).toBe(99_999)
  expect(lag.behindSeconds(at(99_999), 100_000_000)).toBeLessThanOrEqual(1)
})
