import { WALKS_MAX, type Place, type Plan, type Test } from '../plan.ts'
import type { Range, Scalar } from '../port.ts'
import { audiencesOfTokens, findAudiences } from './audiences.ts'
import type { Connection } from './connection.ts'
import { LOWEST_SQL, storedKey, type Tables } from './tables.ts'

export interface Statement {
  sql: string
  parameters: (string | number)[]
}

export interface WalkOptions {
  /** Null: the system. */
  tokens: readonly string[] | null
  direction: 'ascending' | 'descending'
  after: Place | null
  limit: number
}

type Bind = (value: string | number) => string

const OPERATORS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

/** What a reader in many audiences sees is sorted where it is no more than this; else it is found on the whole list. */
const SORTED_MAX = 10_000

/**
 * A statement that gives (k, id, fits) of documents in order; `fits` is 1 where the conditions that the list does not
 * cover hold. Null where nothing can be found. There is one walk along a list for each combination of prefix values and,
 * unless the reader is in too many audiences, for each audience; under ORDER BY SQLite merges them row by row, without a
 * sort and without reading past the limit.
 */
export function pageStatement(
  connection: Connection,
  tables: Tables,
  plan: Plan,
  options: WalkOptions,
): Statement | null {
  const { tokens } = options
  const prefixes = combinations(plan.prefix)
  if (prefixes.length === 0) return null
  if (tokens === null) return wholeStatement(tables, plan, options)
  const audiences = findAudiences(connection, tokens, Math.floor(WALKS_MAX / prefixes.length))
  if (audiences?.length === 0) return null
  if (audiences !== null) return partedStatement(tables, plan, options, audiences)
  // In many audiences: a short list is walked as it is. On a long one who sees much finds a page soon, and who sees little
  // has little to sort.
  if (isShort(connection, tables, plan, null)) return wholeStatement(tables, plan, options)
  return isShort(connection, tables, plan, tokens)
    ? sortedStatement(tables, plan, options, tokens)
    : wholeStatement(tables, plan, options)
}

/** Whether the list has no more than 10,000 documents, of those with one of the tokens or of all, under the prefix values. */
function isShort(connection: Connection, tables: Tables, plan: Plan, tokens: readonly string[] | null): boolean {
  const list = tokens === null ? tables.wholeList(plan.list) : tables.partedList(plan.list)
  const { sql, parameters } = countAlong(tables, { ...plan, remaining: [] }, { list, tokens, limit: SORTED_MAX + 1 })
  return Number(connection.statement(sql).get(...parameters)?.['walked']) <= SORTED_MAX
}

/** Along the whole list, passing over what the reader may not see. */
export function wholeStatement(tables: Tables, plan: Plan, options: WalkOptions): Statement {
  const { parameters, bind } = binder()
  const conditions = keyConditions(plan.range, options, bind)
  if (options.tokens !== null) conditions.push(inAudienceOf(options.tokens, bind))
  const select = selectFrom(tables, plan, tables.wholeList(plan.list), bind)
  const walks = prefixConditions(tables, plan, bind).map((prefix) => select([...prefix, ...conditions]))
  return { sql: merged(walks, options, bind), parameters }
}

/** Along the reader's parts of the list. */
function partedStatement(tables: Tables, plan: Plan, options: WalkOptions, audiences: readonly number[]): Statement {
  const { parameters, bind } = binder()
  const conditions = keyConditions(plan.range, options, bind)
  const select = selectFrom(tables, plan, tables.partedList(plan.list), bind)
  const prefixes = prefixConditions(tables, plan, bind)
  const walks = audiences
    .map((audience) => `l.audience = ${bind(audience)}`)
    .flatMap((audience) => prefixes.map((prefix) => select([audience, ...prefix, ...conditions])))
  return { sql: merged(walks, options, bind), parameters }
}

/** All of the reader's parts of the list, sorted. */
function sortedStatement(tables: Tables, plan: Plan, options: WalkOptions, tokens: readonly string[]): Statement {
  const { parameters, bind } = binder()
  const conditions = [
    inAudienceOf(tokens, bind),
    ...amongPrefixes(tables, plan, bind),
    ...keyConditions(plan.range, options, bind),
  ]
  const select = selectFrom(tables, plan, tables.partedList(plan.list), bind)
  return { sql: merged([select(conditions)], options, bind), parameters }
}

function selectFrom(tables: Tables, plan: Plan, list: string, bind: Bind): (conditions: readonly string[]) => string {
  const fits = allOf(plan.remaining.map((test) => remaining(tables, test, bind)))
  const from = source(tables, plan, list)
  return (conditions) => `SELECT l.k AS k, l.id AS id, ${fits} AS fits FROM ${from} WHERE ${allOf(conditions)}`
}

function merged(walks: readonly string[], { direction, limit }: WalkOptions, bind: Bind): string {
  const order = direction === 'ascending' ? 'ASC' : 'DESC'
  return `${walks.join(' UNION ALL ')} ORDER BY 1 ${order}, 2 ${order} LIMIT ${bind(limit)}`
}

function inAudienceOf(tokens: readonly string[], bind: Bind): string {
  return `l.audience IN (${audiencesOfTokens(bind(JSON.stringify(tokens)))})`
}

/** For each combination of prefix values, the conditions that it sets. */
function prefixConditions(tables: Tables, plan: Plan, bind: Bind): string[][] {
  const where = tables.whereColumns(plan.list)
  return combinations(plan.prefix).map((prefix) =>
    prefix.map((value, place) => `l.${where[place]} = ${bind(storedKey(value))}`),
  )
}

/** All combinations of prefix values at once, for statements that keep no order. */
function amongPrefixes(tables: Tables, plan: Plan, bind: Bind): string[] {
  const where = tables.whereColumns(plan.list)
  return plan.prefix.map(
    (values, place) => `l.${where[place]} IN (${values.map((one) => bind(storedKey(one))).join(', ')})`,
  )
}

/**
 * A statement that counts the documents walked over, as `walked`, up to a limit, and as `found` those that fit. No
 * document is in two audiences or counted twice.
 */
export function countStatement(
  connection: Connection,
  tables: Tables,
  plan: Plan,
  { tokens, limit }: Pick<WalkOptions, 'tokens' | 'limit'>,
): Statement {
  const whole = tokens === null || isShort(connection, tables, plan, null)
  const list = whole ? tables.wholeList(plan.list) : tables.partedList(plan.list)
  return countAlong(tables, plan, { list, tokens, limit })
}

function countAlong(
  tables: Tables,
  plan: Plan,
  { list, tokens, limit }: Pick<WalkOptions, 'tokens' | 'limit'> & { list: string },
): Statement {
  const { parameters, bind } = binder()
  const fits = allOf(plan.remaining.map((test) => remaining(tables, test, bind)))
  const conditions = [
    ...(tokens === null ? [] : [inAudienceOf(tokens, bind)]),
    ...amongPrefixes(tables, plan, bind),
    ...keyConditions(plan.range, { direction: 'ascending', after: null }, bind),
  ]
  const walked = `SELECT ${fits} AS fits FROM ${source(tables, plan, list)} WHERE ${allOf(conditions)} LIMIT ${bind(limit)}`
  return { sql: `SELECT count(*) AS walked, total(fits) AS found FROM (${walked})`, parameters }
}

function allOf(conditions: readonly string[]): string {
  return ['true', ...conditions].join(' AND ')
}

/** A document's row is fetched only to test what the list does not hold, after the list has placed it. */
function source(tables: Tables, plan: Plan, list: string): string {
  return `${list} l${plan.remaining.length > 0 ? ` CROSS JOIN ${tables.documents} d ON d.id = l.id` : ''}`
}

function keyConditions(
  range: Range | null,
  { direction, after }: Pick<WalkOptions, 'direction' | 'after'>,
  bind: Bind,
): string[] {
  const conditions: string[] = []
  if (after !== null) {
    conditions.push(
      `(l.k, l.id) ${direction === 'ascending' ? '>' : '<'} (${bind(storedKey(after.key))}, ${bind(after.id)})`,
    )
  }
  if (range === null) return conditions
  const bounds = boundsOf(range)
  for (const [name, value] of bounds) {
    // The walk starts at `after`; a bound on the same side is only tested, lest the walk start at the bound instead.
    const isStart = (direction === 'ascending') === name.startsWith('g')
    conditions.push(`${after !== null && isStart ? '+' : ''}l.k ${OPERATORS[name]} ${bind(value)}`)
  }
  if (!bounds.some(([name]) => name.startsWith('g'))) {
    conditions.push(`${after !== null && direction === 'ascending' ? '+' : ''}l.k > ${LOWEST_SQL}`)
  }
  return conditions
}

function remaining(tables: Tables, test: Test, bind: Bind): string {
  if (test.field === 'visibleTo')
    return `d.audience IN (${audiencesOfTokens(bind(JSON.stringify(test.test === 'has' ? test.values : [])))})`
  const column = `d.${tables.column(test.field)}`
  if (test.test === 'has') return `EXISTS (SELECT 1 FROM json_each(${column}) WHERE value = ${bind(test.values[0])})`
  if (test.test === 'range') {
    return boundsOf(test.range)
      .map(([name, value]) => `${column} ${OPERATORS[name]} ${bind(value)}`)
      .join(' AND ')
  }
  const values = test.values.filter((value) => value !== null)
  const among = `ifnull(${column} IN (${values.map(bind).join(', ')}), false)`
  return test.values.includes(null) ? `(${among} OR ${column} IS NULL)` : among
}

function boundsOf(range: Range): [keyof Range, string | number][] {
  return Object.entries(range) as [keyof Range, string | number][]
}

function combinations(alternatives: readonly (readonly Scalar[])[]): Scalar[][] {
  return alternatives.reduce<Scalar[][]>(
    (rows, values) => rows.flatMap((row) => values.map((value) => [...row, value])),
    [[]],
  )
}

function binder(): { parameters: (string | number)[]; bind: Bind } {
  const parameters: (string | number)[] = []
  const bind = (value: string | number): string => {
    parameters.push(value)
    return `?${parameters.length}`
  }
  return { parameters, bind }
}
