import { createHash } from 'node:crypto'
import { isFieldText, kindOf } from './definition.ts'
import { ReadStoreError } from './errors.ts'
import {
  FIELD_CHARS_MAX,
  IN_VALUES_MAX,
  PAGE_LIMIT_MAX,
  READER_TOKENS_MAX,
  type CollectionDefinition,
  type Condition,
  type FieldKind,
  type ListDefinition,
  type Query,
  type Range,
  type Reader,
  type Scalar,
  type Where,
} from './port.ts'

/** Combinations of prefix values, and of those with audiences, that one query walks. */
export const WALKS_MAX = 256

/** A condition with its bounds checked. */
export type Test = { field: string; kind: FieldKind } & (
  | { test: 'one-of'; values: Scalar[] }
  | { test: 'has'; values: [string] }
  | { test: 'range'; range: Range }
)

/** How a query is answered: along which list, from where to where, and what is left to test on each document. */
export interface Plan {
  /** Index into the definition's lists. */
  list: number
  /** For each field of the list's `where`, the values to walk. */
  prefix: Scalar[][]
  /** On the list's sort field. */
  range: Range | null
  remaining: Test[]
}

/** A place between two documents of a sorted list. */
export interface Place {
  key: Scalar
  id: string
}

const RANGE_KEYS = ['gt', 'gte', 'lt', 'lte'] as const

/**
 * Checks the conditions and picks the list that covers most of them. Errors: `UNDECLARED_FIELD`, `BAD_CONDITION`, `NO_LIST`.
 * @param sort null where order does not matter, for counting.
 */
export function plan(definition: CollectionDefinition, where: Where, sort: string | null): Plan {
  if (sort !== null && kindOf(definition.fields, sort) === null) throw undeclared(definition, sort)
  const tests = Object.entries(where).map(([field, condition]) => readCondition(definition, field, condition))
  const covering = definition.lists
    .map((list, index) => ({ list, index }))
    .filter(({ list }) => (sort === null || list.sort === sort) && covers(list, tests))
  const best = covering.toSorted((a, b) => coverage(b.list, tests) - coverage(a.list, tests))[0]
  if (best === undefined) {
    const wanted = sort === null ? 'with these conditions' : `sorted by ${sort}`
    throw new ReadStoreError('NO_LIST', `Declare a list of ${definition.name} ${wanted} before asking for one`)
  }
  const range = tests.find((test) => test.test === 'range' && test.field === best.list.sort)
  return {
    list: best.index,
    prefix: best.list.where.map((field) => walkedValues(tests, field) ?? []),
    range: range?.test === 'range' ? range.range : null,
    remaining: tests.filter((test) => test !== range && !best.list.where.includes(test.field)),
  }
}

function covers(list: ListDefinition, tests: readonly Test[]): boolean {
  const walks = list.where.map((field) => walkedValues(tests, field)?.length)
  if (walks.includes(undefined)) return false
  return walks.reduce<number>((product, count) => product * (count ?? 0), 1) <= WALKS_MAX
}

/** Each covered condition counts two, a range on the sort field one: what parts the list at its front saves most. */
function coverage(list: ListDefinition, tests: readonly Test[]): number {
  return list.where.length * 2 + (tests.some((test) => test.test === 'range' && test.field === list.sort) ? 1 : 0)
}

function walkedValues(tests: readonly Test[], field: string): Scalar[] | null {
  const test = tests.find((test) => test.field === field)
  return test === undefined || test.test === 'range' ? null : test.values
}

function readCondition(definition: CollectionDefinition, field: string, condition: Condition): Test {
  const kind = kindOf(definition.fields, field)
  if (kind === null) throw undeclared(definition, field)
  const bad = (what: string) => new ReadStoreError('BAD_CONDITION', `${definition.name}.${field}: ${what}`)
  const fits = (value: unknown): boolean => (kind === 'number' ? Number.isFinite(value) : isFieldText(value))
  if ('has' in condition) {
    if (kind !== 'set' || !fits(condition.has)) throw bad('`has` takes one text and a field declared as a set')
    return { field, kind, test: 'has', values: [condition.has] }
  }
  if (kind === 'set') throw bad('ask a set with `has`')
  const expected = kind === 'number' ? 'a number' : `a text of at most ${FIELD_CHARS_MAX} characters`
  if ('eq' in condition || 'in' in condition) {
    const values = 'eq' in condition ? [condition.eq] : [...new Set(condition.in)]
    if (values.length > IN_VALUES_MAX) throw bad(`give at most ${IN_VALUES_MAX} values`)
    if (!values.every((value) => value === null || fits(value))) throw bad(`compare with null or ${expected}`)
    return { field, kind, test: 'one-of', values }
  }
  const range = Object.fromEntries(
    RANGE_KEYS.filter((key) => condition[key] !== undefined).map((key) => [key, condition[key]]),
  )
  if (Object.keys(range).length === 0) throw bad('give eq, in, has, gt, gte, lt or lte')
  if (!Object.values(range).every(fits)) throw bad(`a range goes from and to ${expected}`)
  return { field, kind, test: 'range', range }
}

function undeclared(definition: CollectionDefinition, field: string): ReadStoreError {
  return new ReadStoreError('UNDECLARED_FIELD', `Declare ${field} in ${definition.name} before asking for it`)
}

/** The reader's different tokens; null stands for the system. Error: `OUT_OF_BOUNDS`. */
export function readerTokens(reader: Reader): string[] | null {
  if (reader === 'system') return null
  const tokens = [...new Set(reader)]
  if (tokens.length > READER_TOKENS_MAX || !tokens.every(isFieldText)) {
    throw new ReadStoreError('OUT_OF_BOUNDS', `Read with at most ${READER_TOKENS_MAX} tokens`)
  }
  return tokens
}

/** Throws `OUT_OF_BOUNDS` unless it is a whole number from 1 to `max`. */
export function checkLimit(limit: number, max: number = PAGE_LIMIT_MAX): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > max) {
    throw new ReadStoreError('OUT_OF_BOUNDS', `Ask for 1 to ${max}, not ${limit}`)
  }
}

/** A cursor is a place and the fingerprint of its query; it holds no right to see anything. */
export function writeCursor(collection: string, query: Query, place: Place): string {
  return Buffer.from(JSON.stringify([fingerprint(collection, query), place.key, place.id])).toString('base64url')
}

/** The place after which the page begins, null for the first page. Error: `BAD_CURSOR`. */
export function readCursor(definition: CollectionDefinition, query: Query): Place | null {
  if (query.cursor === undefined || query.cursor === null) return null
  const [print, key, id] = decode(query.cursor)
  const kind = kindOf(definition.fields, query.sort.field)
  const keyFits = key === null || (kind === 'number' ? typeof key === 'number' : isFieldText(key))
  if (print !== fingerprint(definition.name, query) || !keyFits || !isFieldText(id)) {
    throw new ReadStoreError('BAD_CURSOR', 'This cursor belongs to another query: start from the first page')
  }
  return { key: key as Scalar, id }
}

function decode(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return Array.isArray(value) ? value : []
  } catch {
    return [] // not a cursor of ours: refused as any other that does not fit
  }
}

function fingerprint(collection: string, { where = {}, sort }: Query): string {
  const conditions = Object.keys(where)
    .sort()
    .map((field) => [field, Object.entries(where[field] ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1))])
  const query = JSON.stringify([collection, conditions, sort.field, sort.direction])
  return createHash('sha256').update(query).digest('base64url').slice(0, 16)
}
