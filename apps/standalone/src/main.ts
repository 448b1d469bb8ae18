#!/usr/bin/env node
import 'reflect-metadata'
import { ProcessMetrics } from '#observability'
import { createPageChecker, createPageFetcher } from '#pages'
import { aborted, listeningHints, policyRetry, runProcess } from '#processes'
import { configurationIn } from '../../gateway/src/configuration.ts'
import { openEmbedded } from './embedded.ts'
import { serve } from './serve.ts'

/** `npm start`, `npm run dev`: the stores of a folder, served over HTTP until it is told to stop. */

const USAGE = `npm start, or npm run dev to be anybody on this machine

  HUIYING_DATA        the folder of the stores; ./data
  HUIYING_HOST        the address to listen on; 127.0.0.1
  HUIYING_PORT        the port; 3000
  HUIYING_HOST_NAMES  further names that it is reached under, parted by commas
`

await runProcess({
  name: 'huiying',
  usage: USAGE,
  options: ['development'],
  hints: listeningHints('HUIYING_HOST', 'HUIYING_PORT'),
  main: async ({ variables, log, given, stopped }) => {
    const development = given.has('development')
    const { folder, ...where } = configurationIn(variables)
    const fetcher = createPageFetcher()
    const pageChecker = createPageChecker(fetcher)
    const metrics = new ProcessMetrics()
    const huiying = await openEmbedded({
      folder,
      policyRetry: policyRetry(log),
      keepsTime: true,
      pageChecker,
      fetcher,
      metrics,
    })
    try {
      const serving = await serve(huiying, { folder, ...where, development, log, metrics })
      log('info', 'serving', { address: serving.address, folder, development })
      await aborted(stopped)
      await serving.close()
    } finally {
      await huiying.close()
    }
  },
})
