import type { Limits } from '../http/limits.ts'
import type { Metrics } from '../http/metrics.ts'
import type { ImportDesk } from '../imports/import-desk.ts'
import type { LiveClients } from '../live/live-clients.ts'
import type { Served } from '../served.ts'

/** What routes work with. */
export interface Parts {
  served: Served
  limits: Limits
  metrics: Metrics
  clients: LiveClients
  desk: ImportDesk
  /** OpenAPI, of all routes; made when it is first asked for. */
  document: () => object
}
