import { ChangeFeed, instantAt } from '#application'
import type { Served } from '../../gateway/src/served.ts'
import type { Embedded } from './embedded.ts'
import type { VitalsWatch } from '../../gateway/src/vitals.ts'

/** An open system as the gateway serves it. */
export function servedBy(huiying: Embedded, watch: VitalsWatch): Served {
  const { application, projector } = huiying
  return {
    command: (request) => huiying.command(request),
    query: (query) => huiying.query(query),
    importFile: (request) => application.importFile(request),
    deliver: (request) => application.webhooks.accept(request),
    files: application.files,
    changes: new ChangeFeed(application.ports),
    maintenance: {
      settled: () => huiying.settled(),
      retryRefusedRows: () => application.retryRefusedRows(),
      rebuild: () => projector.rebuild(),
      compare: () => projector.compare(),
      verify: () => huiying.verify(),
    },
    vitals: () => watch.read(),
    now: () => instantAt(application.ports.clock.now()),
  }
}
