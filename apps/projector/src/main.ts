#!/usr/bin/env node
import 'reflect-metadata'
import { projections } from '#application'
import { addressesIn, openStores, operationsIn, listeningHints, runProcess } from '#processes'
import { LeasedProjection } from './leased-projection.ts'

const USAGE = `node dist/apps/projector/src/main.js: keeps the read models of the distributed profile

Several may run: each read model is written by whichever of them holds its lease.
The environment is described in docs/distributed.md.
`

await runProcess({
  name: 'huiying-projector',
  usage: USAGE,
  hints: listeningHints('HUIYING_OPERATIONS_HOST', 'HUIYING_OPERATIONS_PORT'),
  main: async ({ variables, log, stopped }) => {
    const addresses = addressesIn(variables)
    const operations = operationsIn(variables)
    const stores = await openStores(addresses)
    try {
      const leased = projections.map(
        (projection) => new LeasedProjection({ stores, leaseMs: addresses.leaseMs, projection, log }),
      )
      await Promise.all(leased.map((projection) => projection.run(stopped)))
    } finally {
      await stores.close()
    }
  },
})
