#!/usr/bin/env node
import 'reflect-metadata'
import { resolve } from 'node:path'
import { overdueDeadlines } from '#application'
import { observedEventStore, ProcessMetrics } from '#observability'
import {
  aborted,
  addressesIn,
  Closing,
  counting,
  hostNames,
  listenHost,
  listeningHints,
  listenPort,
  openStores,
  readEnvironment,
  runProcess,
} from '#processes'
import { z } from 'zod'
import { DistributedGateway } from './distributed/open.ts'
import { serve } from './serve.ts'
import { VitalsWatch } from './vitals.ts'

const USAGE = `node dist/apps/gateway/src/main.js: the county over HTTP, in the distributed profile

Several may run, each with a folder of its own, HUIYING_DATA, for its search index.
docs/distributed.md describes its environment.
`

const environment = z.object({
  HUIYING_DATA: z.string().default('./data'),
  HUIYING_HOST: listenHost.default('127.0.0.1'),
  HUIYING_PORT: listenPort.default(3000),
  HUIYING_HOST_NAMES: hostNames,
})

await runProcess({
  name: 'huiying-gateway',
  usage: USAGE,
  options: ['development'],
  hints: listeningHints('HUIYING_HOST', 'HUIYING_PORT'),
  main: async ({ variables, log, given, stopped }) => {
    const addresses = addressesIn(variables)
    const here = readEnvironment(environment, variables)
    const folder = resolve(here.HUIYING_DATA)
    const development = given.has('development')
    const metrics = new ProcessMetrics()
    const written = { events: 0 }
    const closing = new Closing()
    try {
      const observe: NonNullable<Parameters<typeof openStores>[1]>['observe'] = (store) =>
        observedEventStore(counting(store, written), metrics)
      const stores = closing.add(await openStores(addresses, { observe }), (open) => open.close())
      const gateway = closing.add(await DistributedGateway.open({ stores, addresses, folder, log, metrics }), (open) =>
        open.close(),
      )
      const watch = closing.add(new VitalsWatch(gateway.watched(written), log), async (open) => open.stop())
      metrics.subscriptions(watch.lag)
      metrics.overdue(() => overdueDeadlines(stores.views, stores.clock.now()))
      const serving = closing.add(
        await serve(
          gateway.served(() => watch.read()),
          {
            folder,
            host: here.HUIYING_HOST,
            port: here.HUIYING_PORT,
            hostNames: here.HUIYING_HOST_NAMES,
            development,
            log,
            metrics,
          },
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
