#!/usr/bin/env node
import 'reflect-metadata'
import { overdueDeadlines } from '#application'
import { observedEventStore, ProcessMetrics } from '#observability'
import { aborted, addressesIn, Closing, counting, listeningHints, openStores, runProcess } from '#processes'
import { configurationIn } from './configuration.ts'
import { DistributedGateway } from './distributed/open.ts'
import { serve } from './serve.ts'
import { VitalsWatch } from './vitals.ts'

const USAGE = `node dist/apps/gateway/src/main.js: the county over HTTP, in the distributed profile

Several may run, each with a folder of its own, HUIYING_DATA, for its search index.
docs/distributed.md describes its environment.
`

await runProcess({
  name: 'huiying-gateway',
  usage: USAGE,
  options: ['development'],
  hints: listeningHints('HUIYING_HOST', 'HUIYING_PORT'),
  main: async ({ variables, log, given, stopped }) => {
    const addresses = addressesIn(variables)
    const { folder, ...where } = configurationIn(variables)
    const development = given.has('development')
    const metrics = new ProcessMetrics()
    const written = { events: 0 }
    const closing = new Closing()
    try {
      const stores = closing.add(
        await openStores(addresses, { observe: (store) => observedEventStore(counting(store, written), metrics) }),
        (open) => open.close(),
      )
      const gateway = closing.add(await DistributedGateway.open({ stores, addresses, folder, log, metrics }), (open) =>
        open.close(),
      )
      const watch = closing.add(new VitalsWatch(gateway.watched(written), log), async (open) => open.stop())
      metrics.subscriptions(watch.lag)
      metrics.overdue(() => overdueDeadlines(stores.views, stores.clock.now()))
      const serving = closing.add(
        await serve(
          gateway.served(() => watch.read()),
          { folder, ...where, development, log, metrics },
        ),
        (open) => open.close(),
      )
      log('info', 'serving', { address: serving.address, folder, development })
      await aborted(stopped)
    } finally {
      await closing.close()
    }
  },
})
