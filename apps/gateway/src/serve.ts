import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Log, ProcessMetrics } from '#observability'
import { ConfigurationError } from '#processes'
import { Gateway } from './gateway.ts'
import type { Limits } from './http/limits.ts'
import { anyOf } from './identity/authenticator.ts'
import { developmentActors } from './identity/development.ts'
import { localToken } from './identity/local-token.ts'
import { isLoopback } from './identity/loopback.ts'
import type { Served } from './served.ts'
import { removeServerFile, writeServerFile } from './server-file.ts'

export interface ServeOptions {
  /** The folder of the stores, or of what this process keeps beside them. */
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

/**
 * Serves over HTTP, and lets `huiying` on this machine find the server by its folder. Throws `ConfigurationError`, and
 * `EADDRINUSE` and the like.
 */
export async function serve(served: Served, options: ServeOptions): Promise<Serving> {
  const { folder, host, port, hostNames = [], development, log, limits } = options
  checkServable(options)
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  const gateway = await Gateway.open({
    served,
    log,
    authenticator: anyOf([localToken(token), ...(development ? [developmentActors] : [])]),
    host,
    port,
    hostNames,
    uploads: join(folder, 'uploads'),
    ...(options.metrics && { metrics: options.metrics }),
    ...(limits && { limits }),
  })
  await writeServerFile(folder, { address: locallyReached(gateway.address), token })
  return {
    address: gateway.address,
    close: async () => {
      await removeServerFile(folder)
      await gateway.close(STOP_MS_MAX)
    },
  }
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
