import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { openEmbedded } from '../../standalone/src/embedded.ts'

/**
 * The sentinel as a process of its own, on the stores of one folder (`--data`, else `HUIYING_DATA`, else `./data`), until it
 * is told to end. Where the whole runs in one process, `standalone` runs it there, and holds the folder.
 */
const { values } = parseArgs({ options: { data: { type: 'string' } } })
const folder = resolve(values.data ?? (process.env['HUIYING_DATA'] || './data'))

const huiying = await openEmbedded({ folder, keepsTime: true })
// Its timers keep no process alive; this does.
const alive = setInterval(() => {}, 3_600_000)

const end = (): void => {
  clearInterval(alive)
  huiying.close().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    process.exitCode = 1
  })
}
process.once('SIGTERM', end)
process.once('SIGINT', end)
