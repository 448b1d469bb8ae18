import { readFileSync, readdirSync } from 'node:fs'
import { errorCode, errors, errorTables, fileErrors } from '#domain'
import { expect, test } from 'vitest'

const sources = new URL('../src/', import.meta.url)
/** Codes that only the application gives, with nothing in the domain to refuse. */
const OF_THE_APPLICATION = [
  'INVALID_COMMAND',
  'UNKNOWN_COMMAND',
  'VERSION_CONFLICT',
  'IDEMPOTENCY_KEY_REUSED',
  'CURSOR_INVALID',
  'QUERY_TOO_WIDE',
  'VIEW_NOT_READY',
  'STORE_UNAVAILABLE',
  ...Object.keys(fileErrors),
  'WEBHOOK_NOT_VERIFIED',
  'DELIVERY_TOO_LARGE',
  'DELIVERY_INVALID',
  'TOO_MANY_DELIVERIES',
]

const decisions = readdirSync(sources, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !/(?:refusals|delivery-errors)\.ts$/.test(name))
  .map((name) => readFileSync(new URL(name, sources), 'utf8'))
  .join('\n')

test('no code stands in two tables', () => {
  const codes = errorTables.flatMap((table) => Object.keys(table))
  expect(codes.filter((code, at) => codes.indexOf(code) !== at)).toEqual([])
})

test('every code that a decision refuses with is in the table', () => {
  const used = [...decisions.matchAll(/refuse\(\s*'([A-Z_]+)'/g)].map(([, code]) => code!)
  expect(used.length).toBeGreaterThan(0)
  expect([...new Set(used)].filter((code) => !Object.hasOwn(errors, code))).toEqual([])
})

test('every code in the table is used', () => {
  const unused = Object.keys(errors).filter((code) => !decisions.includes(`'${code}'`))
  expect(unused.toSorted()).toEqual(OF_THE_APPLICATION.toSorted())
})

test('every error has a code of one spelling, a status that says whose fault it is, and words in both languages', () => {
  for (const [code, { status, zh, en }] of Object.entries(errors)) {
    expect(errorCode.safeParse(code).success, code).toBe(true)
    expect(status, code).toBeGreaterThanOrEqual(400)
    expect(status, code).toBeLessThan(600)
    expect(zh, code).toMatch(/\p{Script=Han}.*[。]$/u)
    expect(en, code).toMatch(/^[A-Z].*\.$/)
  }
})
