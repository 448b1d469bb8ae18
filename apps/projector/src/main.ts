#!/usr/bin/env node
import 'reflect-metadata'
import { projections } from '#application'
import { runSharedProcess } from '#processes'
import { LeasedProjection } from './leased-projection.ts'

const USAGE = `node dist/apps/projector/src/main.js: keeps the read models of the distributed profile

Several may run: each read model is written by whichever of them holds its lease.
docs/distributed.md describes its environment.
`

await runSharedProcess({
  name: 'huiying-projector',
  usage: USAGE,
  begin: async ({ stores, addresses, log, lag }) => {
    const leased = projections.map(
      (projection) => new LeasedProjection({ stores, leaseMs: addresses.leaseMs, projection, lag, log }),
    )
    return {
      run: async (stopped) => {
        await Promise.all(leased.map((projection) => projection.run(stopped)))
      },
      leaderships: leased.map(({ leadership }) => leadership),
    }
  },
})
