import type { Limits } from '../http/limits.ts'
import type { Served } from '../served.ts'
import { commandRoutes } from './commands.ts'
import { queryRoutes } from './queries.ts'
import type { Route } from './route.ts'

/** The one table of routes. Whoever adds one adds a row here, and a test that asks for it. */
export function routesOf(served: Served, limits: Limits): Route[] {
  return [...queryRoutes(served), ...commandRoutes(served, limits.bodyBytesMax)]
}
