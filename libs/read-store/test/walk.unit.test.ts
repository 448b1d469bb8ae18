import { expect, test } from 'vitest'
import type { CollectionDefinition, Query } from '#read-store'
import { plan, readerTokens } from '../src/plan.ts'
import { connect } from '../src/sqlite/connection.ts'
import { Tables } from '../src/sqlite/tables.ts'
import { walk } from '../src/sqlite/walk.ts'

const cases: CollectionDefinition = {
  name: 'cases',
  projection: 'casework',
  fields: { state: 'text', subject: 'text', received: 'text', due: 'text', departments: 'set', visibleTo: 'set' },
  lists: [
    { where: [], sort: 'received' },
    { where: ['state'], sort: 'due' },
    { where: ['departments', 'state'], sort: 'received' },
  ],
}

const after = { key: '2026-01-02', id: 'x' }
const descending = { field: 'received', direction: 'descending' } as const
const byDue = { field: 'due', direction: 'ascending' } as const
const queries: [string, Pick<Query, 'where' | 'sort' | 'reader'>][] = [
  ['newest first, for one token', { sort: descending, reader: ['dept:1'] }],
  ['newest first, for several tokens', { sort: descending, reader: ['dept:1', 'person:2', 'role:officer'] }],
  ['newest first, for the system', { sort: descending, reader: 'system' }],
  ['equality, sorted by another field', { where: { state: { eq: 'open' } }, sort: byDue, reader: ['a', 'b'] }],
  ['one of several', { where: { state: { in: ['open', 'late', null] } }, sort: byDue, reader: ['a', 'b'] }],
  [
    'a member of a set, and equality',
    { where: { departments: { has: 'd' }, state: { eq: 'open' } }, sort: descending, reader: ['a', 'b'] },
  ],
  ['a range', { where: { received: { gte: '2026', lt: '2027' } }, sort: descending, reader: ['a', 'b'] }],
  ['a range with one end', { where: { state: { eq: 'open' }, due: { lt: '2027' } }, sort: byDue, reader: ['a'] }],
  ['a condition that no list covers', { where: { subject: { eq: 'roads' } }, sort: descending, reader: ['a', 'b'] }],
]

test.each(queries)('is a walk along an index, without scan or sort: %s', (_, { where = {}, sort, reader }) => {
  const connection = connect(':memory:', 'writer')
  const tables = new Tables(cases, 1)
  connection.exec(tables.createDocuments())
  cases.lists.forEach((_, index) => connection.exec(tables.createList(index)))
  const tokens = readerTokens(reader)
  for (const sorted of [sort.field, null]) {
    for (const place of [null, after]) {
      const planned = plan(cases, where, sorted, tokens?.length ?? 1)
      const walked = walk(tables, planned, { tokens, direction: sort.direction, after: place, limit: 50 })
      const rows = connection.statement(`EXPLAIN QUERY PLAN ${walked?.sql}`).all(...(walked?.parameters ?? []))
      const steps = rows.map(({ detail }) => String(detail))
      expect(steps.filter((step) => /^SCAN|TEMP B-TREE/.test(step))).toEqual([])
      const searches = steps.filter((step) => step.startsWith('SEARCH l '))
      expect(searches.length).toBeGreaterThan(0)
      // Deep pages start where the page before ended, not at the end of a range.
      if (place !== null) expect(searches.every((step) => step.includes('(k,id)'))).toBe(true)
    }
  }
  connection.close()
})

test('the list that covers most conditions is walked', () => {
  const covered = (where: Query['where'], sort: string | null) => plan(cases, where ?? {}, sort, 1)
  expect(covered({ departments: { has: 'd' }, state: { eq: 'open' } }, 'received')).toMatchObject({
    list: 2,
    remaining: [],
  })
  expect(covered({ departments: { has: 'd' } }, 'received')).toMatchObject({
    list: 0,
    remaining: [{ field: 'departments' }],
  })
  expect(covered({ state: { eq: 'open' }, due: { lt: '2027' } }, null)).toMatchObject({ list: 1, remaining: [] })
})
