import { expect, test } from 'vitest'
import type { CollectionDefinition, Query } from '#read-store'
import { plan, readerTokens } from '../src/plan.ts'
import { Audiences } from '../src/sqlite/audiences.ts'
import { connect } from '../src/sqlite/connection.ts'
import { Tables } from '../src/sqlite/tables.ts'
import { countStatement, pageStatement, wholeStatement, type Statement } from '../src/sqlite/walk.ts'

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

/** The documents, or a sort. A scan of a whole list is one where nothing but its order is asked for: it ends with the page. */
const UNBOUNDED = /SCAN d\b|TEMP B-TREE/
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
  const audiences = new Audiences(connection)
  const steps = (statement: Statement | null) =>
    connection
      .statement(`EXPLAIN QUERY PLAN ${statement?.sql}`)
      .all(...(statement?.parameters ?? []))
      .map(({ detail }) => String(detail))
  for (let n = 0; n < 3; n += 1) audiences.numberOf([...(tokens ?? []), `other${n}`])
  const planned = plan(cases, where, sort.field)
  for (const place of [null, after]) {
    const options = { tokens, direction: sort.direction, after: place, limit: 50 }
    const [few, much] = [pageStatement(connection, tables, planned, options), wholeStatement(tables, planned, options)]
    for (const page of [steps(few), steps(much)]) {
      expect(page.filter((step) => UNBOUNDED.test(step))).toEqual([])
      const searches = page.filter((step) => /^(SEARCH|SCAN) l/.test(step))
      expect(searches.length).toBeGreaterThan(0)
      // Deep pages start where the page before ended, not at the end of a range.
      if (place !== null) expect(searches.filter((step) => !step.includes('(k,id)'))).toEqual([])
    }
  }
  const count = steps(countStatement(connection, tables, plan(cases, where, null), { tokens, limit: 10_001 }))
  expect(count.filter((step) => UNBOUNDED.test(step))).toEqual([])
  connection.close()
})

test('the list that covers most conditions is walked', () => {
  const covered = (where: Query['where'], sort: string | null) => plan(cases, where ?? {}, sort)
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
