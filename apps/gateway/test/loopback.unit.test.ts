import { expect, test } from 'vitest'
import { isLoopback } from '../src/identity/loopback.ts'

test.each(['127.0.0.1', '127.8.9.10', '::1', '[::1]', '::ffff:127.0.0.1', 'localhost', 'LOCALHOST'])(
  '%s is this machine and nobody else',
  (host) => {
    expect(isLoopback(host)).toBe(true)
  },
)

test.each([
  '0.0.0.0',
  '::',
  '10.0.0.1',
  '192.0.2.1',
  '::ffff:10.0.0.1',
  'fe80::1',
  'localhost.example',
  '128.0.0.1',
  '',
  '127.1',
])('“%s” is not', (host) => {
  expect(isLoopback(host)).toBe(false)
})
