#!/usr/bin/env node
import 'reflect-metadata'
import { resolve } from 'node:path'
import { overdueDeadlines } from '#application'
import { createPageChecker, createPageFetcher } from '#pages'
import { aborted, isDistributed, policyRetry, runProcess, runSharedProcess } from '#processes'
import { openEmbedded } from '../../standalone/src/embedded.ts'
import { LeadingSentinel } from './leading-sentinel.ts'

const USAGE = `node dist/apps/sentinel/src/main.js: does what time and events bring

With HUIYING_EVENTS it is one of the processes of the distributed profile (docs/distributed.md): several may run, and one
leads. Without, it holds the stores of the folder HUIYING_DATA (./data) by itself.
`
const NAME = 'huiying-sentinel'
const pageChecker = createPageChecker(createPageFetcher())

if (isDistributed(process.env)) {
  await runSharedProcess({
    name: NAME,
    usage: USAGE,
    begin: async ({ stores, addresses, metrics, lag, log }) => {
      const sentinel = new LeadingSentinel({ stores, leaseMs: addresses.leaseMs, pageChecker, lag, log, metrics })
      metrics.overdue(() => overdueDeadlines(stores.views, stores.clock.now()))
      return {
        run: (stopped) => sentinel.run(stopped),
        leaderships: [sentinel.leadership],
        checks: { policies: () => sentinel.hindrances() },
      }
    },
  })
} else {
  await runProcess({
    name: NAME,
    usage: USAGE,
    main: async ({ variables, log, stopped }) => {
      const folder = resolve(variables['HUIYING_DATA'] || './data')
      const huiying = await openEmbedded({ folder, keepsTime: true, pageChecker, policyRetry: policyRetry(log) })
      log('info', 'keeps time', { folder })
      await aborted(stopped)
      await huiying.close()
    },
  })
}
