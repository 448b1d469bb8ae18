#!/usr/bin/env node
import 'reflect-metadata'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { createPageFetcher } from '#pages'
import { openEmbedded } from '../../standalone/src/embedded.ts'

/**
 * Looks at feeds on a folder of stores, until it is told to stop; for a county that serves nothing from this machine. A
 * process that serves does the same beside it: one process holds the stores.
 */
const folder = resolve(process.env['HUIYING_DATA'] ?? './data')
try {
  const huiying = await openEmbedded({ folder, fetcher: createPageFetcher() })
  process.stderr.write(`looking at feeds of ${folder}\n`)
  await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')])
  await huiying.close()
} catch (error) {
  process.stderr.write(`ingest: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
