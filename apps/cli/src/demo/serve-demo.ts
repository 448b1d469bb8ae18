import { once } from 'node:events'
import { createServer } from 'node:net'
import { instantAt } from '#application'
import { Timekeeper } from '../../../sentinel/src/timekeeper.ts'
import { serve } from '../../../standalone/src/serve.ts'
import { jsonLog } from '#observability'
import type { LivedCounty } from './county-life.ts'

const HOST = '127.0.0.1'
/** Tried first where nothing else is asked for. */
const PORT = 3000

export interface ServedDemo {
  /** `http://127.0.0.1:3000` */
  address: string
  /** Takes nothing more, finishes what is in hand, and closes the stores. */
  close: () => Promise<void>
}

/** Throws `EADDRINUSE` and the like where a port that somebody asked for is not free, before three months are lived for nothing. */
export async function checkFree(port: number): Promise<void> {
  const server = createServer().listen(port, HOST)
  await once(server, 'listening')
  server.close()
  await once(server, 'close')
}

/**
 * Serves the county over HTTP to this machine alone and takes everybody for whom they say they are. From here on its clock
 * runs as any other, and does by itself what time brings. `port`: the one that must be free; null: 3000 or, where that is
 * taken, any. Throws `EADDRINUSE` and the like.
 */
export async function serveDemo(
  { huiying, clock }: LivedCounty,
  folder: string,
  port: number | null,
): Promise<ServedDemo> {
  const now = () => instantAt(clock.now())
  const said = jsonLog((line) => process.stderr.write(line), now)
  const free = () =>
    checkFree(PORT).then(
      () => PORT,
      () => 0,
    )
  const serving = await serve(huiying, {
    folder,
    host: HOST,
    port: port ?? (await free()),
    development: true,
    // The terminal is for the demo; what goes wrong still shows.
    log: (level, message, fields) => {
      if (level !== 'info') said(level, message, fields)
    },
  })
  clock.runOn()
  const timekeeper = new Timekeeper(huiying.application)
  timekeeper.onApplicationBootstrap()
  return {
    address: serving.address,
    close: async () => {
      await timekeeper.onModuleDestroy()
      await serving.close()
      await huiying.close()
    },
  }
}
