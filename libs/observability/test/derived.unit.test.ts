import { expect, test } from 'vitest'
import { parentOf, readTraceparent, spanOf, traceOf, traceparentOf } from '../src/index.ts'

const event = { id: 'event-1', metadata: { correlationId: 'command-1' } }

test('the ids of traces and spans follow from those of commands and events, everywhere and for ever', () => {
  // Written down: another release beside this one, or a trace that was kept, must meet the same.
  expect(traceOf('command-1')).toBe('29f4524ba6f7f8f37e2f16e281a9a3cc')
  expect(spanOf('event-1')).toBe('8ec72c68e3265710')
  expect(parentOf(event)).toEqual({
    traceId: traceOf('command-1'),
    spanId: spanOf('event-1'),
    traceFlags: 1,
    isRemote: true,
  })
  expect(traceparentOf(event)).toBe(`00-${traceOf('command-1')}-${spanOf('event-1')}-01`)
})

test('a traceparent is read as it was written', () => {
  expect(readTraceparent(traceparentOf(event))).toEqual(parentOf(event))
  expect(readTraceparent(`00-${traceOf('a')}-${spanOf('b')}-00`)).toMatchObject({ traceFlags: 0 })
})

test.each([
  ['nothing', undefined],
  ['an empty one', ''],
  ['another version', `ff-${traceOf('a')}-${spanOf('b')}-01`],
  ['a trace of zeros', `00-${'0'.repeat(32)}-${spanOf('b')}-01`],
  ['a span of zeros', `00-${traceOf('a')}-${'0'.repeat(16)}-01`],
  ['capitals', `00-${'A'.repeat(32)}-${spanOf('b')}-01`],
  ['something behind it', `00-${traceOf('a')}-${spanOf('b')}-01-x`],
  ['a long text', 'x'.repeat(100_000)],
])('%s is no traceparent', (_what, text) => {
  expect(readTraceparent(text)).toBeNull()
})
