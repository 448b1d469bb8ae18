#!/usr/bin/env node
import 'reflect-metadata'
import { parseArgs } from 'node:util'
import { setTimeout } from 'node:timers/promises'
import { instantAt, systemClock } from '#application'
import { errorFields, jsonLog, ProcessMetrics, startTracing } from '#observability'
import { createPageChecker, createPageFetcher } from '#pages'
import { exitCodes } from '../../cli/src/exit-codes.ts'
import { ConfigurationError, configurationIn } from './configuration.ts'
import { openEmbedded } from './embedded.ts'
import { serve } from './serve.ts'

/** `npm start`, `npm run dev`: the stores of a folder, served over HTTP until it is told to stop. */

const USAGE = `npm start, or npm run dev to be anybody on this machine

  HUIYING_DATA        the folder of the stores; ./data
  HUIYING_HOST        the address to listen on; 127.0.0.1
  HUIYING_PORT        the port; 3000
  HUIYING_HOST_NAMES  further names that it is reached under, parted by commas
`
const RETRY_MS = 1_000
const RETRY_MS_MAX = 60_000

const log = jsonLog(
  (line) => process.stdout.write(line),
  () => instantAt(systemClock.now()),
)

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { development: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  })
  if (values.help) {
    process.stdout.write(USAGE)
    return
  }
  const { development } = values
  const { folder, ...where } = configurationIn(process.env)
  const stopped = Promise.withResolvers<NodeJS.Signals>()
  process.once('SIGTERM', stopped.resolve).once('SIGINT', stopped.resolve)

  const fetcher = createPageFetcher()
  const pageChecker = createPageChecker(fetcher)
  const metrics = new ProcessMetrics()
  const tracing = startTracing({ service: 'huiying', environment: process.env, log })
  try {
    const huiying = await openEmbedded({ folder, policyRetry, keepsTime: true, pageChecker, fetcher, metrics })
    try {
      const serving = await serve(huiying, { folder, ...where, development, log, metrics })
      log('info', 'serving', { address: serving.address, folder, development })
      log('info', 'stopping', { signal: await stopped.promise })
      await serving.close()
    } finally {
      await huiying.close()
    }
  } finally {
    await tracing.stop()
  }
  log('info', 'stopped')
}

const policyRetry = {
  pauseMs: RETRY_MS,
  pauseMsMax: RETRY_MS_MAX,
  wait: (milliseconds: number, signal: AbortSignal) =>
    setTimeout(milliseconds, undefined, { signal }).catch(() => {
      // Aborted: it is to stop.
    }),
  onFailure: (error: unknown, failures: number) =>
    log('error', 'policies fail and will be tried again', { failures, ...errorFields(error) }),
}

/** As `huiying` explains it and with its exit codes: a sentence for whoever started it, on standard error. */
function explain(error: unknown): number {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`huiying: ${hints[code ?? ''] ?? message}${code ? ` (${code})` : ''}\n`)
  if (code === null && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`)
  if (code === 'STORE_IN_USE') return exitCodes.storeInUse
  const isUsage = error instanceof ConfigurationError || code?.startsWith('ERR_PARSE_ARGS') === true
  return isUsage ? exitCodes.usage : exitCodes.fault
}

const hints: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there already; stop it, or choose another port with HUIYING_PORT',
  EADDRNOTAVAIL: 'this machine has no such address; HUIYING_HOST says which one to listen on',
  EACCES: 'this port may not be listened on; choose one above 1023 with HUIYING_PORT',
}

process.exitCode = await main().then(
  () => exitCodes.done,
  (error: unknown) => explain(error),
)
