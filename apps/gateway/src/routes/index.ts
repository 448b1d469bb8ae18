import { commandRoutes } from './commands.ts'
import { documentationRoutes } from './documentation.ts'
import { fileRoutes } from './files.ts'
import { healthRoutes } from './health.ts'
import { importRoutes } from './imports.ts'
import { liveRoutes } from './live.ts'
import { operatorRoutes } from './operator.ts'
import { queryRoutes } from './queries.ts'
import { reportRoutes } from './reports.ts'
import type { Route } from './route.ts'
import { webhookRoutes } from './webhooks.ts'

/** The one table of routes. Whoever adds one adds its row here. */
export const routes: readonly Route[] = [
  ...queryRoutes,
  ...reportRoutes,
  ...importRoutes,
  ...liveRoutes,
  ...commandRoutes,
  ...fileRoutes,
  ...webhookRoutes,
  ...operatorRoutes,
  ...documentationRoutes,
  ...healthRoutes,
]
