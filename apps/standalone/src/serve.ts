import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { overdueDeadlines } from '#application'
import { ProcessMetrics } from '#observability'
import type { Log } from '#observability'
import { Gateway } from '../../gateway/src/gateway.ts'
import type { Limits } from '../../gateway/src/http/limits.ts'
import { anyOf } from '../../gateway/src/identity/authenticator.ts'
import { developmentActors } from '../../gateway/src/identity/development.ts'
import { localToken } from '../../gateway/src/identity/local-token.ts'
import { isLoopback } from '../../gateway/src/identity/loopback.ts'
import { ConfigurationError } from './configuration.ts'
import type { Embedded } from './embedded.ts'
import { servedBy } from './served.ts'
import { removeServerFile, writeServerFile } from './server-file.ts'
import { VitalsWatch } from './vitals.ts'

export interface ServeOptions {
  /** The folder of the stores. */
  folder: string
  host: string
  /** 0: any that is free. */
  port: number
  /** Further names that it is reached under. */
  hostNames?: readonly string[]
  /** Takes everybody for whom they say they are, on this machine alone. */
  development: boolean
  log: Log
  /** What the stores were opened with, so that it is told. */
  metrics?: ProcessMetrics
  limits?: Limits
}

export interface Serving {
  /** `http://127.0.0.1:3000` */
  address: string
  /** Takes nothing more and finishes what is in hand; the stores stay open. */
  close(): Promise<void>
}

/** How long requests in hand are waited for when the server stops. */
const STOP_MS_MAX = 10_000
const TOKEN_BYTES = 32

/** Serves open stores over HTTP. Throws `ConfigurationError`, and `EADDRINUSE` and the like. */
export async function serve(huiying: Embedded, options: ServeOptions): Promise<Serving> {
  const { folder, host, port, hostNames = [], development, log, limits } = options
  const { metrics = new ProcessMetrics() } = options
  checkServable(options)
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  const watch = new VitalsWatch(huiying, log)
  measure(huiying, watch, metrics)
  try {
    const gateway = await Gateway.open({
      served: servedBy(huiying, watch),
      log,
      authenticator: anyOf([localToken(token), ...(development ? [developmentActors] : [])]),
      host,
      port,
      hostNames,
      uploads: join(folder, 'uploads'),
      metrics,
      ...(limits && { limits }),
    })
    await writeServerFile(folder, { address: locallyReached(gateway.address), token })
    return {
      address: gateway.address,
      close: async () => {
        await removeServerFile(folder)
        await gateway.close(STOP_MS_MAX)
        watch.stop()
      },
    }
  } catch (error) {
    watch.stop()
    throw error
  }
}

function measure(huiying: Embedded, { lag }: VitalsWatch, metrics: ProcessMetrics): void {
  const { views, clock } = huiying.application.ports
  metrics.subscriptions(lag)
  metrics.overdue(() => overdueDeadlines(views, clock.now()))
}

/** Who listens on every address is reached on this machine's own. */
function locallyReached(address: string): string {
  return address.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:')
}

function checkServable({ host, hostNames = [], development }: ServeOptions): void {
  if (development && !isLoopback(host)) {
    throw new ConfigurationError([
      `HUIYING_HOST: in development everybody is taken for whom they say they are, so that only this machine may ask; ${host} can be reached from others`,
    ])
  }
  const isAny = host === '0.0.0.0' || host === '::'
  if (isAny && hostNames.length === 0) {
    throw new ConfigurationError([
      `HUIYING_HOST_NAMES: a server that listens on ${host} must be told under which names it is reached, such as huiying.county.example`,
    ])
  }
}
