import type { Query } from '@nestjs/cqrs'
import { queryTable } from './query-table.ts'

/** Where a question is asked over HTTP, with everything that was said put into its place; null where no row asks it. */
export function addressOf(query: Query<unknown>): string | null {
  const row = queryTable.find(({ query: type }) => query instanceof type)
  if (!row) return null
  const given = (row.parametersOf as (query: Query<unknown>) => Record<string, unknown>)(query)
  const said = Object.entries(given).flatMap(([name, value]): [string, string][] =>
    value === null || value === undefined || value === '' ? [] : [[name, textOf(value)]],
  )
  const inPath = Object.keys(row.parameters.path.shape)
  const path = said.reduce((path, [name, value]) => path.replace(`{${name}}`, encodeURIComponent(value)), row.path)
  const rest = new URLSearchParams(said.filter(([name]) => !inPath.includes(name))).toString()
  return rest === '' ? path : `${path}?${rest}`
}

/** Parameters are texts, numbers and flags. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
