import { askerOf } from '../identity/authenticator.ts'
import { queryTable } from './query-table.ts'
import type { QueryRow } from './query-table.ts'
import { route } from './route.ts'
import type { Route } from './route.ts'

/** One route for each row of the table of queries. */
export const queryRoutes: readonly Route[] = queryTable.map(queryRoute)

function queryRoute(row: QueryRow): Route {
  const { path, tag, summary, by, parameters, answer } = row
  const ask = row.ask as (...given: Parameters<QueryRow['ask']>) => ReturnType<QueryRow['ask']>
  const revisionOf = row.revisionOf as ((answer: unknown) => number) | undefined
  return route({
    name: row.query.name,
    method: 'GET',
    path,
    tag,
    summary,
    access: [...by, 'operator'],
    parameters,
    headers: ['Huiying-Token'],
    answers: [
      {
        status: 200,
        description: summary,
        schema: answer,
        ...(revisionOf && { headers: { ETag: 'The revision, for If-Match.' } }),
      },
    ],
    errors: ['NOT_FOUND', 'UNKNOWN_CHANNEL', 'CURSOR_INVALID', 'QUERY_TOO_WIDE', 'VIEW_NOT_READY'],
    handle: async ({ parameters, identity, token }, { served }) => {
      const found = await served.query(ask(parameters as never, askerOf(identity!), token))
      return { json: found, ...(revisionOf && { headers: { ETag: `"${revisionOf(found)}"` } }) }
    },
  })
}
