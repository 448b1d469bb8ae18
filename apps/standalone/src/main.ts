#!/usr/bin/env node
import 'reflect-metadata'
import { parseArgs } from 'node:util'
import { instantAt, systemClock } from '#application'
import { exitCodes } from '../../cli/src/exit-codes.ts'
import { errorFields, jsonLog } from '../../gateway/src/http/log.ts'
import { ConfigurationError, configurationIn } from './configuration.ts'
import { openEmbedded } from './embedded.ts'
import { serve } from './serve.ts'

const log = jsonLog(
  (line) => process.stdout.write(line),
  () => instantAt(systemClock.now()),
)

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { development: { type: 'boolean', default: false } } })
  const { folder, ...where } = configurationIn(process.env)
  const huiying = await openEmbedded({ folder })
  const server = await serve(huiying, { ...where, development: values.development, log })
  log('info', 'serving', { address: server.address, folder })
  const stop = () => {
    void server.close().then(() => huiying.close())
  }
  process.once('SIGTERM', stop).once('SIGINT', stop)
}

await main().catch((error: unknown) => {
  log('error', 'not started', errorFields(error))
  process.exitCode = error instanceof ConfigurationError ? exitCodes.usage : exitCodes.fault
})
