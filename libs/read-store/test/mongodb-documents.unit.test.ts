import { expect, test } from 'vitest'
import type { CollectionDefinition } from '#read-store'
import { plan } from '../src/plan.ts'
import { afterPlace, generationOf, indexesOf, listFilter } from '../src/mongodb/documents.ts'

const cases: CollectionDefinition = {
  name: 'cases',
  projection: 'casework',
  fields: { state: 'text', received: 'text', due: 'text', departments: 'set', tags: 'set', visibleTo: 'set' },
  lists: [
    { where: [], sort: 'received' },
    { where: ['state'], sort: 'due' },
    { where: ['departments', 'state', 'tags'], sort: 'received' },
    { where: [], sort: 'received' },
  ],
}

test('a list has an index for its conditions and its order, and one with who may see the document', () => {
  const keys = indexesOf(cases).map(({ name, key }) => [name, ...Object.keys(key)])
  expect(keys).toEqual([
    ['list-0', 'live', 'fields.received', '_id'],
    ['list-0-seen', 'live', 'visibleTo', 'fields.received', '_id'],
    ['list-1', 'live', 'fields.state', 'fields.due', '_id'],
    ['list-1-seen', 'live', 'fields.state', 'visibleTo', 'fields.due', '_id'],
    // Of two sets in an index MongoDB would refuse the documents; of two equal indexes the second.
    ['list-2', 'live', 'fields.departments', 'fields.state', 'fields.received', '_id'],
  ])
})

test('no tombstone is in a list, and nobody sees what none of their tokens lets them', () => {
  const planned = plan(cases, { state: { in: ['open', null] }, due: { lt: '2027' } }, 'due')
  expect(listFilter(cases, planned, ['a', 'b'])).toEqual({
    live: true,
    'fields.state': { $in: ['open', null] },
    'fields.due': { $lt: '2027' },
    visibleTo: { $in: ['a', 'b'] },
  })
  expect(listFilter(cases, planned, [])).toBeNull()
  expect(listFilter(cases, planned, null)).not.toHaveProperty('visibleTo')
  expect(listFilter(cases, plan(cases, { state: { in: [] } }, 'due'), null)).toBeNull()
})

test('what is missing comes first ascending and last descending', () => {
  const [missing, there] = [
    { key: null, id: 'x' },
    { key: '2026', id: 'x' },
  ]
  expect(afterPlace('due', 'ascending', missing)).toEqual({
    $or: [{ 'fields.due': { $ne: null } }, { 'fields.due': null, _id: { $gt: 'x' } }],
  })
  expect(afterPlace('due', 'descending', missing)).toEqual({ 'fields.due': null, _id: { $lt: 'x' } })
  expect(afterPlace('due', 'descending', there)).toEqual({
    $or: [{ 'fields.due': { $lt: '2026' } }, { 'fields.due': null }, { 'fields.due': '2026', _id: { $lt: 'x' } }],
  })
})

test("only collections of generations are swept: others' are left alone", () => {
  expect(
    ['cases~12', 'case-details~3', 'read-models', 'leases', 'checkpoints', '~1', 'x~1a'].map(generationOf),
  ).toEqual([12, 3, null, null, null, null, null])
})
