import { resolve } from 'node:path'
import { hostNames, listenHost, listenPort, readEnvironment } from '#processes'
import type { Variables } from '#processes'
import { z } from 'zod'

/** What a server is told by its environment. */
export interface Configuration {
  /** The folder of the stores. */
  folder: string
  host: string
  port: number
  /** Further names that it is reached under, as in the Host header. */
  hostNames: string[]
}

const environment = z.object({
  HUIYING_DATA: z.string().default('./data'),
  HUIYING_HOST: listenHost.default('127.0.0.1'),
  HUIYING_PORT: listenPort.default(3000),
  HUIYING_HOST_NAMES: hostNames,
})

/** Reads and checks it. Throws `ConfigurationError`. */
export function configurationIn(variables: Variables): Configuration {
  const { HUIYING_DATA, HUIYING_HOST, HUIYING_PORT, HUIYING_HOST_NAMES } = readEnvironment(environment, variables)
  return { folder: resolve(HUIYING_DATA), host: HUIYING_HOST, port: HUIYING_PORT, hostNames: HUIYING_HOST_NAMES }
}
