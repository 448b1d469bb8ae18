import type { Place, Plan, Test } from '../plan.ts'
import type { Range, Scalar } from '../port.ts'
import { LOWEST_SQL, SYSTEM, storedKey, type Tables } from './tables.ts'

/** A statement that gives (k, id) of the documents found, in order, each once. */
export interface Walk {
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

const OPERATORS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

/**
 * One walk along a list for each token and combination of prefix values; UNION under ORDER BY makes SQLite merge them
 * row by row, without a sort and without reading past the limit. Null where nothing can be found.
 */
export function walk(tables: Tables, plan: Plan, options: WalkOptions): Walk | null {
  const parameters: (string | number)[] = []
  const bind = (value: string | number): string => {
    parameters.push(value)
    return `?${parameters.length}`
  }
  const conditions = [
    ...keyConditions(plan.range, options, bind),
    ...plan.remaining.map((test) => remainingCondition(tables, test, bind)),
  ]
  const columns = ['token', ...tables.prefixColumns(plan.list)]
  // Order matters: a document's row is fetched only to test what the list does not hold, after the list has placed it.
  const from = `${tables.list(plan.list)} l${plan.remaining.length > 0 ? ` CROSS JOIN ${tables.documents} d ON d.id = l.id` : ''}`
  const walks = combinations([options.tokens ?? [SYSTEM], ...plan.prefix]).map((values) => {
    const prefix = values.map((value, place) => `l.${columns[place]} = ${bind(storedKey(value))}`)
    return `SELECT l.k AS k, l.id AS id FROM ${from} WHERE ${[...prefix, ...conditions].join(' AND ')}`
  })
  if (walks.length === 0) return null
  const direction = options.direction === 'ascending' ? 'ASC' : 'DESC'
  const sql = `${walks.join(' UNION ')} ORDER BY 1 ${direction}, 2 ${direction} LIMIT ${bind(options.limit)}`
  return { sql, parameters }
}

function keyConditions(range: Range | null, options: WalkOptions, bind: (value: string | number) => string): string[] {
  const { direction, after } = options
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

function remainingCondition(tables: Tables, test: Test, bind: (value: string | number) => string): string {
  const column = `d.${tables.column(test.field)}`
  if (test.test === 'has') return `EXISTS (SELECT 1 FROM json_each(${column}) WHERE value = ${bind(test.values[0])})`
  if (test.test === 'range') {
    return boundsOf(test.range)
      .map(([name, value]) => `${column} ${OPERATORS[name]} ${bind(value)}`)
      .join(' AND ')
  }
  const values = test.values.filter((value) => value !== null)
  const among = `${column} IN (${values.map(bind).join(', ')})`
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
