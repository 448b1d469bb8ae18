import { randomBytes } from 'node:crypto'
import { Gateway } from '../../gateway/src/gateway.ts'
import type { Limits } from '../../gateway/src/http/limits.ts'
import type { Log } from '../../gateway/src/http/log.ts'
import { anyOf } from '../../gateway/src/identity/authenticator.ts'
import { developmentActors } from '../../gateway/src/identity/development.ts'
import { localToken } from '../../gateway/src/identity/local-token.ts'
import { isLoopback } from '../../gateway/src/identity/loopback.ts'
import { ConfigurationError } from './configuration.ts'
import type { Embedded } from './embedded.ts'

export interface ServeOptions {
  host: string
  port: number
  hostNames?: readonly string[]
  /** Takes everybody for whom they say they are, on this machine alone. */
  development: boolean
  log: Log
  limits?: Limits
}

/** How long requests in hand are waited for when the server stops. */
const STOP_MS_MAX = 10_000
const TOKEN_BYTES = 32

/** Serves open stores over HTTP. Throws `ConfigurationError`, and `EADDRINUSE` and the like. */
export async function serve(
  huiying: Embedded,
  options: ServeOptions,
): Promise<{ address: string; close: () => Promise<void> }> {
  const { host, port, hostNames = [], development, log, limits } = options
  checkServable(options)
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  const gateway = await Gateway.open({
    served: huiying,
    log,
    authenticator: anyOf([localToken(token), ...(development ? [developmentActors] : [])]),
    host,
    port,
    hostNames,
    ...(limits && { limits }),
  })
  return { address: gateway.address, close: () => gateway.close(STOP_MS_MAX) }
}

function checkServable({ host, hostNames = [], development }: ServeOptions): void {
  if (development && !isLoopback(host)) {
    throw new ConfigurationError([
      `HUIYING_HOST: in development anybody may be anybody, so that only this machine itself may ask; ${host} is open to others`,
    ])
  }
  const isAny = host === '0.0.0.0' || host === '::'
  if (isAny && hostNames.length === 0) {
    throw new ConfigurationError([
      `HUIYING_HOST_NAMES: who listens on ${host} must say under which names it is reached`,
    ])
  }
}
