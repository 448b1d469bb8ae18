import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createPageChecker, createPageFetcher } from '#pages'
import { openEmbedded } from '../../standalone/src/embedded.ts'

/**
 * The sentinel as a process of its own, on the stores of one folder (`--data`, else `HUIYING_DATA`, else `./data`), until it
 * is told to end. Where the whole runs in one process, `standalone` runs it there, and holds the folder.
 */
const { values } = parseArgs({ options: { data: { type: 'string' } } })
const folder = resolve(values.data ?? (process.env['HUIYING_DATA'] || './data'))

const told = new Promise<void>((resolve) => {
  process.once('SIGTERM', resolve)
  process.once('SIGINT', resolve)
})
const pageChecker = createPageChecker(createPageFetcher())
const huiying = await openEmbedded({ folder, keepsTime: true, pageChecker })
process.stdout.write(`sentinel: keeps time on ${folder}\n`)
await told
await huiying.close()
